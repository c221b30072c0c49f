/** One message of the log: queries and runbooks search for the code, people read the sentence. */
export interface LogMessage {
  /** Stable for ever: never reused for another meaning. */
  readonly code: string;
  readonly sentence: string;
}

/** What more than one function logs. */
export const COMMON_MESSAGES = {
  started: { code: 'STARTED', sentence: 'The invocation started.' },
  completed: { code: 'COMPLETED', sentence: 'The invocation completed.' },
  failed: {
    code: 'FAILED',
    sentence: 'The invocation failed; what called it tries again or keeps the event.',
  },
  messageMalformed: {
    code: 'MESSAGE_MALFORMED',
    sentence:
      'A queue message does not have the shape agreed on; it goes to the dead-letter queue.',
  },
  messageFailed: {
    code: 'MESSAGE_FAILED',
    sentence: 'A queue message could not be worked off; the queue delivers it again.',
  },
  checkInFailed: {
    code: 'CHECK_IN_FAILED',
    sentence:
      'A probe could not be checked in; License Manager takes it back when its time to live is over.',
  },
} as const satisfies Record<string, LogMessage>;
