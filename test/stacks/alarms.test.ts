import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watcherQueue } from '../../lib/seller/aws/deployment-health.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { SLACK } from '../support/settings-context.ts';
import { licenseWatcherApp, ofType, readable, synthesized } from '../support/synthesized.ts';

const template = synthesized(
  licenseWatcherApp({
    sellerEmail: 'seller@example.com',
    operationsEmail: 'operations@example.com',
    slack: SLACK,
  }).watcher,
);
const RUNBOOK = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

interface Alarm {
  readonly id: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const alarms: Alarm[] = ofType(template, 'AWS::CloudWatch::Alarm').map(
  ([id, { Properties = {} }]) => ({
    id,
    description: String(readable(Properties['AlarmDescription'])),
    properties: readable(Properties) as Record<string, unknown>,
  }),
);

function policyOf(topicId: string): unknown[] {
  const policies = ofType(template, 'AWS::SNS::TopicPolicy')
    .map(
      ([, { Properties }]) =>
        readable(Properties) as { Topics: string[]; PolicyDocument: { Statement: unknown[] } },
    )
    .filter(({ Topics }) => Topics.includes(`<${topicId}>`));
  expect(policies).toHaveLength(1);
  return policies[0]!.PolicyDocument.Statement;
}

const anchors = alarms.map(
  ({ description }) => /docs\/runbook\.md#([a-z-]+)$/.exec(description)?.[1],
);

describe('every alarm', () => {
  it.each(alarms)(
    '$id reaches a person: its topic lets CloudWatch publish, and nobody encrypts it away',
    ({ properties }) => {
      expect(properties['AlarmActions']).toStrictEqual(['<OperationsTopic>']);
      expect(policyOf('OperationsTopic')).toContainEqual({
        Sid: 'AlarmsPublish',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: '<OperationsTopic>',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
          ArnLike: {
            'aws:SourceArn': 'arn:<AWS::Partition>:cloudwatch:us-east-1:<AWS::AccountId>:alarm:*',
          },
        },
      });
      for (const [, { Properties }] of ofType(template, 'AWS::SNS::Topic'))
        expect(Properties).not.toHaveProperty('KmsMasterKeyId');
      const subscriptions = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) =>
        readable(Properties),
      );
      expect(subscriptions).toContainEqual({
        Protocol: 'email',
        Endpoint: 'operations@example.com',
        TopicArn: '<OperationsTopic>',
      });
    },
  );

  it('stands in the runbook, and the runbook tells of no other', () => {
    expect(anchors).not.toContain(undefined);
    // An alarm's heading is its anchor; others are words.
    const headings = [...RUNBOOK.matchAll(/^### ([a-z-]+)$/gm)].map(([, heading]) => heading);
    expect([...anchors].sort()).toStrictEqual([...headings].sort());
  });

  it('of a function says where its log is', () => {
    const failing = alarms.filter(({ properties }) => properties['MetricName'] === 'Errors');
    expect(failing).toHaveLength(5);
    for (const { description } of failing)
      expect(description).toMatch(/Logs: aws logs tail <\w+Logs> --since 1h --region us-east-1\./);
  });
});

