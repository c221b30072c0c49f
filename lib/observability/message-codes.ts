import { COMMON_MESSAGES, type LogMessage, REGISTRATION_MESSAGES } from './common-messages.ts';

export type { LogMessage };

/** Every message that the functions log. What varies stands in keys beside it, never in the sentence. */
export const MESSAGES = {
  ...COMMON_MESSAGES,
  ...REGISTRATION_MESSAGES,

  sweepStarted: { code: 'SWEEP_STARTED', sentence: 'A sweep sent its checks.' },
  lastSeenRead: {
    code: 'LAST_SEEN_READ',
    sentence:
      'It was read when each contract was last seen; hours are those of the one that was seen longest ago.',
  },
  lastSeenUnread: {
    code: 'LAST_SEEN_UNREAD',
    sentence:
      'When contracts were last seen could not be read; the first sweep of the next hour tries again.',
  },
  contractsUnrecorded: {
    code: 'CONTRACTS_UNRECORDED',
    sentence:
      'What AWS says of some contracts could not be recorded at their last check: "license-watcher buyers" names them.',
  },
  buyersWithoutContracts: {
    code: 'BUYERS_WITHOUT_CONTRACTS',
    sentence:
      'Active buyers have no product that is configured and watched; nothing is checked for them.',
  },
  buyerNotWatched: {
    code: 'BUYER_NOT_WATCHED',
    sentence: 'A check was asked for of a buyer who is not watched.',
  },
  buyersUnread: {
    code: 'BUYERS_UNREAD',
    sentence: 'The table did not say whom to check; the message comes again.',
  },
  enrolmentsNotAsked: {
    code: 'ENROLMENTS_NOT_ASKED',
    sentence:
      'The registrations queue did not take that enrolling buyers are to be looked at; the next sweep asks again.',
  },
  profileUnreadable: {
    code: 'PROFILE_UNREADABLE',
    sentence: 'The profile of a buyer cannot be read; nobody looks at its contracts.',
  },
  indexBehind: {
    code: 'INDEX_BEHIND',
    sentence:
      'The profile of a buyer says otherwise than its index did; nothing is written of this check.',
  },

  agreementsRead: {
    code: 'AGREEMENTS_READ',
    sentence: 'What AWS changed of the seller’s agreements was read, and what follows asked for.',
  },
  agreementsUnread: {
    code: 'AGREEMENTS_UNREAD',
    sentence:
      'The seller’s agreements could not be read; nothing is concluded from that, and the next reading tries again.',
  },
  agreementEventUnknown: {
    code: 'AGREEMENT_EVENT_UNKNOWN',
    sentence: 'The queue of agreement events held something else; it is dropped.',
  },
  checkDropped: {
    code: 'CHECK_DROPPED',
    sentence: 'A check came more than one tick late; it is dropped, the next sweep checks again.',
  },
  checkFailed: { code: 'CHECK_FAILED', sentence: 'A check saw nothing of a contract.' },
  checkNotStarted: {
    code: 'CHECK_NOT_STARTED',
    sentence: 'Too little time was left to start a buyer; it is asked for again.',
  },
  checkNotResent: {
    code: 'CHECK_NOT_RESENT',
    sentence:
      'The rest of a range could not be sent to the checks queue; the queue delivers the whole message again.',
  },
  checkGivenUp: {
    code: 'CHECK_GIVEN_UP',
    sentence:
      'Of a range something was left after its last round; the next sweep asks for it again.',
  },
  productUnknown: {
    code: 'PRODUCT_UNKNOWN',
    sentence:
      'Active buyers have contracts of a product that is not configured any more; nobody looks at them.',
  },
  otherLicenseDrawn: {
    code: 'OTHER_LICENSE_DRAWN',
    sentence: 'A probe drew on a license that the reads of the same check do not show.',
  },
  usageUnread: {
    code: 'USAGE_UNREAD',
    sentence:
      'What is used of a license could not be read, though it is not denied; the check went on without it.',
  },
  seenUsageUnreadable: {
    code: 'SEEN_USAGE_UNREADABLE',
    sentence:
      'What was seen in use of a contract before cannot be read; the check went on without usage.',
  },
  recordFailed: {
    code: 'RECORD_FAILED',
    sentence: 'A decision could not be recorded; the buyer is asked for again, alone.',
  },
  failureNotRecorded: {
    code: 'FAILURE_NOT_RECORDED',
    sentence:
      'That a contract cannot be recorded could not be written down either; the next sweep tries both again.',
  },
  noticesNotQueued: {
    code: 'NOTICES_NOT_QUEUED',
    sentence: 'The notices queue did not take all messages; the next sweep sends the notices on.',
  },

  noticeTold: { code: 'NOTICE_TOLD', sentence: 'A notice was published and marked told.' },
  noticeWaits: {
    code: 'NOTICE_WAITS',
    sentence: 'A notice waits: its topic has no confirmed subscription.',
  },
  noticeSuperseded: {
    code: 'NOTICE_SUPERSEDED',
    sentence: 'A notice was no longer true and is not sent.',
  },
  noticeUndeliverable: {
    code: 'NOTICE_UNDELIVERABLE',
    sentence: 'A notice cannot reach its buyer; where it matters the seller is asked to tell them.',
  },
  noticeLeft: {
    code: 'NOTICE_LEFT',
    sentence: 'Nothing to send: another delivery was first, or is at it.',
  },
  topicsLeft: {
    code: 'TOPICS_LEFT',
    sentence:
      'The time did not suffice to look who reads the topics of some buyers; they are looked at a day later.',
  },
  reachabilityDiffers: {
    code: 'REACHABILITY_DIFFERS',
    sentence: 'Whether notices reach a buyer, or one of its addresses, is not as it was.',
  },
  noticesLeft: {
    code: 'NOTICES_LEFT',
    sentence:
      'The time did not suffice for all notices that are due; their message comes again, or the next sweep has the rest sent.',
  },
  settleLost: {
    code: 'SETTLE_LOST',
    sentence:
      'A notice was published but somebody else changed its mark; it may have been told twice.',
  },
  simulationSent: {
    code: 'SIMULATION_SENT',
    sentence:
      'A notice of something that did not happen was published, marked as a test, because somebody asked for it.',
  },
  digestTold: { code: 'DIGEST_TOLD', sentence: 'The seller was sent a mail of a digest.' },
  digestLeft: {
    code: 'DIGEST_LEFT',
    sentence: 'The digest of this tick was told already, or nothing is due.',
  },
} as const satisfies Record<string, LogMessage>;
