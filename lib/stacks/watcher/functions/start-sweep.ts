import { Construct } from 'constructs';
import type { StartSweepEnv } from '../../../../lambdas/start-sweep/env.ts';
import { LAST_SEEN, WATCH_INDEXES, SWEEPS } from '../../../messages/names.ts';
import { allow } from '../access.ts';
import { WatcherFunction } from '../watcher-function.ts';
import type { SharedResources } from './shared.ts';

export class StartSweepFunction extends Construct {
  readonly function: WatcherFunction<StartSweepEnv>;

  constructor(
    scope: Construct,
    id: string,
    { settings, stores, queues, operations }: SharedResources,
  ) {
    super(scope, id);
    this.function = new WatcherFunction<StartSweepEnv>(this, 'Function', {
      name: 'start-sweep',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
          partitions: [SWEEPS, `${LAST_SEEN}*`],
          indexes: [WATCH_INDEXES.activeBuyers, WATCH_INDEXES.dueNotices],
        }),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        NOTICES_QUEUE_URL: queues.notices.sender('SendNotices'),
      },
      // When its retries are used up, Lambda puts the tick into this queue with the function's own permissions.
      permissions: [allow('KeepLostTicks', ['sqs:SendMessage'], [queues.lostTicks.queue.queueArn])],
      memorySize: 512,
      errorImpact:
        'A sweep missed some or all buyers: it is tried again twice, then the next tick does its work.',
      runbook: 'start-sweep-failing',
      operations,
    });
  }
}
