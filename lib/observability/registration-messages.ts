import type { LogMessage } from './common-messages.ts';

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
  registrationUnheard: {
    code: 'REGISTRATION_UNHEARD',
    sentence:
      'CloudFormation’s bucket refused the answer: the request was forged, or nobody waits any more.',
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
    sentence: 'An account did not enrol: as many as may have begun to in this hour.',
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
