import { Construct } from 'constructs';
import type { RegisterBuyerEnv } from '../../../lambdas/register-buyer/env.ts';
import { allow } from '../binding.ts';
import { WatcherFunction } from '../watcher-function.ts';
import { assumeReadingRoles, useNoticeTopics } from './reach.ts';
import type { WatcherRooms } from './watcher-rooms.ts';

export class RegisterBuyer extends Construct {
  readonly function: WatcherFunction<RegisterBuyerEnv>;

  constructor(scope: Construct, id: string, { settings, stores, queues, operations }: WatcherRooms) {
    super(scope, id);
    this.function = new WatcherFunction<RegisterBuyerEnv>(this, 'Function', {
      name: 'register-buyer',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        }),
        AUDIT_TABLE_NAME: stores.audit.user('Ledger', { actions: ['dynamodb:PutItem'] }),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        REGISTRATIONS_QUEUE_URL: {
          value: queues.registrations.queue.queueUrl,
          statements: [allow('AskAgainLater', ['sqs:ChangeMessageVisibility'], [queues.registrations.queue.queueArn])],
        },
      },
      permissions: [assumeReadingRoles(this), useNoticeTopics(this, 'TestNoticeTopic', ['sns:GetTopicAttributes'])],
      // One at a time: what a stranger sends must not delay what a buyer waits for.
      source: { queue: queues.registrations, batchSize: 1, maxConcurrency: 2 },
      memorySize: 256,
      errorImpact: 'A buyer’s deployment waits for its answer and fails after 5 minutes.',
      runbook: 'register-buyer-failing',
      operations,
    });
  }
}
