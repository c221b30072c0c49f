import { describe, errorName } from '../../aws/judge.ts';
import type { Instant } from '../../domain/time.ts';

/** What AWS shows about a deployed watcher, not judged yet. */
export interface DeploymentHealth {
  readonly stack: StackFacts;
  /** The parts of the stack, found in the list of its resources. */
  readonly resources: Reading<ResourceFacts>;
  /** Undefined: the output that names its table is missing. Null: there was no sweep in the last days. */
  readonly lastSweep: Reading<SweepFacts | null> | undefined;
  /** Hours up to the last sweep, the oldest first. Undefined: no sweep is known. */
  readonly checks: Reading<readonly HourOfChecks[]> | undefined;
  /** The topics that the outputs name. */
  readonly topics: readonly TopicFacts[];
}

export interface StackFacts {
  readonly name: string;
  /** `UPDATE_COMPLETE` */
  readonly status: string;
  readonly statusReason: string | null;
  readonly createdAt: Instant;
  /** Keys of outputs that this version's stack has and the deployed one lacks. */
  readonly missingOutputs: readonly string[];
}

export interface ResourceFacts {
  /** Undefined: the stack has no schedule. */
  readonly schedule: Reading<ScheduleFacts> | undefined;
  readonly queues: readonly {
    readonly queue: WatcherQueue;
    readonly counts: Reading<QueueCounts>;
  }[];
  /** How the functions get their work. */
  readonly sources: readonly {
    readonly content: SourceContent;
    readonly source: Reading<SourceFacts>;
  }[];
  readonly alarms: Reading<AlarmFacts>;
}

/** The event source mapping by which a function takes messages from a queue. */
export interface SourceFacts {
  /** The UUID of the event source mapping. */
  readonly uuid: string;
  /** `Enabled` */
  readonly state: string;
  readonly reason: string;
}

/** How many ranges of checks were done in an hour. */
export interface HourOfChecks {
  readonly at: Instant;
  readonly done: number;
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
  /** Alarms of the stack that do not exist. */
  readonly missing: readonly string[];
}

export interface Alarm {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  readonly since: Instant | null;
  readonly description: string;
  /** False: it tells nobody, whatever it finds. */
  readonly notifies: boolean;
}

export interface TopicFacts {
  readonly topic: 'seller' | 'operations';
  readonly arn: string;
  readonly subscriptions: Reading<readonly TopicSubscription[]>;
}

export interface TopicSubscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

/** What was read, or why it was not: if doctor may not look at one thing, it looks at the others. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** It does not exist. */
  | { readonly kind: 'gone'; readonly error: string }
  /** The caller may not; it would take `permission`. */
  | { readonly kind: 'denied'; readonly permission: string; readonly error: string }
  | { readonly kind: 'failed'; readonly error: string };

const DENIED =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation)$/;
/** The SDK's names for this in Scheduler and DynamoDB, in SNS, and in SQS by either of its protocols. */
const GONE =
  /^(ResourceNotFoundException|NotFoundException|NotFound|QueueDoesNotExist|.*NonExistentQueue)$/;

export async function reading<T>(permission: string, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (thrown) {
    const [name, error] = [errorName(thrown), describe(thrown)];
    if (DENIED.test(name)) return { kind: 'denied', permission, error };
    return GONE.test(name) ? { kind: 'gone', error } : { kind: 'failed', error };
  }
}

export interface WatcherQueue {
  readonly content:
    'checks' | 'notices' | 'registrations' | 'agreement events' | 'ticks' | 'Slack cards';
  /** True if what was given up waits in it. */
  readonly deadLetters: boolean;
}

/** The beginnings of the logical IDs of the stack's queues, as the runbook names them. */
const BEGINNINGS: readonly (readonly [string, WatcherQueue])[] = [
  ['QueuesChecksQueue', { content: 'checks', deadLetters: false }],
  ['QueuesChecksDeadLettersQueue', { content: 'checks', deadLetters: true }],
  ['QueuesNoticesQueue', { content: 'notices', deadLetters: false }],
  ['QueuesNoticesDeadLettersQueue', { content: 'notices', deadLetters: true }],
  ['QueuesRegistrationsQueue', { content: 'registrations', deadLetters: false }],
  ['QueuesRegistrationsDeadLettersQueue', { content: 'registrations', deadLetters: true }],
  ['ReadAgreementsEventsQueue', { content: 'agreement events', deadLetters: false }],
  ['ReadAgreementsEventsDeadLettersQueue', { content: 'agreement events', deadLetters: true }],
  ['QueuesLostTicksQueue', { content: 'ticks', deadLetters: true }],
  ['SlackLostQueue', { content: 'Slack cards', deadLetters: true }],
];

/** Undefined: a queue that this version does not know. */
export function watcherQueue(logicalId: string): WatcherQueue | undefined {
  return BEGINNINGS.find(([beginning]) => logicalId.startsWith(beginning))?.[1];
}

export type SourceContent = Exclude<WatcherQueue['content'], 'ticks' | 'Slack cards'>;

const SOURCES: readonly (readonly [string, SourceContent])[] = [
  ['CheckLicensesFunctionSource', 'checks'],
  ['SendNoticesFunctionSource', 'notices'],
  ['RegisterBuyerFunctionSource', 'registrations'],
  ['ReadAgreementsFunctionSource', 'agreement events'],
];

/** What the function takes by the event source mapping with this logical ID; undefined: this version does not know it. */
export function sourceContent(logicalId: string): SourceContent | undefined {
  return SOURCES.find(([beginning]) => logicalId.startsWith(beginning))?.[1];
}
