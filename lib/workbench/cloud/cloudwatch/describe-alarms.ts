import type { Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import { AwsFault } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import { requireKnownMembers } from '../known-members.ts';
import { pageOf } from '../paging.ts';
import { partitionOf } from '../templates/stack.ts';
import type { Alarm, Alarms } from './alarms.ts';

const MEMBERS = [
  'ActionPrefix',
  'AlarmNamePrefix',
  'AlarmNames',
  'AlarmTypes',
  'MaxRecords',
  'NextToken',
  'StateValue',
] as const;
const MOST = 100;

/** What nobody ever evaluates is in the state in which CloudWatch creates it. */
const STATE = 'INSUFFICIENT_DATA';
const STATE_REASON = 'Unchecked: Initial alarm creation';

/** Metric alarms; there are no others here. */
export async function describeAlarms(
  alarms: Alarms,
  access: Access,
  input: JsonInput,
  call: AwsCall,
): Promise<object> {
  requireKnownMembers('cloudwatch:DescribeAlarms', Object.keys(input), MEMBERS);
  const { accountId } = call.caller;
  // AWS asks for alarm:*, which the simulator cannot: a name that no narrower policy has stands for it.
  const anyAlarm = `arn:${partitionOf(call.region).partition}:cloudwatch:${call.region}:${accountId}:alarm:any`;
  await access.require(call, 'cloudwatch:DescribeAlarms', anyAlarm, accountId);
  const {
    AlarmNames: names,
    AlarmNamePrefix: prefix,
    MaxRecords: max = MOST,
    NextToken: token,
  } = input;
  if (names !== undefined && prefix !== undefined)
    throw invalid('AlarmNames and AlarmNamePrefix cannot both be given');
  if (!Number.isInteger(max) || Number(max) < 1 || Number(max) > MOST)
    throw invalid(
      `MaxRecords must be a whole number from 1 to ${MOST}, got ${JSON.stringify(max)}`,
    );
  const meant = alarms.of(accountId, call.region).filter((alarm) => isMeant(alarm, input));
  const page = pageOf(meant, Number(max), token as string | undefined);
  if (page === undefined)
    throw new AwsFault('InvalidNextToken', 'the NextToken is none that an earlier page gave');
  return {
    MetricAlarms: page.items.map(described),
    CompositeAlarms: [],
    ...(page.next !== undefined && { NextToken: page.next }),
  };
}

function isMeant({ name, properties }: Alarm, input: JsonInput): boolean {
  const { AlarmNames: names, AlarmNamePrefix: prefix, AlarmTypes: types, ...rest } = input;
  const { StateValue: state, ActionPrefix: action } = rest;
  const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap(
    (kind) => (properties[kind] ?? []) as readonly string[],
  );
  return [
    names === undefined || (names as readonly string[]).includes(name),
    prefix === undefined || name.startsWith(prefix as string),
    types === undefined || (types as readonly string[]).includes('MetricAlarm'),
    state === undefined || state === STATE,
    action === undefined || actions.some((arn) => arn.startsWith(action as string)),
  ].every(Boolean);
}

/** The template's properties have the API's names. */
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