describe('the alarm', () => {
  const on = (metric: string): Readonly<Record<string, unknown>> | undefined =>
    alarms.find(({ properties }) => properties['MetricName'] === metric)?.properties;

  it('on sweeps and on what is done of them rings when nothing is heard for three ticks', () => {
    const silent = {
      Statistic: 'Sum',
      Period: 900,
      EvaluationPeriods: 3,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    };
    expect(on('Invocations')).toMatchObject({
      ...silent,
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: '<StartSweepFunction>' }],
    });
    expect(on(METRICS.rangesDone)).toMatchObject({
      ...silent,
      Namespace: 'LicenseWatcher',
      Dimensions: [{ Name: 'deployment', Value: 'default' }],
    });
  });

  it('is paid for once: none looks at two metrics', () => {
    for (const { properties } of alarms) expect(properties).not.toHaveProperty('Metrics');
  });

  it('on when contracts were last seen rings when nothing is heard for an hour, or an interval that is longer', () => {
    expect(on(METRICS.lastSeenAgeHours)).toMatchObject({
      Period: 3600,
      TreatMissingData: 'breaching',
    });
    const daily = synthesized(licenseWatcherApp({ intervalMinutes: 1440 }).watcher);
    const [, { Properties = {} } = {}] =
      ofType(daily, 'AWS::CloudWatch::Alarm').find(
        ([, each]) => each.Properties?.['MetricName'] === METRICS.lastSeenAgeHours,
      ) ?? [];
    expect(Properties).toMatchObject({ Period: 86_400 });
  });

  it('on any other metric takes silence for peace', () => {
    const silence: readonly unknown[] = [
      'Invocations',
      METRICS.rangesDone,
      METRICS.lastSeenAgeHours,
    ];
    for (const { properties } of alarms.filter(
      ({ properties }) => !silence.includes(properties['MetricName']),
    )) {
      expect(properties).toMatchObject({ TreatMissingData: 'notBreaching' });
    }
  });

  it.each([
    [METRICS.checksDropped, { Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1 }],
    [METRICS.checksFailed, { Statistic: 'Sum', Threshold: 3, EvaluationPeriods: 3, Period: 900 }],
    [METRICS.noticesFailed, { Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1 }],
    [METRICS.registrationsWithheld, { Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 1 }],
    [METRICS.contractsUnrecorded, { Statistic: 'Maximum', Threshold: 1, EvaluationPeriods: 1 }],
    [METRICS.lastSeenAgeHours, { Statistic: 'Maximum', Threshold: 26, EvaluationPeriods: 1 }],
  ])('on %s', (metric, expected) => {
    expect(on(metric)).toMatchObject(expected);
  });

  it('on dead letters watches every queue that holds them, and every other one for its age', () => {
    const watched = (metric: string): unknown[] =>
      alarms
        .filter(({ properties }) => properties['MetricName'] === metric)
        .map(({ properties }) => properties['Dimensions']);
    const queue = (name: string): object[] => [{ Name: 'QueueName', Value: `<${name}.QueueName>` }];
    expect(watched('ApproximateNumberOfMessagesVisible')).toStrictEqual(
      [
        'QueuesChecksDeadLettersQueue',
        'QueuesNoticesDeadLettersQueue',
        'QueuesRegistrationsDeadLettersQueue',
        'QueuesLostTicksQueue',
        'SlackLostQueue',
        'ReadAgreementsEventsDeadLettersQueue',
      ].map(queue),
    );
    expect(watched('ApproximateAgeOfOldestMessage')).toStrictEqual(
      [
        'QueuesChecksQueue',
        'QueuesNoticesQueue',
        'QueuesRegistrationsQueue',
        'ReadAgreementsEventsQueue',
      ].map(queue),
    );
  });

  it('has periods that CloudWatch accepts, for every interval a seller may choose', () => {
    for (const intervalMinutes of [5, 15, 30, 60, 480, 1440]) {
      const other = synthesized(licenseWatcherApp({ intervalMinutes }).watcher);
      for (const [, { Properties = {} }] of ofType(other, 'AWS::CloudWatch::Alarm')) {
        const [period, periods] = [
          Number(Properties['Period']),
          Number(Properties['EvaluationPeriods']),
        ];
        expect(period % 60).toBe(0);
        // A day at most, or a week for periods of an hour and longer.
        expect(period * periods).toBeLessThanOrEqual(period >= 3600 ? 7 * 86_400 : 86_400);
      }
    }
  });
});

describe('other topics', () => {
  it('the seller’s mailbox gets digests alone', () => {
    const subscriptions = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) =>
      readable(Properties),
    );
    expect(subscriptions).toContainEqual({
      Protocol: 'email',
      Endpoint: 'seller@example.com',
      TopicArn: '<SellerTopic>',
      FilterPolicy: { kind: ['digest', 'pipeline'] },
    });
  });

  it('anyone may publish a registration, which reaches the queue raw and from nowhere else', () => {
    expect(policyOf('RegistrationTopic')).toContainEqual({
      Sid: 'BuyersStacksPublish',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'sns:Publish',
      Resource: '<RegistrationTopic>',
    });
    expect(
      ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => readable(Properties)),
    ).toContainEqual({
      Protocol: 'sqs',
      Endpoint: '<QueuesRegistrationsQueue.Arn>',
      TopicArn: '<RegistrationTopic>',
      RawMessageDelivery: true,
    });
    const policies = ofType(template, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) =>
      JSON.stringify(readable(Properties)),
    );
    // Three more let EventBridge in, for its rules alone.
    const allowing = policies.filter((policy) => policy.includes('"Allow"'));
    expect(allowing).toHaveLength(4);
    expect(allowing.filter((policy) => policy.includes('<ReadAgreementsRule.Arn>'))).toHaveLength(
      2,
    );
    expect(allowing.find((policy) => policy.includes('sns.amazonaws.com'))).toContain(
      '"Condition":{"ArnEquals":{"aws:SourceArn":"<RegistrationTopic>"}},"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"}',
    );
  });

  it('refuse what does not come through TLS', () => {
    for (const topic of ['OperationsTopic', 'SellerTopic', 'RegistrationTopic']) {
      expect(policyOf(topic)).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });
});

describe('the queues', () => {
  it('are all known to the doctor, each as another', () => {
    const queues = ofType(template, 'AWS::SQS::Queue').map(([logicalId]) =>
      watcherQueue(logicalId),
    );
    expect(
      queues
        .map((queue) => `${queue?.content ?? 'unknown'} ${String(queue?.deadLetters)}`)
        .toSorted(),
    ).toEqual([
      'Slack cards true',
      'agreement events false',
      'agreement events true',
      'checks false',
      'checks true',
      'notices false',
      'notices true',
      'registrations false',
      'registrations true',
      'ticks true',
    ]);
  });
});
