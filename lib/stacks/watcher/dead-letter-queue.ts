import { Duration } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { RunbookAnchor } from './runbook.ts';
import { WatcherAlarm } from './watcher-alarm.ts';

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

export interface DeadLetterQueueProps {
  readonly what: string;
  readonly errorImpact: string;
  readonly runbook: RunbookAnchor;
  readonly operations: ITopic;
}

/** Where messages wait for a person, for as long as SQS can keep them; the first one rings. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself where messages end that were given up.',
    });
    new WatcherAlarm(this, 'Alarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      threshold: 1,
      periods: 1,
      ...props,
    });
  }
}
