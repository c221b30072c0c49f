import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { quoted } from '../../domain/outside-text.ts';
import { instant } from '../../domain/time.ts';
import {
  type Alarm,
  type AlarmFacts,
  type QueueCounts,
  reading,
  type ResourceFacts,
  type ScheduleFacts,
  sourceContent,
  type SourceFacts,
  watcherQueue,
} from './deployment-health.ts';
import type { StackResource } from './stack-resources.ts';

export interface ResourceClients {
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly cloudWatch: CloudWatchClient;
}

/** CloudWatch takes at most this many names at once. */
const ALARMS_AT_ONCE = 100;

/** Reads the facts about schedule, queues, event source mappings and alarms of the stack, each separately. */
export async function readResourceFacts(
  resources: readonly StackResource[],
  clients: ResourceClients,
): Promise<ResourceFacts> {
  const ofType = (type: string): readonly StackResource[] =>
    resources.filter((each) => each.type === type);
  // The seller's digest and the reading of agreements have schedules of their own.
  const schedule = ofType('AWS::Scheduler::Schedule').find(({ logicalId }) =>
    logicalId.startsWith('Sweeps'),
  );
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

/** Throws if a queue says nothing, rather than take it for empty. */
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
  // When the state last changed; the other timestamp moves with every change of the reason.
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
