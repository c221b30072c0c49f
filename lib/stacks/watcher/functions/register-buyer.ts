import { Construct } from 'constructs';
import type { RegisterBuyerEnv } from '../../../../lambdas/register-buyer/env.ts';
import { allow } from '../access.ts';
import { WatcherFunction } from '../watcher-function.ts';
import { assumeReadingRoles, useNoticeTopics, type SharedResources } from './shared.ts';

export class RegisterBuyerFunction extends Construct {
  readonly function: WatcherFunction<RegisterBuyerEnv>;

  constructor(
    scope: Construct,
    id: string,
    { settings, stores, queues, operations }: SharedResources,
  ) {
    super(scope, id);
    const { queue } = queues.registrations;
    const enrols = settings.openEnrolment !== null;
    this.function = new WatcherFunction<RegisterBuyerEnv>(this, 'Function', {
      name: 'register-buyer',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: [
            ...([
              'dynamodb:GetItem',
              'dynamodb:Query',
              'dynamodb:PutItem',
              'dynamodb:UpdateItem',
            ] as const),
            // An account that enrolled and showed no license leaves no trace.
            ...(enrols ? (['dynamodb:DeleteItem'] as const) : []),
          ],
        }),
        AUDIT_TABLE_NAME: stores.audit.user('Ledger', { actions: ['dynamodb:PutItem'] }),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        REGISTRATIONS_QUEUE_URL: {
          value: queue.queueUrl,
          statements: [allow('AskAgainLater', ['sqs:ChangeMessageVisibility'], [queue.queueArn])],
        },
      },
      permissions: [
        assumeReadingRoles(this),
        useNoticeTopics(this, 'TestNoticeTopic', ['sns:GetTopicAttributes']),
      ],
      // An invocation handles its messages side by side: anyone may publish, and a stranger's message falls away while a buyer's is looked
      // into. At most eight invocations, so that a flood of messages does not take all 10 that young accounts have.
      source: { queue: queues.registrations, batchSize: 10, maxConcurrency: 8 },
      memorySize: 256,
      errorImpact: 'A buyer’s deployment waits for its answer and fails after 5 minutes.',
      runbook: 'register-buyer-failing',
      operations,
    });
  }
}
