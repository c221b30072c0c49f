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
  for (const name of ['A', 'B']) await handler.put(PROPERTIES, resourceContext(name));
  await handler.put(PROPERTIES, resourceContext('theirs', BUYER));
});
afterAll(() => bare.front.close());

function client(key = bare.credentials.root(SELLER)): CloudWatchClient {
  return new CloudWatchClient(clientOf(bare, key));
}

function describe(...names: string[]) {
  const AlarmNames = names.map((name) => `stack-${name}`);
  return client().send(new DescribeAlarmsCommand({ AlarmNames }));
}

it('describes an alarm as its template has it, in the state of one that nobody evaluates', async () => {
  const { MetricAlarms, CompositeAlarms } = await describe('A', 'nobody', 'theirs');
  expect(MetricAlarms).toEqual([
    {
      ...PROPERTIES,
      AlarmName: 'stack-A',
      AlarmArn: `arn:aws:cloudwatch:${REGION}:${SELLER}:alarm:stack-A`,
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

test.each<[DescribeAlarmsCommandInput, string, RegExp]>([
  [{ AlarmNamePrefix: 'stack' }, 'NotImplemented', /cannot honor AlarmNamePrefix/],
  [{}, 'ValidationException', /1 to 100 AlarmNames/],
  [{ AlarmNames: ['A', 'B'], MaxRecords: 1 }, 'ValidationException', /got 2 and 1/],
])('refuses %j', async (input, name, message) => {
  await expect(client().send(new DescribeAlarmsCommand(input))).rejects.toMatchObject({
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
    new DescribeAlarmsCommand({ AlarmNames: ['stack-A'] }),
  );
  if (refusal === undefined) expect((await answer).MetricAlarms).toHaveLength(1);
  else
    await expect(answer).rejects.toMatchObject({
      Code: refusal,
      $metadata: { httpStatusCode: 403 },
    });
});
