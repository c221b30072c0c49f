import type { Access } from '../access.ts';
import type { AwsService, AwsCall } from '../call.ts';
import { AwsFault, requireKnownMembers } from '../fault.ts';
import { jsonService, type JsonInput, withQueryCode } from '../json-protocol.ts';
import { partitionOf } from '../templates/stack.ts';
import type { Alarms, Alarm } from './alarms.ts';
import type { Metrics } from './metrics.ts';

/** The query protocol's names of errors. */
const QUERY_CODES = { ValidationException: 'ValidationError' };

/** CloudWatch's endpoint, with the signing name `monitoring`, in the JSON protocol that current SDKs speak. */
export function cloudWatchService(alarms: Alarms, metrics: Metrics, access: Access): AwsService {
  const json = jsonService({
    name: 'monitoring',
    protocol: {
      version: '1.0',
      targetPrefix: 'GraniteServiceVersion20100801',
      namespace: 'com.amazonaws.cloudwatch',
    },
    operations: {
      DescribeAlarms: (input, call) => describeAlarms(alarms, access, input, call),
      GetMetricStatistics: (input, call) => getMetricStatistics(metrics, access, input, call),
    },
  });
  return {
    name: 'monitoring',
    handle: async (call) => withQueryCode(await json.handle(call), QUERY_CODES),
  };
}

const MOST_ALARMS = 100;
const MOST_DATAPOINTS = 1_440;

interface StatisticsInput {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  /** Epoch seconds. */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly Period: number;
  readonly Statistics: readonly string[];
}

/** Sums and maxima of the metrics that functions logged. The caller's account is ignored: a local cloud has one watcher per deployment. */
async function getMetricStatistics(
  metrics: Metrics,
  access: Access,
  input: JsonInput,
  call: AwsCall,
): Promise<object> {
  const known = 'Dimensions EndTime MetricName Namespace Period StartTime Statistics'.split(' ');
  requireKnownMembers('cloudwatch:GetMetricStatistics', Object.keys(input), known);
  await access.require(call, 'cloudwatch:GetMetricStatistics', '*', call.caller.accountId);
  const {
    Namespace,
    MetricName,
    Dimensions = [],
    StartTime,
    EndTime,
    Period,
    Statistics,
  } = input as unknown as StatisticsInput;
  if (Period < 60 || Period % 60 !== 0)
    throw invalid(`The parameter Period must be a multiple of 60, got ${Period}`);
  if ((EndTime - StartTime) / Period > MOST_DATAPOINTS)
    throw invalid(`You have requested more than ${MOST_DATAPOINTS} datapoints`);
  const other = Statistics.filter((each) => each !== 'Sum' && each !== 'Maximum');
  if (other.length > 0)
    throw invalid(`the local cloud has Sum and Maximum, got ${other.join(', ')}`);
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const found = metrics.statistics(
    { namespace: Namespace, name: MetricName, dimensions },
    { start: StartTime * 1_000, end: EndTime * 1_000, period: Period * 1_000 },
  );
  return {
    Label: MetricName,
    Datapoints: found.map(({ at, sum, maximum }) => ({
      Timestamp: at / 1_000,
      ...(Statistics.includes('Sum') && { Sum: sum }),
      ...(Statistics.includes('Maximum') && { Maximum: maximum }),
    })),
  };
}

/** Alarms are never evaluated, so they stay in the state in which CloudWatch creates them. */
const STATE = 'INSUFFICIENT_DATA';
const STATE_REASON = 'Unchecked: Initial alarm creation';

/** Finds metric alarms by name; there are no composite alarms here. */
async function describeAlarms(
  alarms: Alarms,
  access: Access,
  input: JsonInput,
  call: AwsCall,
): Promise<object> {
  requireKnownMembers('cloudwatch:DescribeAlarms', Object.keys(input), [
    'AlarmNames',
    'MaxRecords',
  ]);
  const { accountId } = call.caller;
  // AWS asks about alarm:*, which the simulator cannot take. This name stands for it, as no narrower policy has it.
  const anyAlarm = `arn:${partitionOf(call.region).partition}:cloudwatch:${call.region}:${accountId}:alarm:any`;
  await access.require(call, 'cloudwatch:DescribeAlarms', anyAlarm, accountId);
  const { AlarmNames: names = [], MaxRecords: max = MOST_ALARMS } = input as {
    readonly AlarmNames?: readonly string[];
    readonly MaxRecords?: number;
  };
  if (names.length === 0 || names.length > max || max > MOST_ALARMS)
    throw invalid(
      `the local cloud takes 1 to ${MOST_ALARMS} AlarmNames and as many MaxRecords, got ${names.length} and ${max}`,
    );
  const meant = alarms.of(accountId, call.region).filter(({ name }) => names.includes(name));
  return { MetricAlarms: meant.map(described), CompositeAlarms: [] };
}

/** An alarm as the API shows it: the template's properties have the API's names. */
function described({ name, arn, properties, updatedAt }: Alarm): object {
  const { Tags: _tags, AlarmName: _name, ...same } = properties;
  const at = updatedAt / 1000;
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...same,
    AlarmName: name,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: at,
    StateValue: STATE,
    StateReason: STATE_REASON,
    StateUpdatedTimestamp: at,
    StateTransitionedTimestamp: at,
  };
}

function invalid(message: string): AwsFault {
  return new AwsFault('ValidationException', message);
}
