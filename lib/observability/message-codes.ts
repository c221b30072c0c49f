// Every message that the functions log, as `MESSAGES`: `import * as MESSAGES`, so that a bundle holds those that its function logs. What varies
// stands in keys beside it, never in the sentence.

/** One message of the log: queries and runbooks search for the code, people read the sentence. */
export interface LogMessage {
  /** Stable for ever: never reused for another meaning. */
  readonly code: string;
  readonly sentence: string;
}

// What more than one function logs.

export const started: LogMessage = { code: 'STARTED', sentence: 'The invocation started.' };
export const completed: LogMessage = { code: 'COMPLETED', sentence: 'The invocation completed.' };
export const failed: LogMessage = {
  code: 'FAILED',
  sentence: 'The invocation failed; its caller tries again or keeps the event.',
};
export const messageMalformed: LogMessage = {
  code: 'MESSAGE_MALFORMED',
  sentence: 'A queue message does not have the shape agreed on; it goes to the dead-letter queue.',
};
export const messageFailed: LogMessage = {
  code: 'MESSAGE_FAILED',
  sentence: 'A queue message could not be processed; the queue delivers it again.',
};
export const checkInFailed: LogMessage = {
  code: 'CHECK_IN_FAILED',
  sentence:
    'A probe could not be checked in; License Manager takes it back when its time to live is over.',
};

