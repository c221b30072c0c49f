import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WATCHER_OUTPUTS } from '../../../messages/names.ts';
import { dynamoDbWatchStore } from '../../../aws/dynamodb/dynamodb-watch-store.ts';
import { describeWatcherStack } from '../watcher-stack-outputs.ts';
import type { DeploymentHealth } from './deployment-health.ts';
import { reading } from './reading.ts';
import { resourceFacts, type ResourceClients } from './resource-facts.ts';
import { outputsOf, stackFacts, stackResources, type Outputs } from './stack-facts.ts';
import { topicFacts } from './topic-facts.ts';

/** What every client of the SDK takes alike. */
export type ClientSettings = Pick<
  CloudWatchClientConfig,
  'credentials' | 'endpoint' | 'maxAttempts' | 'profile' | 'requestHandler'
> & { readonly region: string };

/** Reads, and changes nothing. Throws `WatcherNotFound` where there is no such stack at all. */
export async function readHealth(
  settings: ClientSettings,
  deployment: string,
): Promise<DeploymentHealth> {
  const cloudFormation = new CloudFormationClient(settings);
  const stack = await describeWatcherStack(cloudFormation, deployment, settings.region);
  const outputs = outputsOf(stack);
  const facts = stackFacts(stack);
  const clients: ResourceClients = {
    scheduler: new SchedulerClient(settings),
    sqs: new SQSClient(settings),
    cloudWatch: new CloudWatchClient(settings),
  };
  const [resources, lastSweep, topics] = await Promise.all([
    readResources(cloudFormation, facts.name, clients),
    readLastSweep(new DynamoDBClient(settings), outputs),
    topicFacts(new SNSClient(settings), outputs),
  ]);
  return { stack: facts, resources, lastSweep, topics };
}

async function readResources(
  client: CloudFormationClient,
  stackName: string,
  clients: ResourceClients,
): Promise<DeploymentHealth['resources']> {
  const list = await reading('cloudformation:ListStackResources', () =>
    stackResources(client, stackName),
  );
  return list.kind === 'read'
    ? { kind: 'read', value: await resourceFacts(list.value, clients) }
    : list;
}

async function readLastSweep(
  client: DynamoDBClient,
  outputs: Outputs,
): Promise<DeploymentHealth['lastSweep']> {
  const watchTableName = outputs.get(WATCHER_OUTPUTS.watchTableName);
  if (watchTableName === undefined) return undefined;
  const { ticks } = dynamoDbWatchStore(client, { watchTableName });
  return reading('dynamodb:Query', async () => (await ticks.lastSweep()) ?? null);
}
