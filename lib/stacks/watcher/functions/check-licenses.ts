import { Construct } from 'constructs';
import type { CheckLicensesEnv } from '../../../../lambdas/check-licenses/env.ts';
import { WATCH_INDEXES } from '../../../messages/names.ts';
import { WatcherFunction } from '../watcher-function.ts';
import { assumeReadingRoles, type SharedResources } from './shared.ts';

export class CheckLicensesFunction extends Construct {
  readonly function: WatcherFunction<CheckLicensesEnv>;

  constructor(
    scope: Construct,
    id: string,
    { settings, stores, queues, operations }: SharedResources,
  ) {
    super(scope, id);
    this.function = new WatcherFunction<CheckLicensesEnv>(this, 'Function', {
      name: 'check-licenses',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: [
            'dynamodb:GetItem',
            'dynamodb:Query',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
          ],
          indexes: [WATCH_INDEXES.activeBuyers],
        }),
        AUDIT_TABLE_NAME: stores.audit.user('Ledger', { actions: ['dynamodb:PutItem'] }),
        NOTICES_QUEUE_URL: queues.notices.sender('SendNotices'),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        REGISTRATIONS_QUEUE_URL:
          settings.openEnrolment === null
            ? { value: queues.registrations.queue.queueUrl, statements: [] }
            : queues.registrations.sender('SendEnrolmentChecks'),
      },
      permissions: [assumeReadingRoles(this)],
      // A message of about 200 buyers fits the 60 seconds even if every call takes half a second.
      source: { queue: queues.checks, batchSize: 1, maxConcurrency: 20 },
      memorySize: 256,
      errorImpact:
        'Up to two hundred buyers were not checked: they are tried again within minutes.',
      runbook: 'check-licenses-failing',
      operations,
    });
  }
}