export const sweepStarted: LogMessage = {
  code: 'SWEEP_STARTED',
  sentence: 'A sweep sent its checks.',
};
export const lastSeenRead: LogMessage = {
  code: 'LAST_SEEN_READ',
  sentence:
    'The times when contracts were last seen were read; hours is the age of the oldest one.',
};
export const lastSeenUnread: LogMessage = {
  code: 'LAST_SEEN_UNREAD',
  sentence:
    'The times when contracts were last seen could not be read; the first sweep of the next hour tries again.',
};
export const contractsUnrecorded: LogMessage = {
  code: 'CONTRACTS_UNRECORDED',
  sentence:
    'Some contracts could not be recorded at their last check: "license-watcher buyers" names them.',
};
export const buyersWithoutContracts: LogMessage = {
  code: 'BUYERS_WITHOUT_CONTRACTS',
  sentence:
    'Active buyers have no product that is configured and watched; nothing is checked for them.',
};
export const buyerNotWatched: LogMessage = {
  code: 'BUYER_NOT_WATCHED',
  sentence: 'A check was requested for a buyer who is not watched.',
};
export const buyersUnread: LogMessage = {
  code: 'BUYERS_UNREAD',
  sentence: 'The buyers to check could not be read from the table; the message comes again.',
};
export const enrolmentsNotAsked: LogMessage = {
  code: 'ENROLMENTS_NOT_ASKED',
  sentence:
    'The registrations queue did not accept the requests to look at enrolling buyers; the next sweep asks again.',
};
export const profileUnreadable: LogMessage = {
  code: 'PROFILE_UNREADABLE',
  sentence: 'The profile of a buyer cannot be read; nobody looks at its contracts.',
};
export const itemUnreadable: LogMessage = {
  code: 'ITEM_UNREADABLE',
  sentence:
    'An item of the watch table cannot be read; what depends on it waits, and everything else goes on.',
};
export const indexBehind: LogMessage = {
  code: 'INDEX_BEHIND',
  sentence: 'The profile of a buyer contradicts its index; nothing is written from this check.',
};
export const agreementsRead: LogMessage = {
  code: 'AGREEMENTS_READ',
  sentence:
    'What AWS changed in the seller’s agreements was read, and the checks that follow were requested.',
};
export const agreementsUnread: LogMessage = {
  code: 'AGREEMENTS_UNREAD',
  sentence:
    'The seller’s agreements could not be read; nothing is concluded from that, and the next reading tries again.',
};
export const agreementMatter: LogMessage = {
  code: 'AGREEMENT_MATTER',
  sentence:
    'AWS says something about an agreement that the seller must act on; the next tick tells it.',
};
export const mattersTold: LogMessage = {
  code: 'MATTERS_TOLD',
  sentence: 'What AWS says besides agreements was told.',
};
export const requestsUnread: LogMessage = {
  code: 'REQUESTS_UNREAD',
  sentence:
    'The requests to cancel agreements cannot all be read; events still report them, and the list is read again in an hour.',
};
export const agreementEventUnknown: LogMessage = {
  code: 'AGREEMENT_EVENT_UNKNOWN',
  sentence: 'The queue of agreement events held something else; it is dropped.',
};
export const checkDropped: LogMessage = {
  code: 'CHECK_DROPPED',
  sentence: 'A check came more than one tick late; it is dropped, the next sweep checks again.',
};
export const checkFailed: LogMessage = {
  code: 'CHECK_FAILED',
  sentence: 'A check saw nothing of a contract.',
};
export const checkNotStarted: LogMessage = {
  code: 'CHECK_NOT_STARTED',
  sentence: 'Too little time was left to start a buyer; its check is requested again.',
};
export const checkNotResent: LogMessage = {
  code: 'CHECK_NOT_RESENT',
  sentence:
    'The rest of a range could not be sent to the checks queue; the queue delivers the whole message again.',
};
export const checkGivenUp: LogMessage = {
  code: 'CHECK_GIVEN_UP',
  sentence:
    'Some buyers of a range were left after its last round; the next sweep asks for them again.',
};
export const productUnknown: LogMessage = {
  code: 'PRODUCT_UNKNOWN',
  sentence:
    'Active buyers have contracts of a product that is not configured any more; nobody looks at them.',
};
export const otherLicenseDrawn: LogMessage = {
  code: 'OTHER_LICENSE_DRAWN',
  sentence: 'A probe drew on a license that the reads of the same check do not show.',
};
export const usageUnread: LogMessage = {
  code: 'USAGE_UNREAD',
  sentence:
    'The usage of a license could not be read, though it is not denied; the check went on without it.',
};
export const seenUsageUnreadable: LogMessage = {
  code: 'SEEN_USAGE_UNREADABLE',
  sentence:
    'The usage that was seen of a contract before cannot be read; the check went on without usage.',
};
export const recordFailed: LogMessage = {
  code: 'RECORD_FAILED',
  sentence: 'A decision could not be recorded; a check of that buyer alone is requested again.',
};
export const failureNotRecorded: LogMessage = {
  code: 'FAILURE_NOT_RECORDED',
  sentence:
    'A contract could not be recorded, nor could that failure; the next sweep tries both again.',
};
export const noticesNotQueued: LogMessage = {
  code: 'NOTICES_NOT_QUEUED',
  sentence: 'The notices queue did not accept all messages; the next sweep sends the notices.',
};
export const noticeTold: LogMessage = {
  code: 'NOTICE_TOLD',
  sentence: 'A notice was published and marked told.',
};
export const noticeWaits: LogMessage = {
  code: 'NOTICE_WAITS',
  sentence: 'A notice waits: its topic has no confirmed subscription.',
};
export const noticeSuperseded: LogMessage = {
  code: 'NOTICE_SUPERSEDED',
  sentence: 'A notice was no longer true and is not sent.',
};
export const noticeUndeliverable: LogMessage = {
  code: 'NOTICE_UNDELIVERABLE',
  sentence: 'A notice cannot reach its buyer; if it matters the seller is asked to tell them.',
};
export const noticeLeft: LogMessage = {
  code: 'NOTICE_LEFT',
  sentence: 'Nothing to send: another delivery was first, or is under way.',
};
export const eventPut: LogMessage = {
  code: 'EVENT_PUT',
  sentence: 'A notice was put on the event bus and marked told.',
};
export const eventsNotPut: LogMessage = {
  code: 'EVENTS_NOT_PUT',
  sentence: 'The event bus did not accept some events; the next tick tries them again.',
};
export const topicsLeft: LogMessage = {
  code: 'TOPICS_LEFT',
  sentence:
    'There was no time to check who reads the topics of some buyers; they are checked a day later.',
};
export const reachabilityDiffers: LogMessage = {
  code: 'REACHABILITY_DIFFERS',
  sentence: 'Whether notices reach a buyer, or one of its addresses, has changed.',
};
export const noticesLeft: LogMessage = {
  code: 'NOTICES_LEFT',
  sentence:
    'There was no time for all due notices; their message comes again, or the next sweep sends the rest.',
};
export const markLost: LogMessage = {
  code: 'MARK_LOST',
  sentence:
    'A notice was published but somebody else changed its mark; it may have been told twice.',
};
export const toldUnmarked: LogMessage = {
  code: 'TOLD_UNMARKED',
  sentence:
    'What a mail told the seller besides the notices could not be marked told; another mail may tell it again.',
};
export const ownerUnread: LogMessage = {
  code: 'OWNER_UNREAD',
  sentence:
    'The profile of a buyer cannot be read; the seller is told without its owner and contacts.',
};
export const simulationSent: LogMessage = {
  code: 'SIMULATION_SENT',
  sentence:
    'A notice of something that did not happen was published, marked as a test, because somebody asked for it.',
};
export const simulatedEventPut: LogMessage = {
  code: 'SIMULATED_EVENT_PUT',
  sentence:
    'An event of something that did not happen was put, marked as a test, because somebody asked for it.',
};
export const digestTold: LogMessage = {
  code: 'DIGEST_TOLD',
  sentence: 'A mail of a digest was sent to the seller.',
};
export const digestLeft: LogMessage = {
  code: 'DIGEST_LEFT',
  sentence: 'The digest of this tick was already told, or nothing is due.',
};

