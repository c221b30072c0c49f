import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIL_INTERVAL } from '../../lambdas/send-notices/mail-interval.ts';
import { templateHosting } from '../../lib/seller/aws/template-bucket.ts';
import type { Stack as CloudStack } from '../../lib/workbench/cloud/templates/stack.ts';
import { BUYER, SELLER } from '../support/bare-cloud.ts';
import { s3Fixture } from '../support/s3-fixture.ts';
import {
  licenseWatcherApp,
  ofType,
  readable,
  synthesized,
  withoutHashes,
  type Synthesized,
} from '../support/synthesized.ts';
import { productContext } from '../support/settings-context.ts';

const app = licenseWatcherApp({
  sellerEmail: 'seller@example.com',
  operationsEmail: 'operations@example.com',
});
const template = synthesized(app.watcher);
const properties = (type: string): Readonly<Record<string, unknown>>[] =>
  ofType(template, type).map(
    ([, resource]) => readable(resource.Properties ?? {}) as Record<string, unknown>,
  );

describe('tables', () => {
  it('outlive the stack, can be restored, and are not deleted by accident', () => {
    const tables = ofType(template, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(2);
    for (const [, table] of tables) {
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  it('have their names from the settings', () => {
    const named = synthesized(
      licenseWatcherApp({ deployment: 'eu', auditTableName: 'kept-audit' }).watcher,
    );
    expect(
      ofType(named, 'AWS::DynamoDB::Table').map(([, { Properties }]) => Properties?.['TableName']),
    ).toStrictEqual(['kept-audit', 'license-watcher-eu-watch']);
  });

  it('only the watch forgets', () => {
    const [audit, watch] = properties('AWS::DynamoDB::Table');
    expect(audit).not.toHaveProperty('TimeToLiveSpecification');
    expect(watch).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    expect(watch).not.toHaveProperty('ResourcePolicy');
  });

  it('the audit table is append only, and only for those who write it', () => {
    const table =
      'arn:<AWS::Partition>:dynamodb:us-east-1:<AWS::AccountId>:table/license-watcher-default-audit';
    const role = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/license-watcher/default/default-';
    expect(properties('AWS::DynamoDB::Table')[0]?.['ResourcePolicy']).toStrictEqual({
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'NobodyRewrites',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: [
              'dynamodb:UpdateItem',
              'dynamodb:DeleteItem',
              'dynamodb:BatchWriteItem',
              'dynamodb:PartiQLInsert',
              'dynamodb:PartiQLUpdate',
              'dynamodb:PartiQLDelete',
              'dynamodb:UpdateTimeToLive',
            ],
            Resource: table,
          },
          {
            Sid: 'OnlyWritersAppend',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'dynamodb:PutItem',
            Resource: table,
            Condition: {
              ArnNotEquals: {
                'aws:PrincipalArn': [
                  `${role}check-licenses`,
                  `${role}send-notices`,
                  `${role}register-buyer`,
                ],
              },
            },
          },
        ],
      },
    });
  });
});

describe('queues', () => {
  it('are encrypted, and refuse what is not', () => {
    const queues = ofType(template, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(9);
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      const policies = ofType(template, 'AWS::SQS::QueuePolicy').filter(([, policy]) =>
        JSON.stringify(policy.Properties?.['Queues']).includes(`"${id}"`),
      );
      expect(policies).toHaveLength(1);
      expect(JSON.stringify(policies[0])).toContain('"aws:SecureTransport":"false"');
    }
  });

  it('give a message up after 5 receives, a registration after 10, and keep it for 14 days', () => {
    expect(properties('AWS::SQS::Queue')).toStrictEqual(
      ['Checks', 'Notices', 'Registrations']
        .flatMap((name) => [
          { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
          {
            RedrivePolicy: {
              deadLetterTargetArn: `<Queues${name}DeadLettersQueue.Arn>`,
              maxReceiveCount: name === 'Registrations' ? 10 : 5,
            },
            SqsManagedSseEnabled: true,
            // A registration comes back while CloudFormation still waits for its answer, which it does for 300 seconds.
            VisibilityTimeout: name === 'Registrations' ? 90 : 360,
          },
        ])
        .concat([
          { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
          { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
          {
            RedrivePolicy: {
              deadLetterTargetArn: '<ReadAgreementsEventsDeadLettersQueue.Arn>',
              maxReceiveCount: 5,
            },
            SqsManagedSseEnabled: true,
            VisibilityTimeout: 360,
          },
        ]),
    );
  });

  it('have so few functions send notices that their mails to one address stay below the ten a second of SNS', () => {
    const [most] = properties('AWS::Lambda::EventSourceMapping').flatMap((each) => {
      const { FunctionName, ScalingConfig } = each as {
        FunctionName: string;
        ScalingConfig: { MaximumConcurrency: number };
      };
      return FunctionName === '<SendNoticesFunction>' ? [ScalingConfig.MaximumConcurrency] : [];
    });
    expect(most).toBe(4);
    expect(((most ?? 0) * 1_000) / MAIL_INTERVAL).toBeLessThanOrEqual(10);
  });

  it('feed their functions in batches of which every message is answered for', () => {
    expect(properties('AWS::Lambda::EventSourceMapping')).toStrictEqual([
      mapping('QueuesChecks', 'CheckLicenses', {
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 20 },
      }),
      mapping('QueuesNotices', 'SendNotices', {
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 4 },
      }),
      mapping('QueuesRegistrations', 'RegisterBuyer', {
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 8 },
      }),
      mapping('ReadAgreementsEvents', 'ReadAgreements', {
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    ]);
  });
});

function mapping(queue: string, watcherFunction: string, more: object): object {
  return {
    EventSourceArn: `<${queue}Queue.Arn>`,
    FunctionName: `<${watcherFunction}Function>`,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...more,
  };
}

describe('functions', () => {
  it('run on Node.js 24 for a minute at most, read-agreements for four, log JSON to a log of their own, and take no concurrency from others', () => {
    const functions = properties('AWS::Lambda::Function');
    expect(functions).toHaveLength(5);
    expect(functions.map(({ Timeout }) => Timeout)).toEqual([60, 60, 60, 60, 240]);
    for (const each of functions) {
      expect(each).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(each).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(each).not.toHaveProperty('FunctionName');
    }
    const logGroups = properties('AWS::Logs::LogGroup');
    expect(logGroups).toStrictEqual(Array.from({ length: 5 }, () => ({ RetentionInDays: 30 })));
    expect(new Set(functions.map(({ LoggingConfig }) => JSON.stringify(LoggingConfig))).size).toBe(
      5,
    );
  });

  it('end before their queues show a message again', () => {
    const of = (type: string) =>
      new Map(
        ofType(template, type).map(([id, { Properties }]) => [
          id.replace(/[0-9A-F]{8}$/, ''),
          Properties,
        ]),
      );
    const [queues, functions] = [of('AWS::SQS::Queue'), of('AWS::Lambda::Function')];
    const mappings = properties('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(4);
    for (const { EventSourceArn, FunctionName } of mappings) {
      const queue = queues.get(String(EventSourceArn).slice(1, -5));
      const target = functions.get(String(FunctionName).slice(1, -1));
      expect(Number(target?.['Timeout'])).toBeLessThan(Number(queue?.['VisibilityTimeout']));
    }
  });
});

/** The schedule of a message to send-notices at the seller's hour. */
function morning(
  expression: string,
  zone = 'UTC',
  [kind, what] = ['daily-digest', 'the digest of the day'] as readonly string[],
): object {
  return {
    Description: `Makes the License Watcher send the seller ${what}.`,
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: zone,
    Target: {
      Arn: '<QueuesNoticesQueue.Arn>',
      RoleArn: '<DailyDigestRole.Arn>',
      Input: `{"format":1,"kind":"${kind}","tick":"<aws.scheduler.scheduled-time>"}`,
      RetryPolicy: { MaximumEventAgeInSeconds: 21_600 },
    },
  };
}

const PIPELINE: readonly string[] = ['weekly-pipeline', 'the weekly pipeline'];

describe('sweeps', () => {
  it('start at every interval with the scheduled time; what is lost is kept', () => {
    expect(properties('AWS::Scheduler::Schedule')).toStrictEqual([
      {
        Description: 'Starts the sweeps of the License Watcher.',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(15 minutes)',
        Target: {
          Arn: '<StartSweepFunction.Arn>',
          RoleArn: '<SweepsRole.Arn>',
          Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
          RetryPolicy: { MaximumEventAgeInSeconds: 600 },
          DeadLetterConfig: { Arn: '<QueuesLostTicksQueue.Arn>' },
        },
      },
      morning('cron(0 8 * * ? *)'),
      morning('cron(0 8 ? * MON *)', 'UTC', PIPELINE),
      {
        Description: 'Makes the License Watcher read the seller’s agreements.',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(15 minutes)',
        Target: {
          Arn: '<ReadAgreementsFunction.Arn>',
          RoleArn: '<ReadAgreementsScheduleRole.Arn>',
          Input: '{"tick":"<aws.scheduler.scheduled-time>"}',
          RetryPolicy: { MaximumEventAgeInSeconds: 600 },
        },
      },
    ]);
  });

  it('leave what is not urgent to the seller’s hour, of the seller’s time zone; to each tick where the seller wants it so', () => {
    const schedulesOf = (settings: Record<string, unknown>) =>
      ofType(synthesized(licenseWatcherApp(settings).watcher), 'AWS::Scheduler::Schedule')
        .map(([, { Properties }]) => readable(Properties ?? {}) as Record<string, unknown>)
        .filter((each) => 'ScheduleExpressionTimezone' in each);
    const zone = 'America/New_York';
    expect(schedulesOf({ digest: '07:30', timeZone: zone })).toStrictEqual([
      morning('cron(30 7 * * ? *)', zone),
      morning('cron(30 7 ? * MON *)', zone, PIPELINE),
    ]);
    expect(schedulesOf({ digest: 'each tick', timeZone: zone })).toStrictEqual([
      morning('cron(0 8 ? * MON *)', zone, PIPELINE),
    ]);
  });

  it.each([
    [5, 300],
    [15, 900],
    [1440, 21_600],
  ])('every %i minutes are retried for %i seconds', (intervalMinutes, seconds) => {
    const other = synthesized(licenseWatcherApp({ intervalMinutes }).watcher);
    const [[, retries] = []] = ofType(other, 'AWS::Lambda::EventInvokeConfig');
    expect(readable(retries?.Properties)).toStrictEqual({
      FunctionName: '<StartSweepFunction>',
      Qualifier: '$LATEST',
      MaximumEventAgeInSeconds: seconds,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: '<QueuesLostTicksQueue.Arn>' } },
    });
  });
});

describe('the bucket of the buyer template', () => {
  const like = {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  };

  it('is closed to everyone, has no policy of the stack’s, and outlives it', () => {
    const buckets = ofType(template, 'AWS::S3::Bucket');
    expect(readable(buckets.map(([, bucket]) => bucket))).toStrictEqual([
      {
        Type: 'AWS::S3::Bucket',
        Properties: {
          ...like,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      },
    ]);
    expect(ofType(template, 'AWS::S3::BucketPolicy')).toStrictEqual([]);
  });

  it('is another one where everyone may read the template: that alone, by TLS, without ACLs', () => {
    const open = licenseWatcherApp({ publicTemplate: true });
    const other = synthesized(open.watcher);
    const [[id, bucket] = ['', undefined], ...more] = ofType(other, 'AWS::S3::Bucket');
    expect(more).toStrictEqual([]);
    expect(ofType(template, 'AWS::S3::Bucket').map(([logicalId]) => logicalId)).not.toContain(id);
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket?.Properties).toStrictEqual({
      ...like,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: false,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: false,
      },
    });
    const [[, policy] = ['', undefined]] = ofType(other, 'AWS::S3::BucketPolicy');
    expect(policy?.DeletionPolicy).toBeUndefined();
    expect(readable(policy?.Properties)).toStrictEqual({
      Bucket: '<TemplatesPublicBucket>',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: ['<TemplatesPublicBucket.Arn>', '<TemplatesPublicBucket.Arn>/*'],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'EveryoneReadsTemplates',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 's3:GetObject',
            Resource: '<TemplatesPublicBucket.Arn>/buyer-template/*',
          },
        ],
      },
    });
    expect(readable(other.outputs)).toMatchObject({
      TemplateBucketName: { Value: '<TemplatesPublicBucket>' },
      TemplateAccess: { Value: 'public' },
    });
    expect(() => open.synth()).not.toThrow();
  });

  it('is read as the settings say, also when they change after buyers were invited', async () => {
    await using here = await s3Fixture();
    const both = (from: Synthesized) =>
      Object.fromEntries([
        ...ofType(from, 'AWS::S3::Bucket'),
        ...ofType(from, 'AWS::S3::BucketPolicy'),
      ]);
    const read = async ({ resources }: CloudStack) => {
      const id =
        [...resources.values()].find(({ type }) => type === 'AWS::S3::Bucket')?.physicalId ?? '';
      const put = (Key: string) =>
        here.client().send(new PutObjectCommand({ Bucket: id, Key, Body: 'text' }));
      await Promise.all([put('buyer-template/a.json'), put('b.json')]);
      const answers = ['buyer-template/a.json', 'b.json'].map((key) =>
        fetch(`${here.front.url}/${id}/${key}`),
      );
      return [id, ...(await Promise.all(answers)).map(({ status }) => status)] as const;
    };
    const [bucket, ...closed] = await read(await here.deployed(both(template)));
    expect(closed).toStrictEqual([403, 403]);
    const place = {
      bucket,
      access: 'invited',
      partition: 'aws',
      ownerAccountId: SELLER,
      region: 'us-east-1',
    } as const;
    await templateHosting(here.client(), { ...place, endpoint: here.front.url }).openTo([BUYER]);

    const stack = await here.deployed(
      both(synthesized(licenseWatcherApp({ publicTemplate: true }).watcher)),
    );
    expect(stack.status).toBe('UPDATE_COMPLETE');
    const [publicBucket, ...open] = await read(stack);
    expect(open).toStrictEqual([200, 403]);

    expect((await here.deployed(both(template))).status).toBe('UPDATE_COMPLETE');
    expect((await fetch(`${here.front.url}/${publicBucket}/buyer-template/a.json`)).status).toBe(
      403,
    );
    expect(here.buckets.existing(bucket).policy?.text).toContain(BUYER);
  });
});

