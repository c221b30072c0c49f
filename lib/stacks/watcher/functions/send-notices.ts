import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SendNoticesEnv } from '../../../../lambdas/send-notices/env.ts';
import { AGREEMENTS, AUDIT_INDEXES, WATCH_INDEXES } from '../../../messages/names.ts';
import { allow, type Binding } from '../access.ts';
import type { NoticeBus } from '../notice-bus.ts';
import { WatcherFunction } from '../watcher-function.ts';
import { useNoticeTopics, type SharedResources } from './shared.ts';

export interface SendNoticesProps extends SharedResources {
  readonly seller: ITopic;
  readonly bus: NoticeBus;
}

export class SendNoticesFunction extends Construct {
  readonly function: WatcherFunction<SendNoticesEnv>;

  constructor(
    scope: Construct,
    id: string,
    { settings, stores, queues, seller, bus, operations }: SendNoticesProps,
  ) {
    super(scope, id);
    this.function = new WatcherFunction<SendNoticesEnv>(this, 'Function', {
      name: 'send-notices',
      settings,
      environment: {
        WATCH_TABLE_NAME: stores.watch.user('Watch', {
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
          indexes: [
            WATCH_INDEXES.activeBuyers,
            WATCH_INDEXES.dueNotices,
            WATCH_INDEXES.pendingNotices,
            WATCH_INDEXES.ends,
          ],
          // The pipeline is made of all agreements, watched or not.
          partitions: [`${AGREEMENTS}#*`],
        }),
        AUDIT_TABLE_NAME: stores.audit.user('Ledger', {
          actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
          // For what the past week brought, in the weekly pipeline.
          indexes: [AUDIT_INDEXES.byProductAndMonth],
        }),
        // A simulation says how many are subscribed.
        SELLER_TOPIC_ARN: publisher('TellSeller', seller, [
          'sns:Publish',
          'sns:GetTopicAttributes',
        ]),
        OPERATIONS_TOPIC_ARN: publisher('TellOperations', operations, ['sns:Publish']),
        EVENT_BUS_NAME: bus.putter('PutEvents'),
        CHECKS_QUEUE_URL: queues.checks.sender('SendChecks'),
        // Work for which an invocation has no time left comes again at once.
        NOTICES_QUEUE_URL: {
          value: queues.notices.queue.queueUrl,
          statements: [
            allow('ComeAgain', ['sqs:ChangeMessageVisibility'], [queues.notices.queue.queueArn]),
          ],
        },
      },
      permissions: [
        useNoticeTopics(this, 'TellBuyers', [
          'sns:Publish',
          'sns:GetTopicAttributes',
          'sns:ListSubscriptionsByTopic',
        ]),
      ],
      source: {
        queue: queues.notices,
        // One message is as much as an invocation can do: in a batch the parts of a mass of notices would wait for each other.
        batchSize: 1,
        maxConcurrency: 4,
      },
      memorySize: 512,
      errorImpact: 'Notices wait: buyers or the seller are told late of what is recorded.',
      runbook: 'send-notices-failing',
      operations,
    });
  }
}

function publisher(sid: string, topic: ITopic, actions: readonly `sns:${string}`[]): Binding {
  return { value: topic.topicArn, statements: [allow(sid, actions, [topic.topicArn])] };
}
