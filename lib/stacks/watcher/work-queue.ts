import { Duration, Validations } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { allow, type Binding } from './access.ts';
import { WatcherAlarm } from './watcher-alarm.ts';

/** Six times the functions' 60 seconds, as AWS advises for queues that feed a function. */
const VISIBILITY = Duration.minutes(6);
const OLDEST_MESSAGE = Duration.minutes(30);
/** How often SQS measures a queue. */
const MINUTE = Duration.minutes(1);

export interface WorkQueueProps {
  /** What waits in it, in the alarms' words: `checks`. */
  readonly content: string;
  /** Receives before a message is given up. */
  readonly maxReceiveCount: number;
  /** When a message comes back if its function died; default: 6 minutes. */
  readonly visibility?: Duration;
  readonly waiting: {
    readonly errorImpact: string;
    readonly runbook: string;
    /** The age at which the alarm rings; default: 30 minutes. If given, it rings within a minute: the sender gives up sooner. */
    readonly oldest?: Duration;
  };
  readonly givenUp: { readonly errorImpact: string; readonly runbook: string };
  readonly operations: ITopic;
}

/** A queue of work with its dead letters, encrypted, TLS only, and an alarm on each. */
export class WorkQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      what: `A message of the ${props.content} queue was given up.`,
      ...props.givenUp,
      operations: props.operations,
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: props.visibility ?? VISIBILITY,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: props.maxReceiveCount },
    });
    this.deadLetters = deadLetters.queue;
    const { oldest = OLDEST_MESSAGE, ...waiting } = props.waiting;
    const isPressing = props.waiting.oldest !== undefined;
    new WatcherAlarm(this, 'Waiting', {
      metric: this.queue.metricApproximateAgeOfOldestMessage(
        isPressing ? { period: MINUTE } : undefined,
      ),
      threshold: oldest.toSeconds(),
      periods: isPressing ? 1 : 2,
      what: `The oldest message of the ${props.content} queue has waited for ${oldest.toMinutes()} minutes.`,
      ...waiting,
      operations: props.operations,
    });
  }

  /** The binding of a function that sends. `SendMessage` covers SendMessageBatch. */
  sender(sid: string): Binding {
    return {
      value: this.queue.queueUrl,
      statements: [allow(sid, ['sqs:SendMessage'], [this.queue.queueArn])],
    };
  }
}

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

export interface DeadLetterQueueProps {
  readonly what: string;
  readonly errorImpact: string;
  readonly runbook: string;
  readonly operations: ITopic;
}

/** A queue in which messages wait for a person, for as long as SQS can keep them; the first one rings. */
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
      reason: 'It is itself the queue for messages that were given up.',
    });
    new WatcherAlarm(this, 'Alarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      threshold: 1,
      periods: 1,
      ...props,
    });
  }
}