describe('names that buyers rely on', () => {
  it('never change', () => {
    expect(app.watcher.stackName).toBe('LicenseWatcher');
    expect(licenseWatcherApp({ deployment: 'eu' }).watcher.stackName).toBe('LicenseWatcher-eu');
    expect(properties('AWS::SNS::Topic').map(({ TopicName }) => TopicName)).toStrictEqual([
      undefined,
      undefined,
      'license-watcher-default-registration',
    ]);
  });

  it('warns of a product code where a product ID belongs, and tells the command line', () => {
    const product = productContext({ id: 'viewer', productSku: 'a1b2c3d4e5f6g7h8i9j0k1l2m' });
    const { watcher } = licenseWatcherApp({ products: [product] });
    expect(synthesized(watcher).outputs['ProductCodes']?.Value).toBe('viewer');
    const warnings = watcher.node.metadata
      .filter(({ type }) => type === 'aws:cdk:warning')
      .map(({ data }) => String(data));
    expect(warnings).toEqual([
      expect.stringContaining(
        'the productSku of "viewer" has 25 letters and digits, as a product code has: no license is found by that',
      ),
    ]);
    expect(
      licenseWatcherApp().watcher.node.metadata.filter(({ type }) => type === 'aws:cdk:warning'),
    ).toEqual([]);
  });

  it('the command line finds the outputs it looks for', () => {
    expect(
      readable(
        Object.fromEntries(Object.entries(template.outputs).map(([id, { Value }]) => [id, Value])),
      ),
    ).toStrictEqual({
      AuditTableName: '<StoresAuditTable>',
      WatchTableName: '<StoresWatchTable>',
      RegistrationTopicArn: '<RegistrationTopic>',
      ChecksQueueUrl: '<QueuesChecksQueue>',
      SellerTopicArn: '<SellerTopic>',
      EventBusName: '<EventsBus>',
      OperationsTopicArn: '<OperationsTopic>',
      SellerName: 'Example Software',
      SecurityContact: 'none',
      Products: 'viewer',
      Product1: JSON.stringify({
        id: 'viewer',
        name: 'Example Viewer',
        contact: 'support@example.com',
        reminderDays: [90, 60, 30, 14, 7, 3, 1, -1],
      }),
      ProductCodes: 'none',
      Agreements: 'on',
      CheckFunctionName: '<CheckLicensesFunction>',
      NoticeFunctionName: '<SendNoticesFunction>',
      RegistrationFunctionName: '<RegisterBuyerFunction>',
      TemplateBucketName: '<TemplatesBucket>',
      TemplateAccess: 'invited',
      ReaderPolicyArn: '<ReaderPolicy>',
    });
  });
});

describe('the whole', () => {
  it('passes cdk-nag and CloudFormation’s own schemas', () => {
    expect(() => app.synth()).not.toThrow();
  });

  it('would not pass with a topic that accepts plain HTTP', () => {
    const other = licenseWatcherApp();
    new Topic(new Stack(other, 'Careless'), 'Topic');
    expect(() => other.synth()).toThrow(/AwsSolutions-SNS3/);
  });

  it('names no partition and no account', () => {
    expect(JSON.stringify(template.json)).not.toMatch(/arn:aws|\b\d{12}\b/);
  });

  it('is this template', () => {
    expect(withoutHashes(template.json)).toMatchSnapshot();
  });

  it('runs on the Node.js that .nvmrc asks for', () => {
    const major = readFileSync(join(import.meta.dirname, '../../.nvmrc'), 'utf8').trim();
    for (const { Runtime } of properties('AWS::Lambda::Function'))
      expect(Runtime).toBe(`nodejs${major}.x`);
  });
});
