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

/** What register-buyer alone logs. */
export const REGISTRATION_MESSAGES = {
  registrationAnswered: { code: 'REGISTRATION_ANSWERED', sentence: 'CloudFormation was answered.' },
  registrationRefused: { code: 'REGISTRATION_REFUSED', sentence: 'A registration was refused.' },
  registrationPostponed: {
    code: 'REGISTRATION_POSTPONED',
    sentence: 'The reading role cannot be assumed yet; the registration is tried again shortly.',
  },
  registrationMalformed: {
    code: 'REGISTRATION_MALFORMED',
    sentence:
      'A message of the registration queue is no request; it is dropped, as anyone may send them.',
  },
  registrationForged: {
    code: 'REGISTRATION_FORGED',
    sentence:
      'A request wants its answer elsewhere than in CloudFormation’s bucket; it is dropped.',
  },
  registrationAnswerRefused: {
    code: 'REGISTRATION_ANSWER_REFUSED',
    sentence:
      'CloudFormation’s bucket refused the answer: the request was forged, or nobody waits any more.',
  },
  registrationWithheld: {
    code: 'REGISTRATION_WITHHELD',
    sentence:
      'CloudFormation’s bucket refused the answer to a request that would have changed a buyer’s profile; nothing of it took effect.',
  },
  registrationNotPostponed: {
    code: 'REGISTRATION_NOT_POSTPONED',
    sentence:
      'The retry of a registration could not be set; the queue’s own visibility timeout counts.',
  },
  buyerRegistered: { code: 'BUYER_REGISTERED', sentence: 'A buyer is registered.' },
  enrolmentBegan: {
    code: 'ENROLMENT_BEGAN',
    sentence:
      'An account that nobody invited enrols itself; it is watched once a license of a product is seen.',
  },
  enrolmentFull: {
    code: 'ENROLMENT_FULL',
    sentence: 'An account did not enrol: no more may in this hour.',
  },
  buyerEnrolled: {
    code: 'BUYER_ENROLLED',
    sentence: 'An account that nobody invited showed a license and is watched.',
  },
  enrolmentEnded: {
    code: 'ENROLMENT_ENDED',
    sentence: 'An enrolment came to nothing; the account is not watched.',
  },
  enrolmentUnseen: {
    code: 'ENROLMENT_UNSEEN',
    sentence: 'The licenses of an enrolling account could not be read; they are looked for again.',
  },
  farewellDoubted: {
    code: 'FAREWELL_DOUBTED',
    sentence:
      'A stack is said to be deleted, but its role still works or nobody could tell; nothing was recorded.',
  },
  farewellWithoutEffect: {
    code: 'FAREWELL_WITHOUT_EFFECT',
    sentence: 'A stack was deleted that nothing depends on.',
  },
  watchEnded: { code: 'WATCH_ENDED', sentence: 'The watch of a buyer ended.' },
} as const satisfies Record<string, LogMessage>;
