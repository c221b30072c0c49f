import type { Log } from '../../lib/observability/log.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { RegistrationEvent } from './events.ts';

/** Warnings are what an operator should look into: a stranger, or a buyer whose stack does not do what it says. */
export function logEvent(log: Log, event: RegistrationEvent): void {
  switch (event.type) {
    case 'MessageMalformed': {
      const { messageId, problem } = event;
      log.warn(MESSAGES.registrationMalformed, { messageId, problem });
      return;
    }
    case 'ResponseAddressForged': {
      const { stackId, reason } = event;
      log.warn(MESSAGES.registrationForged, { stackId, reason });
      return;
    }
    case 'RequestAnswered': {
      const { stackId, requestType, logicalResourceId, status, reason } = event;
      const message = status === 'FAILED' ? MESSAGES.registrationRefused : MESSAGES.registrationAnswered;
      log[status === 'FAILED' ? 'warn' : 'info'](message, { stackId, requestType, logicalResourceId, status, reason });
      return;
    }
    case 'AnswerRefused': {
      const { stackId, reason } = event;
      log.warn(MESSAGES.registrationUnheard, { stackId, reason });
      return;
    }
    case 'RequestPostponed': {
      const { stackId, seconds, reason } = event;
      log.info(MESSAGES.registrationPostponed, { stackId, seconds, reason });
      return;
    }
    case 'PostponeFailed':
      log.error(MESSAGES.registrationNotPostponed, { messageId: event.messageId }, event.error);
      return;
    case 'BuyerRegistered': {
      const { buyerAccountId, stackId, selfTest } = event;
      log.info(MESSAGES.buyerRegistered, { buyerAccountId, stackId, selfTest });
      return;
    }
    case 'EnrolmentBegan': {
      const { buyerAccountId, until } = event;
      log.info(MESSAGES.enrolmentBegan, { buyerAccountId, until });
      return;
    }
    case 'EnrolmentFull': {
      const { buyerAccountId, reason } = event;
      log.warn(MESSAGES.enrolmentFull, { buyerAccountId, reason });
      return;
    }
    case 'BuyerEnrolled': {
      const { buyerAccountId, productIds } = event;
      log.info(MESSAGES.buyerEnrolled, { buyerAccountId, productIds });
      return;
    }
    case 'EnrolmentEnded': {
      const { buyerAccountId, reason } = event;
      log.info(MESSAGES.enrolmentEnded, { buyerAccountId, reason });
      return;
    }
    case 'EnrolmentUnseen': {
      const { buyerAccountId, reason } = event;
      log.info(MESSAGES.enrolmentUnseen, { buyerAccountId, reason });
      return;
    }
    case 'FarewellDoubted': {
      const { buyerAccountId, stackId, reason } = event;
      log.warn(MESSAGES.farewellDoubted, { buyerAccountId, stackId, reason });
      return;
    }
    case 'FarewellWithoutEffect': {
      const { stackId, reason } = event;
      log.info(MESSAGES.farewellWithoutEffect, { stackId, reason });
      return;
    }
    case 'WatchEnded': {
      const { buyerAccountId, contracts, reason } = event;
      log.info(MESSAGES.watchEnded, { buyerAccountId, contracts, reason });
      return;
    }
    case 'MessageFailed':
      log.error(MESSAGES.messageFailed, { messageId: event.messageId }, event.error);
      return;
  }
}
