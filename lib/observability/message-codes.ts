/** One message of the log: queries and runbooks search for the code, people read the sentence. */
export interface LogMessage {
  /** Stable for ever: never reused for another meaning. */
  readonly code: string;
  readonly sentence: string;
}

/** Every message that the functions log. What varies stands in keys beside it, never in the sentence. */
export const MESSAGES = {
  started: { code: 'STARTED', sentence: 'The invocation started.' },
  completed: { code: 'COMPLETED', sentence: 'The invocation completed.' },
  failed: { code: 'FAILED', sentence: 'The invocation failed; what called it tries again or keeps the event.' },

  messageMalformed: {
    code: 'MESSAGE_MALFORMED',
    sentence: 'A queue message does not have the shape agreed on; it goes to the dead-letter queue.',
  },
  messageFailed: {
    code: 'MESSAGE_FAILED',
    sentence: 'A queue message could not be worked off; the queue delivers it again.',
  },

  sweepStarted: { code: 'SWEEP_STARTED', sentence: 'A sweep sent its checks.' },
  buyerWithoutContracts: {
    code: 'BUYER_WITHOUT_CONTRACTS',
    sentence: 'An active buyer has no product that is configured and watched; nothing is checked for it.',
  },
  queueEntryRetried: {
    code: 'QUEUE_ENTRY_RETRIED',
    sentence: 'The queue refused single entries of a batch; they are sent again.',
  },

  checkDropped: {
    code: 'CHECK_DROPPED',
    sentence: 'A check came more than one tick late; it is dropped, the next sweep checks again.',
  },
  checkFailed: { code: 'CHECK_FAILED', sentence: 'A check saw nothing of a contract.' },
  checkNotStarted: {
    code: 'CHECK_NOT_STARTED',
    sentence: 'Too little time was left to start a buyer; the queue delivers it again.',
  },
  checkNotResent: {
    code: 'CHECK_NOT_RESENT',
    sentence: 'A buyer could not be sent to the checks queue again; the queue delivers the whole message again.',
  },
  productUnknown: {
    code: 'PRODUCT_UNKNOWN',
    sentence: 'A contract of a product that is not configured any more is not looked at.',
  },
  otherLicenseDrawn: {
    code: 'OTHER_LICENSE_DRAWN',
    sentence: 'A probe drew on a license that the reads of the same check do not show.',
  },
  checkInFailed: {
    code: 'CHECK_IN_FAILED',
    sentence: 'A probe could not be checked in; License Manager takes it back when its time to live is over.',
  },
  usageUnread: {
    code: 'USAGE_UNREAD',
    sentence: 'What is used of a license could not be read, though it is not denied; the check went on without it.',
  },
  entryRecorded: { code: 'ENTRY_RECORDED', sentence: 'A ledger entry was recorded.' },
  raceLost: { code: 'RACE_LOST', sentence: 'Another check recorded first; the contract is decided again.' },
  recordFailed: {
    code: 'RECORD_FAILED',
    sentence: 'A decision could not be recorded; the buyer is sent to the checks queue again, alone.',
  },
  nudgeFailed: {
    code: 'NUDGE_FAILED',
    sentence: 'The notices queue could not be nudged; the next sweep sends the notices on.',
  },

  noticeTold: { code: 'NOTICE_TOLD', sentence: 'A notice was published and marked told.' },
  noticeHeld: { code: 'NOTICE_HELD', sentence: 'A notice is held: its topic has no confirmed subscription.' },
  noticeSuperseded: { code: 'NOTICE_SUPERSEDED', sentence: 'A notice was no longer true and is not sent.' },
  noticeUndeliverable: {
    code: 'NOTICE_UNDELIVERABLE',
    sentence: 'A notice cannot reach its buyer; where it matters the seller is asked to tell them.',
  },
  noticeLeft: { code: 'NOTICE_LEFT', sentence: 'Nothing to send: another delivery was first, or is at it.' },
  settleLost: {
    code: 'SETTLE_LOST',
    sentence: 'A notice was published but somebody else changed its mark; it may have been told twice.',
  },
  simulationSent: {
    code: 'SIMULATION_SENT',
    sentence:
      'A notice of something that did not happen was published, marked as a test, because somebody asked for it.',
  },
  digestTold: { code: 'DIGEST_TOLD', sentence: 'The seller was sent one digest.' },
  digestLeft: { code: 'DIGEST_LEFT', sentence: 'The digest of this tick was already begun, or nothing is due.' },

  registrationReceived: { code: 'REGISTRATION_RECEIVED', sentence: 'A buyer stack asks to register or says farewell.' },
  registrationAnswered: { code: 'REGISTRATION_ANSWERED', sentence: 'CloudFormation was answered.' },
  registrationRefused: { code: 'REGISTRATION_REFUSED', sentence: 'A registration was refused.' },
  registrationPostponed: {
    code: 'REGISTRATION_POSTPONED',
    sentence: 'The reading role cannot be assumed yet; the registration is tried again shortly.',
  },
  registrationMalformed: {
    code: 'REGISTRATION_MALFORMED',
    sentence: 'A message of the registration queue is no request; it is dropped, as anyone may send them.',
  },
  registrationForged: {
    code: 'REGISTRATION_FORGED',
    sentence: 'A request wants its answer elsewhere than in CloudFormation’s bucket; it is dropped.',
  },
  registrationUnheard: {
    code: 'REGISTRATION_UNHEARD',
    sentence: 'CloudFormation’s bucket refused the answer: the request was forged, or nobody waits any more.',
  },
  registrationNotPostponed: {
    code: 'REGISTRATION_NOT_POSTPONED',
    sentence: 'The retry of a registration could not be set; the queue’s own visibility timeout counts.',
  },
  buyerRegistered: { code: 'BUYER_REGISTERED', sentence: 'A buyer is registered.' },
  enrolmentBegan: {
    code: 'ENROLMENT_BEGAN',
    sentence: 'An account that nobody invited enrols itself; it is watched once a license of a product is seen.',
  },
  enrolmentFull: {
    code: 'ENROLMENT_FULL',
    sentence: 'An account did not enrol: as many as may have begun to in this hour.',
  },
  buyerEnrolled: {
    code: 'BUYER_ENROLLED',
    sentence: 'An account that nobody invited showed a license and is watched.',
  },
  enrolmentEnded: { code: 'ENROLMENT_ENDED', sentence: 'An enrolment came to nothing; the account is not watched.' },
  enrolmentUnseen: {
    code: 'ENROLMENT_UNSEEN',
    sentence: 'The licenses of an enrolling account could not be read; they are looked for again.',
  },
  farewellDoubted: {
    code: 'FAREWELL_DOUBTED',
    sentence: 'A stack is said to be deleted, but its role still works or nobody could tell; nothing was recorded.',
  },
  farewellWithoutEffect: { code: 'FAREWELL_WITHOUT_EFFECT', sentence: 'A stack was deleted that nothing depends on.' },
  watchEnded: { code: 'WATCH_ENDED', sentence: 'The watch of a buyer ended.' },
} as const satisfies Record<string, LogMessage>;
