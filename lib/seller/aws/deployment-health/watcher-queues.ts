export interface WatcherQueue {
  readonly content: 'checks' | 'notices' | 'registrations' | 'ticks';
  /** Whether what was given up waits in it. */
  readonly deadLetters: boolean;
}

/** How the logical IDs of the stack's queues begin, as the runbook names them. */
const BEGINNINGS: readonly (readonly [string, WatcherQueue])[] = [
  ['QueuesChecksQueue', { content: 'checks', deadLetters: false }],
  ['QueuesChecksDeadLettersQueue', { content: 'checks', deadLetters: true }],
  ['QueuesNoticesQueue', { content: 'notices', deadLetters: false }],
  ['QueuesNoticesDeadLettersQueue', { content: 'notices', deadLetters: true }],
  ['QueuesRegistrationsQueue', { content: 'registrations', deadLetters: false }],
  ['QueuesRegistrationsDeadLettersQueue', { content: 'registrations', deadLetters: true }],
  ['QueuesLostTicksQueue', { content: 'ticks', deadLetters: true }],
];

/** Undefined: a queue that this version does not know. */
export function watcherQueue(logicalId: string): WatcherQueue | undefined {
  return BEGINNINGS.find(([beginning]) => logicalId.startsWith(beginning))?.[1];
}
