import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ReadAgreementsEnv } from '../../../../lambdas/read-agreements/env.ts';
import { AGREEMENT_EVENT_SOURCE, WATCH_INDEXES, SWEEPS } from '../../../messages/names.ts';
import type { Settings } from '../../../messages/settings.ts';
import { allow } from '../access.ts';
import { TickSchedule } from '../tick-schedule.ts';
import { WatcherFunction } from '../watcher-function.ts';
import { WorkQueue } from '../work-queue.ts';
import type { SharedResources } from './shared.ts';

/** Long enough for a thousand agreements at the rate that AWS allows, and shorter than the time for which the queue hides a message. */
const TIMEOUT = Duration.minutes(4);

/** Reads the seller's agreements: at every tick, and when AWS says that something happened to one. */
export class ReadAgreementsFunction extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { settings, stores, queues, operations }: SharedResources,
  ) {
    super(scope, id);
    const { agreements, intervalMinutes } = settings;
    const isOther = agreements !== 'on';
    const { function: target } = new WatcherFunction<ReadAgreementsEnv>(this, 'Function', {
      name: 'read-agreements',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          partitions: [SWEEPS],
          indexes: [WATCH_INDEXES.dueNotices],
        }),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        SELLER_ACCOUNT_ID: plain(isOther ? (agreements.split(':')[4] ?? '') : Aws.ACCOUNT_ID),
        AGREEMENTS_ROLE_ARN: plain(isOther ? agreements : ''),
      },
      permissions: [this.#reading(agreements)],
      source: { queue: this.#events(operations), batchSize: 10, maxConcurrency: 2 },
      timeout: TIMEOUT,
      memorySize: 256,
      errorImpact:
        'What is known about renewals, ends and purchases may be out of date; licenses are checked all the same.',
      runbook: 'read-agreements-failing',
      operations,
    });
    new TickSchedule(this, 'Schedule', {
      function: target,
      description: 'Makes the License Watcher read the seller’s agreements.',
      intervalMinutes,
    });
  }

  /** AWS Marketplace has no resource-level permissions here: a role that may search sees all that the account sold. */
  #reading(agreements: Settings['agreements']): PolicyStatement {
    if (agreements !== 'on') return allow('AssumeAgreementsRole', ['sts:AssumeRole'], [agreements]);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'AWS Marketplace has no resource-level permissions for agreements; these four only read.',
    });
    return allow(
      'ReadAgreements',
      [
        'aws-marketplace:SearchAgreements',
        'aws-marketplace:DescribeAgreement',
        'aws-marketplace:GetAgreementTerms',
        'aws-marketplace:ListAgreementCancellationRequests',
      ],
      ['*'],
    );
  }

  /** The queue of AWS Marketplace's events for the seller. They only request an earlier reading: see docs/decisions/0001. */
  #events(operations: ITopic): WorkQueue {
    const events = new WorkQueue(this, 'Events', {
      content: 'agreement events',
      maxReceiveCount: 5,
      waiting: {
        errorImpact: 'What happened to an agreement is read only at the next tick.',
        runbook: 'agreement-events-waiting',
      },
      givenUp: {
        errorImpact: 'What happened to an agreement is read only at the next tick.',
        runbook: 'agreement-events-given-up',
      },
      operations,
    });
    new Rule(this, 'Rule', {
      description: 'Events about agreements, for an earlier reading.',
      eventPattern: { source: [AGREEMENT_EVENT_SOURCE] },
      targets: [targetOf(events)],
    });
    return events;
  }
}

/** Lets this rule send to both queues, and nothing else: CDK's own target would also let it read their attributes. */
function targetOf({ queue, deadLetters }: WorkQueue): IRuleTarget {
  return {
    bind: ({ ruleRef: { ruleArn } }) => {
      const sids = { TakeEvents: queue, KeepLostEvents: deadLetters };
      for (const [sid, each] of Object.entries(sids)) {
        const statement = allow(sid, ['sqs:SendMessage'], [each.queueArn], {
          ArnEquals: { 'aws:SourceArn': ruleArn },
        });
        statement.addPrincipals(new ServicePrincipal('events.amazonaws.com'));
        each.addToResourcePolicy(statement);
      }
      return { arn: queue.queueArn, deadLetterConfig: { arn: deadLetters.queueArn } };
    },
  };
}

function plain(value: string) {
  return { value, statements: [] };
}