// What register-buyer alone logs.

export const registrationAnswered: LogMessage = {
  code: 'REGISTRATION_ANSWERED',
  sentence: 'CloudFormation was answered.',
};
export const registrationRefused: LogMessage = {
  code: 'REGISTRATION_REFUSED',
  sentence: 'A registration was refused.',
};
export const registrationPostponed: LogMessage = {
  code: 'REGISTRATION_POSTPONED',
  sentence: 'The reading role cannot be assumed yet; the registration is tried again shortly.',
};
export const registrationMalformed: LogMessage = {
  code: 'REGISTRATION_MALFORMED',
  sentence:
    'A message of the registration queue is no request; it is dropped, as anyone may send them.',
};
export const registrationForged: LogMessage = {
  code: 'REGISTRATION_FORGED',
  sentence:
    'A request wants its answer sent somewhere other than CloudFormation’s bucket; it is dropped.',
};
export const registrationAnswerRefused: LogMessage = {
  code: 'REGISTRATION_ANSWER_REFUSED',
  sentence:
    'CloudFormation’s bucket refused the answer: the request was forged, or nobody waits any more.',
};
export const registrationWithheld: LogMessage = {
  code: 'REGISTRATION_WITHHELD',
  sentence:
    'CloudFormation’s bucket refused the answer to a request that would have changed a buyer’s profile; nothing of it took effect.',
};
export const registrationNotPostponed: LogMessage = {
  code: 'REGISTRATION_NOT_POSTPONED',
  sentence:
    'The retry of a registration could not be scheduled; the queue’s own visibility timeout applies.',
};
export const buyerRegistered: LogMessage = {
  code: 'BUYER_REGISTERED',
  sentence: 'A buyer is registered.',
};
export const enrolmentBegan: LogMessage = {
  code: 'ENROLMENT_BEGAN',
  sentence:
    'An account that nobody invited enrols itself; it is watched once a license of a product is seen.',
};
export const enrolmentFull: LogMessage = {
  code: 'ENROLMENT_FULL',
  sentence: 'An account did not enrol: the limit of this hour is reached.',
};
export const buyerEnrolled: LogMessage = {
  code: 'BUYER_ENROLLED',
  sentence: 'An account that nobody invited showed a license and is now watched.',
};
export const enrolmentEnded: LogMessage = {
  code: 'ENROLMENT_ENDED',
  sentence: 'An enrolment came to nothing; the account is not watched.',
};
export const enrolmentUnseen: LogMessage = {
  code: 'ENROLMENT_UNSEEN',
  sentence: 'The licenses of an enrolling account could not be read; they are looked for again.',
};
export const farewellDoubted: LogMessage = {
  code: 'FAREWELL_DOUBTED',
  sentence:
    'A stack is said to be deleted, but its role still works or nobody could tell; nothing was recorded.',
};
export const farewellWithoutEffect: LogMessage = {
  code: 'FAREWELL_WITHOUT_EFFECT',
  sentence: 'A stack on which nothing depends was deleted.',
};
export const watchEnded: LogMessage = {
  code: 'WATCH_ENDED',
  sentence: 'The watch of a buyer ended.',
};
