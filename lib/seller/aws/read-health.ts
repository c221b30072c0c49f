import {
  CloudFormationClient,
  paginateListStackResources,
  type Stack,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  type CloudWatchClientConfig,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { dynamoDbWatchStore } from '../../aws/dynamodb/dynamodb-watch-store.ts';
import { DAY, HOUR, instant, type Instant, plus } from '../../domain/time.ts';
import { METRIC_NAMESPACE, METRICS, WATCHER_OUTPUTS } from '../../messages/names.ts';
import {
  type Alarm,
  type AlarmFacts,
  type DeploymentHealth,
  type HourOfChecks,
  type QueueCounts,
  reading,
  type ResourceFacts,
  type ScheduleFacts,
  sourceContent,
  type SourceFacts,
  type StackFacts,
  type Subscription,
  type TopicFacts,
  watcherQueue,
} from './deployment-health.ts';
import { describeWatcherStack } from './watcher-stack-outputs.ts';
import { quoted } from '../../domain/outside-text.ts';

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
    lambda: new LambdaClient(settings),
    cloudWatch: new CloudWatchClient(settings),
  };
  const [resources, lastSweep, topics] = await Promise.all([
    readResources(cloudFormation, facts.name, clients),
    readLastSweep(new DynamoDBClient(settings), outputs),
    topicFacts(new SNSClient(settings), outputs),
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

interface ResourceClients {
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly cloudWatch: CloudWatchClient;
}

/** CloudWatch takes no more names at once. */
const ALARMS_AT_ONCE = 100;

async function resourceFacts(
  resources: readonly Resource[],
  clients: ResourceClients,
): Promise<ResourceFacts> {
  const ofType = (type: string): readonly Resource[] =>
    resources.filter((each) => each.type === type);
  const [schedule] = ofType('AWS::Scheduler::Schedule');
  const alarmNames = ofType('AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId);
  const queues = ofType('AWS::SQS::Queue').flatMap(({ logicalId, physicalId: url }) => {
    const queue = watcherQueue(logicalId);
    return queue === undefined ? [] : [{ queue, url }];
  });
  const mappings = ofType('AWS::Lambda::EventSourceMapping').flatMap(
    ({ logicalId, physicalId: uuid }) => {
      const content = sourceContent(logicalId);
      return content === undefined ? [] : [{ content, uuid }];
    },
  );
  const [scheduleFacts, alarms, sources, ...counts] = await Promise.all([
    schedule &&
      reading('scheduler:GetSchedule', () => readSchedule(clients.scheduler, schedule.physicalId)),
    reading('cloudwatch:DescribeAlarms', () => readAlarms(clients.cloudWatch, alarmNames)),
    Promise.all(
      mappings.map(async ({ content, uuid }) => ({
        content,
        source: await reading('lambda:GetEventSourceMapping', () =>
          readSource(clients.lambda, uuid),
        ),
      })),
    ),
    ...queues.map(async ({ queue, url }) => ({
      queue,
      counts: await reading('sqs:GetQueueAttributes', () => readCounts(clients.sqs, url)),
    })),
  ]);
  return { schedule: scheduleFacts, queues: counts, sources, alarms };
}

async function readSchedule(client: SchedulerClient, name: string): Promise<ScheduleFacts> {
  const { State, ScheduleExpression: expression = '' } = await client.send(
    new GetScheduleCommand({ Name: name }),
  );
  return { name, enabled: State === 'ENABLED', expression };
}

async function readSource(client: LambdaClient, uuid: string): Promise<SourceFacts> {
  const { State: state = 'unknown', StateTransitionReason: reason = '' } = await client.send(
    new GetEventSourceMappingCommand({ UUID: uuid }),
  );
  return { uuid, state, reason };
}

/** Of three intervals at least, however long a seller chose them. */
const CHECKS_SPAN = 4 * DAY;

async function readChecks(
  client: CloudWatchClient,
  deployment: string,
  tick: Instant,
): Promise<readonly HourOfChecks[]> {
  const end = plus(tick, HOUR);
  const sums = async (MetricName: string): Promise<ReadonlyMap<number, number>> => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: METRIC_NAMESPACE,
        MetricName,
        Dimensions: [{ Name: 'deployment', Value: deployment }],
        StartTime: new Date(plus(end, -CHECKS_SPAN)),
        EndTime: new Date(end),
        Period: HOUR / 1_000,
        Statistics: ['Sum'],
      }),
    );
    return new Map(
      Datapoints.map(({ Timestamp: at, Sum: sum = 0 }) => [at?.getTime() ?? 0, sum] as const),
    );
  };
  const [asked, done] = await Promise.all([sums(METRICS.rangesAsked), sums(METRICS.rangesDone)]);
  return [...new Set([...asked.keys(), ...done.keys()])]
    .toSorted((a, b) => a - b)
    .map((at) => ({ at: instant(at), asked: asked.get(at) ?? 0, done: done.get(at) ?? 0 }));
}

async function readCounts(client: SQSClient, url: string): Promise<QueueCounts> {
  const { Attributes: attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    }),
  );
  const {
    ApproximateNumberOfMessages: visible,
    ApproximateNumberOfMessagesDelayed: delayed,
    ApproximateNumberOfMessagesNotVisible: inWork,
  } = attributes ?? {};
  return { waiting: count(visible, url) + count(delayed, url), inWork: count(inWork, url) };
}

/** Throws rather than take a queue for empty that says nothing. */
function count(attribute: string | undefined, url: string): number {
  if (attribute !== undefined && /^\d+$/.test(attribute)) return Number(attribute);
  throw new Error(`${url} answers ${quoted(attribute)} where it counts its messages`);
}

async function readAlarms(client: CloudWatchClient, names: readonly string[]): Promise<AlarmFacts> {
  const alarms: Alarm[] = [];
  for (let from = 0; from < names.length; from += ALARMS_AT_ONCE) {
    const AlarmNames = names.slice(from, from + ALARMS_AT_ONCE);
    const { MetricAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({ AlarmNames, MaxRecords: 100 }),
    );
    alarms.push(...MetricAlarms.map(alarmOf));
  }
  return { alarms, missing: names.filter((name) => !alarms.some((alarm) => alarm.name === name)) };
}

function alarmOf(alarm: MetricAlarm): Alarm {
  // The time of the last change of state; the other one moves with every change of the reason.
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return {
    name: alarm.AlarmName ?? '',
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    reason: alarm.StateReason ?? '',
    since: since === undefined ? null : instant(since.getTime()),
    description: alarm.AlarmDescription ?? '',
    notifies: alarm.ActionsEnabled !== false && (alarm.AlarmActions ?? []).length > 0,
  };
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

/** A resource that exists, with the name or URL that its service knows. */
interface Resource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

export async function stackResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
    found.push(...(page.StackResourceSummaries ?? []).flatMap(present));
  return found;
}

/** CloudFormation goes on listing for a while what was deleted. */
function present(summary: StackResourceSummary): Resource[] {
  const {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
  } = summary;
  if (summary.ResourceStatus === 'DELETE_COMPLETE') return [];
  return logicalId === undefined || physicalId === undefined || type === undefined
    ? []
    : [{ logicalId, physicalId, type }];
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
): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  for await (const { Subscriptions } of paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topicArn },
  )) {
    for (const {
      Protocol: protocol = '',
      Endpoint: endpoint = '',
      SubscriptionArn: arn = '',
    } of Subscriptions ?? [])
      found.push({ protocol, endpoint, confirmed: arn.startsWith('arn:') });
  }
  return found;
}
