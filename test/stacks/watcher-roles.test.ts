import { describe, expect, it } from 'vitest';
import {
  licenseWatcherApp,
  ofType,
  readable,
  synthesized,
  type Resource,
} from '../support/synthesized.ts';

const template = synthesized(licenseWatcherApp().watcher);

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** `Sid: actions on resources`, one line per statement. */
function permissionsOf({ Properties }: Resource): string[] {
  const policies = readable(Properties?.['Policies']) as {
    PolicyDocument: { Statement: Statement[] };
  }[];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map((statement) => {
      expect(statement).toMatchObject({ Effect: 'Allow' });
      const { Condition: condition, ...rest } = statement;
      expect(Object.keys(rest).sort()).toStrictEqual(['Action', 'Effect', 'Resource', 'Sid']);
      const list = (value: string | readonly string[]): string => [value].flat().join(', ');
      const whole = `${statement.Sid ?? ''}: ${list(statement.Action)} on ${list(statement.Resource)}`;
      return condition === undefined ? whole : `${whole} of ${partitionsOf(condition)}`;
    });
}

/** The only condition there is: on the partitions that are queried. */
function partitionsOf(condition: unknown): string {
  const { 'ForAllValues:StringLike': some } = condition as Record<string, Record<string, string[]>>;
  const partitions = some?.['dynamodb:LeadingKeys'] ?? [];
  expect(condition).toStrictEqual({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
  return partitions.join(', ');
}

function role(name: string, of = template): Resource {
  const found = ofType(of, 'AWS::IAM::Role').filter(
    ([, { Properties }]) => Properties?.['RoleName'] === name,
  );
  expect(found).toHaveLength(1);
  return found[0]![1];
}

const WATCH = '<StoresWatchTable.Arn>';
const AUDIT = '<StoresAuditTable.Arn>';
const LOGS = 'logs:CreateLogStream, logs:PutLogEvents on';
const RECEIVE = 'ReceiveWork: sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes on';
const SEND_CHECKS = 'SendChecks: sqs:SendMessage on <QueuesChecksQueue.Arn>';
const SEND_NOTICES = 'SendNotices: sqs:SendMessage on <QueuesNoticesQueue.Arn>';
const ASSUME =
  'AssumeReadingRoles: sts:AssumeRole on arn:<AWS::Partition>:iam::*:role/license-watcher-buyer/*';
const NOTICE_TOPICS = 'arn:<AWS::Partition>:sns:us-east-1:*:*-NoticeTopic-*';

describe('the role of', () => {
  it.each([
    [
      'start-sweep',
      [
        `Watch: dynamodb:GetItem, dynamodb:UpdateItem on ${WATCH}`,
        `WatchPartitions: dynamodb:Query on ${WATCH} of sweeps, seen#*`,
        `WatchIndexes: dynamodb:Query on ${WATCH}/index/active-buyers, ${WATCH}/index/due-notices`,
        SEND_CHECKS,
        SEND_NOTICES,
        'KeepLostTicks: sqs:SendMessage on <QueuesLostTicksQueue.Arn>',
        `WriteLogs: ${LOGS} <StartSweepFunctionLogs.Arn>`,
      ],
    ],
    [
      'check-licenses',
      [
        `Watch: dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem on ${WATCH}`,
        `WatchIndexes: dynamodb:Query on ${WATCH}/index/active-buyers`,
        `Ledger: dynamodb:PutItem on ${AUDIT}`,
        SEND_NOTICES,
        SEND_CHECKS,
        ASSUME,
        `${RECEIVE} <QueuesChecksQueue.Arn>`,
        `WriteLogs: ${LOGS} <CheckLicensesFunctionLogs.Arn>`,
      ],
    ],
    [
      'send-notices',
      [
        `Watch: dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on ${WATCH}`,
        `WatchPartitions: dynamodb:Query on ${WATCH} of agreements#*`,
        `WatchIndexes: dynamodb:Query on ${WATCH}/index/active-buyers, ${WATCH}/index/due-notices, ${WATCH}/index/pending-notices, ${WATCH}/index/contracts-by-end`,
        `Ledger: dynamodb:GetItem, dynamodb:PutItem on ${AUDIT}`,
        `LedgerIndexes: dynamodb:Query on ${AUDIT}/index/by-product-and-month`,
        'TellSeller: sns:Publish, sns:GetTopicAttributes on <SellerTopic>',
        'TellOperations: sns:Publish on <OperationsTopic>',
        'PutEvents: events:PutEvents on <EventsBus.Arn>',
        SEND_CHECKS,
        'ComeAgain: sqs:ChangeMessageVisibility on <QueuesNoticesQueue.Arn>',
        `TellBuyers: sns:Publish, sns:GetTopicAttributes, sns:ListSubscriptionsByTopic on ${NOTICE_TOPICS}`,
        `${RECEIVE} <QueuesNoticesQueue.Arn>`,
        `WriteLogs: ${LOGS} <SendNoticesFunctionLogs.Arn>`,
      ],
    ],
    [
      'register-buyer',
      [
        `Watch: dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem on ${WATCH}`,
        `Ledger: dynamodb:PutItem on ${AUDIT}`,
        SEND_CHECKS,
        'AskAgainLater: sqs:ChangeMessageVisibility on <QueuesRegistrationsQueue.Arn>',
        ASSUME,
        `TestNoticeTopic: sns:GetTopicAttributes on ${NOTICE_TOPICS}`,
        `${RECEIVE} <QueuesRegistrationsQueue.Arn>`,
        `WriteLogs: ${LOGS} <RegisterBuyerFunctionLogs.Arn>`,
      ],
    ],
    [
      'read-agreements',
      [
        `Watch: dynamodb:GetItem, dynamodb:PutItem, dynamodb:UpdateItem on ${WATCH}`,
        `WatchPartitions: dynamodb:Query on ${WATCH} of sweeps`,
        `WatchIndexes: dynamodb:Query on ${WATCH}/index/due-notices`,
        SEND_CHECKS,
        'ReadAgreements: aws-marketplace:SearchAgreements, aws-marketplace:DescribeAgreement, aws-marketplace:GetAgreementTerms, aws-marketplace:ListAgreementCancellationRequests on *',
        `${RECEIVE} <ReadAgreementsEventsQueue.Arn>`,
        `WriteLogs: ${LOGS} <ReadAgreementsFunctionLogs.Arn>`,
      ],
    ],
  ])('%s may do exactly this', (name, permissions) => {
    expect(permissionsOf(role(`default-${name}`))).toStrictEqual(permissions);
  });

  it('read-agreements may assume one role, and read nothing itself, where another account sells', () => {
    const roleArn = 'arn:aws:iam::111122223333:role/AgreementReader';
    const other = synthesized(licenseWatcherApp({ agreements: roleArn }).watcher);
    const permissions = permissionsOf(role('default-read-agreements', other));
    expect(permissions.filter((line) => line.includes('greements'))).toEqual([
      `AssumeAgreementsRole: sts:AssumeRole on ${roleArn}`,
      expect.stringContaining('ReceiveWork') as string,
      expect.stringContaining('WriteLogs') as string,
    ]);
    const off = synthesized(licenseWatcherApp({ agreements: 'off' }).watcher);
    expect(ofType(off, 'AWS::IAM::Role').map(([id]) => id)).not.toEqual(
      expect.arrayContaining([expect.stringContaining('ReadAgreements')]),
    );
    expect(ofType(off, 'AWS::Events::Rule')).toEqual([]);
  });

  it('register-buyer may clear away what an enrolment left, and check-licenses ask for looks, only where enrolment is open', () => {
    const enrolling = synthesized(licenseWatcherApp({ openEnrolment: { perHour: 20 } }).watcher);
    const name = 'default-register-buyer';
    const before = permissionsOf(role(name));
    const added = permissionsOf(role(name, enrolling)).filter((line) => !before.includes(line));
    expect(added).toStrictEqual([
      `Watch: dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem, dynamodb:UpdateItem, dynamodb:DeleteItem on ${WATCH}`,
    ]);
    const checks = 'default-check-licenses';
    const ofChecks = permissionsOf(role(checks));
    expect(
      permissionsOf(role(checks, enrolling)).filter((line) => !ofChecks.includes(line)),
    ).toStrictEqual(['SendEnrolmentChecks: sqs:SendMessage on <QueuesRegistrationsQueue.Arn>']);
    for (const other of ['start-sweep', 'send-notices']) {
      expect(permissionsOf(role(`default-${other}`, enrolling))).toStrictEqual(
        permissionsOf(role(`default-${other}`)),
      );
    }
  });

  it('a function trusts Lambda alone, and has its name and path from the public contract', () => {
    for (const name of [
      'start-sweep',
      'check-licenses',
      'send-notices',
      'register-buyer',
      'read-agreements',
    ]) {
      expect(role(`default-${name}`).Properties).toMatchObject({
        Path: '/license-watcher/default/',
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Action: 'sts:AssumeRole',
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
            },
          ],
        },
      });
    }
  });

  it('the schedule may start sweeps and keep lost ticks, for schedules of this account', () => {
    const schedules = ofType(template, 'AWS::IAM::Role').filter(
      ([, { Properties }]) => !('RoleName' in (Properties ?? {})),
    );
    expect(schedules.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'SweepsRole',
      'DailyDigestRole',
      'ReadAgreementsScheduleRole',
    ]);
    expect(permissionsOf(schedules[1]![1])).toStrictEqual([
      'SendNotices: sqs:SendMessage on <QueuesNoticesQueue.Arn>',
    ]);
    expect(permissionsOf(schedules[2]![1])).toStrictEqual([
      'Invoke: lambda:InvokeFunction on <ReadAgreementsFunction.Arn>',
    ]);
    const [, resource] = schedules[0]!;
    expect(permissionsOf(resource)).toStrictEqual([
      'Invoke: lambda:InvokeFunction on <StartSweepFunction.Arn>',
      'KeepLostTicks: sqs:SendMessage on <QueuesLostTicksQueue.Arn>',
    ]);
    expect(readable(resource.Properties?.['AssumeRolePolicyDocument'])).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
            ArnEquals: {
              'aws:SourceArn':
                'arn:<AWS::Partition>:scheduler:us-east-1:<AWS::AccountId>:schedule-group/default',
            },
          },
        },
      ],
    });
  });

  it('nobody gets a policy from elsewhere', () => {
    expect(ofType(template, 'AWS::IAM::Policy')).toStrictEqual([]);
    // The one for readers is attached by the seller, to whom the seller chooses.
    for (const [id, { Properties }] of ofType(template, 'AWS::IAM::ManagedPolicy')) {
      expect(id).toMatch(/^ReaderPolicy/);
      for (const attached of ['Roles', 'Users', 'Groups'])
        expect(Properties).not.toHaveProperty(attached);
    }
    for (const [, { Properties }] of ofType(template, 'AWS::IAM::Role'))
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });
});
