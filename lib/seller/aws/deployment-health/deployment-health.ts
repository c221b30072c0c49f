import type { Instant } from '../../../domain/time.ts';
import type { Reading } from './reading.ts';
import type { WatcherQueue } from './watcher-queues.ts';

/** What AWS shows of a deployed watcher, judged by nobody yet. */
export interface DeploymentHealth {
  readonly stack: StackFacts;
  /** What the stack is made of, found by the list of its resources. */
  readonly resources: Reading<ResourceFacts>;
  /** Undefined: the output that names its table is missing. Null: there was none in the last days. */
  readonly lastSweep: Reading<SweepFacts | null> | undefined;
  /** Of the topics that the outputs name. */
  readonly topics: readonly TopicFacts[];
}

export interface StackFacts {
  readonly name: string;
  /** `UPDATE_COMPLETE` */
  readonly status: string;
  readonly statusReason: string | null;
  readonly createdAt: Instant;
  /** Keys of outputs that this version's stack has. */
  readonly missingOutputs: readonly string[];
}

export interface ResourceFacts {
  /** Undefined: the stack has no schedule. */
  readonly schedule: Reading<ScheduleFacts> | undefined;
  readonly queues: readonly {
    readonly queue: WatcherQueue;
    readonly counts: Reading<QueueCounts>;
  }[];
  readonly alarms: Reading<AlarmFacts>;
}

export interface ScheduleFacts {
  readonly name: string;
  readonly enabled: boolean;
  /** `rate(15 minutes)` */
  readonly expression: string;
}

export interface SweepFacts {
  readonly tick: Instant;
  readonly buyers: number;
}

/** About how many messages; SQS promises no more. */
export interface QueueCounts {
  readonly waiting: number;
  readonly inWork: number;
}

export interface AlarmFacts {
  readonly alarms: readonly Alarm[];
  /** Of the stack, and not there. */
  readonly missing: readonly string[];
}

export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  readonly since: Instant | null;
  readonly description: string;
  /** False: whatever it finds, it tells nobody. */
  readonly rings: boolean;
}

export interface TopicFacts {
  readonly topic: 'seller' | 'operations';
  readonly arn: string;
  readonly subscriptions: Reading<readonly Subscription[]>;
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}
