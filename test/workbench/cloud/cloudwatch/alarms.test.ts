import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { Alarms } from '../../../../lib/workbench/cloud/cloudwatch/alarms.ts';
import { Metrics } from '../../../../lib/workbench/cloud/cloudwatch/metrics.ts';
import { alarmHandler } from '../../../../lib/workbench/cloud/cloudwatch/resources.ts';
import { cloudWatchService } from '../../../../lib/workbench/cloud/cloudwatch/service.ts';
import {
  allow,
  BUYER,
  clientOf,
  member,
  NOON,
  openBareCloud,
  REGION,
  resourceContext,
  SELLER,
} from '../../../support/bare-cloud.ts';

const TOPIC = `arn:aws:sns:${REGION}:${SELLER}:operations`;
const PROPERTIES = {
  AlarmDescription: 'too many',
  AlarmActions: [TOPIC],
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Dimensions: [{ Name: 'QueueName', Value: 'q' }],
  EvaluationPeriods: 2,
  MetricName: 'ApproximateAgeOfOldestMessage',
  Namespace: 'AWS/SQS',
  Period: 300,
  Statistic: 'Maximum',
  Threshold: 1800,
  TreatMissingData: 'notBreaching',
};

let bare: Awaited<ReturnType<typeof openBareCloud>>;
const alarms = new Alarms();

beforeAll(async () => {
  bare = await openBareCloud(({ access }) => [cloudWatchService(alarms, new Metrics(), access)]);
  const handler = alarmHandler(alarms, bare.clock);
  for (const logicalId of ['B', 'A', 'C'])
    await handler.create(PROPERTIES, resourceContext({ logicalId }));
  await handler.create(PROPERTIES, resourceContext({ logicalId: 'Theirs', accountId: BUYER }));
});
afterAll(() => bare.front.close());

function client(key = bare.credentials.root(SELLER)): CloudWatchClient {
  return new CloudWatchClient(clientOf(bare, key));
}

async function names(input: DescribeAlarmsCommandInput): Promise<string[]> {
  const { MetricAlarms = [] } = await client().send(new DescribeAlarmsCommand(input));
  return MetricAlarms.map(({ AlarmName: name = '' }) => name.replace(/^Stack-(\w+)-.*$/, '$1'));
}

it('describes an alarm as its template has it, in the state of one that nobody evaluates', async () => {
  const { MetricAlarms, CompositeAlarms } = await client().send(
    new DescribeAlarmsCommand({ MaxRecords: 1 }),
  );
  expect(MetricAlarms).toEqual([
    {
      ...PROPERTIES,
      AlarmName: 'Stack-A-ABCDEFGHIJKL',
      AlarmArn: `arn:aws:cloudwatch:${REGION}:${SELLER}:alarm:Stack-A-ABCDEFGHIJKL`,
      ActionsEnabled: true,
      OKActions: [],
      InsufficientDataActions: [],
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      AlarmConfigurationUpdatedTimestamp: new Date(NOON),
      StateUpdatedTimestamp: new Date(NOON),
      StateTransitionedTimestamp: new Date(NOON),
    },
  ]);
  expect(CompositeAlarms).toEqual([]);
});

test.each<[DescribeAlarmsCommandInput, string[]]>([
  [{}, ['A', 'B', 'C']],
  [{ AlarmNames: ['Stack-C-ABCDEFGHIJKL', 'nobody'] }, ['C']],
  [{ AlarmNamePrefix: 'Stack-B' }, ['B']],
  [{ StateValue: 'ALARM' }, []],
  [{ StateValue: 'INSUFFICIENT_DATA', ActionPrefix: TOPIC }, ['A', 'B', 'C']],
  [{ ActionPrefix: 'arn:aws:lambda' }, []],
  [{ AlarmTypes: ['CompositeAlarm'] }, []],
])('of %j', async (input, expected) => {
  expect(await names(input)).toEqual(expected);
});

it('goes on by its token', async () => {
  const { NextToken } = await client().send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
  expect(await names({ NextToken })).toEqual(['C']);
});

test.each<[DescribeAlarmsCommandInput, string, RegExp]>([
  [{ ChildrenOfAlarmName: 'A' }, 'NotImplemented', /cannot honor ChildrenOfAlarmName/],
  [{ AlarmNames: ['A'], AlarmNamePrefix: 'A' }, 'ValidationException', /cannot both be given/],
  [{ MaxRecords: 101 }, 'ValidationException', /from 1 to 100, got 101/],
  [{ NextToken: 'x' }, 'InvalidNextToken', /none that an earlier page gave/],
])('refuses %j', async (input, name, message) => {
  await expect(names(input)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message) as string,
  });
});

test.each([
  ['cloudwatch:DescribeAlarms', undefined],
  ['cloudwatch:GetMetricData', 'AccessDenied'],
])('a role that may %s', async (action, refusal) => {
  const { role } = member(bare.iam, { name: action.replace(':', '-') }, allow(action, '*'));
  const answer = client(bare.credentials.session(role, 'me', 900)).send(
    new DescribeAlarmsCommand({}),
  );
  if (refusal === undefined) expect((await answer).MetricAlarms).toHaveLength(3);
  else
    await expect(answer).rejects.toMatchObject({
      Code: refusal,
      $metadata: { httpStatusCode: 403 },
    });
});
