import { CloudFormationClient, type Stack } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DocumentCall } from '../../aws/dynamodb/documents.ts';
import { dynamoDbWatchStore } from './dynamodb-watch-store.ts';
import { DAY, HOUR, instant, type Instant, plus } from '../../domain/time.ts';
import { METRIC_NAMESPACE, METRICS, WATCHER_OUTPUTS } from '../../messages/names.ts';
import {
  type DeploymentHealth,
  type HourOfChecks,
  reading,
  type StackFacts,
  type TopicSubscription,
  type TopicFacts,
} from './deployment-health.ts';
import { readResourceFacts, type ResourceClients } from './resource-facts.ts';
import { pagesThatEnd, stackResources } from './stack-resources.ts';
import { tablesOfClient } from './tables.ts';
import { describeWatcherStack } from './watcher-stack-outputs.ts';

/** The settings that every client of the SDK takes, by the service that it calls. */
export type ClientSettings = (
  service: 'CLOUDFORMATION' | 'CLOUDWATCH' | 'DYNAMODB' | 'LAMBDA' | 'SCHEDULER' | 'SNS' | 'SQS',
) => Pick<CloudWatchClientConfig, 'credentials' | 'maxAttempts' | 'profile' | 'requestHandler'> & {
  readonly region: string;
  readonly endpoint?: string;
};

/** Reads how a deployment is, and changes nothing. Throws `WatcherNotFound` if there is no such stack at all. */
export async function readHealth(
  settings: ClientSettings,
  deployment: string,
): Promise<DeploymentHealth> {
  const cloudFormation = new CloudFormationClient(settings('CLOUDFORMATION'));
  const stack = await describeWatcherStack(
    cloudFormation,
    deployment,
    settings('CLOUDFORMATION').region,
  );
  const outputs = outputsOf(stack);
  const facts = stackFacts(stack);
  const clients: ResourceClients = {
    scheduler: new SchedulerClient(settings('SCHEDULER')),
    sqs: new SQSClient(settings('SQS')),
    lambda: new LambdaClient(settings('LAMBDA')),
    cloudWatch: new CloudWatchClient(settings('CLOUDWATCH')),
  };
  const [resources, lastSweep, topics] = await Promise.all([
    readResources(cloudFormation, facts.name, clients),
    readLastSweep(await tablesOfClient(cloudFormation, settings('DYNAMODB').endpoint), outputs),
    topicFacts(new SNSClient(settings('SNS')), outputs),
  ]);
  const tick = lastSweep?.kind === 'read' ? lastSweep.value?.tick : undefined;
  const checks =
    tick &&
    (await reading('cloudwatch:GetMetricStatistics', () =>
      readChecks(clients.cloudWatch, deployment, tick),
    ));
  return { stack: facts, resources, lastSweep, checks, topics };
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
    ? { kind: 'read', value: await readResourceFacts(list.value, clients) }
    : list;
}

async function readLastSweep(
  call: DocumentCall,
  outputs: Outputs,
): Promise<DeploymentHealth['lastSweep']> {
  const watchTableName = outputs.get(WATCHER_OUTPUTS.watchTableName);
  if (watchTableName === undefined) return undefined;
  const { ticks } = dynamoDbWatchStore(call, { watchTableName });
  return reading('dynamodb:Query', async () => (await ticks.lastSweep()) ?? null);
}

/** At least three intervals, however long a seller chose them. */
const CHECKS_SPAN = 4 * DAY;

async function readChecks(
  client: CloudWatchClient,
  deployment: string,
  tick: Instant,
): Promise<readonly HourOfChecks[]> {
  const end = plus(tick, HOUR);
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: METRIC_NAMESPACE,
      MetricName: METRICS.rangesDone,
      Dimensions: [{ Name: 'deployment', Value: deployment }],
      StartTime: new Date(plus(end, -CHECKS_SPAN)),
      EndTime: new Date(end),
      Period: HOUR / 1_000,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.map(({ Timestamp: at, Sum: done = 0 }) => ({
    at: instant(at?.getTime() ?? 0),
    done,
  })).toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

type Outputs = ReadonlyMap<string, string>;

function outputsOf({ Outputs: outputs = [] }: Stack): Outputs {
  return new Map(
    outputs.flatMap(({ OutputKey: key, OutputValue: value }) =>
      key === undefined || value === undefined ? [] : [[key, value] as const],
    ),
  );
}

function stackFacts(stack: Stack): StackFacts {
  const outputs = outputsOf(stack);
  return {
    name: stack.StackName ?? '',
    status: stack.StackStatus ?? 'UNKNOWN',
    statusReason: stack.StackStatusReason ?? null,
    createdAt: instant(stack.CreationTime?.getTime() ?? 0),
    missingOutputs: Object.values(WATCHER_OUTPUTS).filter((key) => !outputs.has(key)),
  };
}

function topicFacts(client: SNSClient, outputs: Outputs): Promise<readonly TopicFacts[]> {
  const topics = [
    ['seller', outputs.get(WATCHER_OUTPUTS.sellerTopicArn)],
    ['operations', outputs.get(WATCHER_OUTPUTS.operationsTopicArn)],
  ] as const;
  return Promise.all(
    topics.flatMap(([topic, arn]) => {
      if (arn === undefined) return [];
      const subscriptions = reading('sns:ListSubscriptionsByTopic', () =>
        readSubscriptions(client, arn),
      );
      return [subscriptions.then((read) => ({ topic, arn, subscriptions: read }))];
    }),
  );
}

async function readSubscriptions(
  client: SNSClient,
  topicArn: string,
): Promise<readonly TopicSubscription[]> {
  const found: TopicSubscription[] = [];
  const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn });
  for await (const { Subscriptions } of pagesThatEnd('ListSubscriptionsByTopic', pages)) {
    for (const {
      Protocol: protocol = '',
      Endpoint: endpoint = '',
      SubscriptionArn: arn = '',
    } of Subscriptions ?? [])
      found.push({ protocol, endpoint, confirmed: arn.startsWith('arn:') });
  }
  return found;
}
