import { COMMON_MESSAGES, REGISTRATION_MESSAGES } from '../../lib/observability/common-messages.ts';
import { METRICS } from '../../lib/messages/names.ts';
import type { Observability } from '../../lib/observability/handler.ts';
import type { RegistrationEvent } from './events.ts';

/** Warnings are what an operator should look into: a stranger, or a buyer whose stack does not do what it says. */
export function logEvent(
  { log, meter }: Pick<Observability, 'log' | 'meter'>,
  event: RegistrationEvent,
): void {
  switch (event.type) {
    case 'MessageMalformed': {
      const { messageId, problem } = event;
      log.warn(REGISTRATION_MESSAGES.registrationMalformed, { messageId, problem });
      return;
    }
    case 'ResponseAddressForged': {
      const { stackId, reason } = event;
      log.warn(REGISTRATION_MESSAGES.registrationForged, { stackId, reason });
      return;
    }
    case 'RequestAnswered': {
      const { stackId, requestType, logicalResourceId, status, reason } = event;
      const keys = { stackId, requestType, logicalResourceId, status, reason };
      if (status === 'FAILED') log.warn(REGISTRATION_MESSAGES.registrationRefused, keys);
      else log.info(REGISTRATION_MESSAGES.registrationAnswered, keys);
      return;
    }
    case 'AnswerRefused': {
      const { stackId, reason, withheld } = event;
      if (withheld) {
        meter.measure(METRICS.registrationsWithheld, 1);
        log.warn(REGISTRATION_MESSAGES.registrationWithheld, { stackId, reason });
      } else log.warn(REGISTRATION_MESSAGES.registrationAnswerRefused, { stackId, reason });
      return;
    }
    case 'RequestPostponed': {
      const { stackId, seconds, reason } = event;
      log.info(REGISTRATION_MESSAGES.registrationPostponed, { stackId, seconds, reason });
      return;
    }
    case 'PostponeFailed':
      log.error(
        REGISTRATION_MESSAGES.registrationNotPostponed,
        { messageId: event.messageId },
        event.error,
      );
      return;
    case 'BuyerRegistered': {
      const { buyerAccountId, stackId, selfTest } = event;
      log.info(REGISTRATION_MESSAGES.buyerRegistered, { buyerAccountId, stackId, selfTest });
      return;
    }
    case 'EnrolmentBegan': {
      const { buyerAccountId, until } = event;
      log.info(REGISTRATION_MESSAGES.enrolmentBegan, { buyerAccountId, until });
      return;
    }
    case 'EnrolmentFull': {
      const { buyerAccountId, reason } = event;
      log.warn(REGISTRATION_MESSAGES.enrolmentFull, { buyerAccountId, reason });
      return;
    }
    case 'BuyerEnrolled': {
      const { buyerAccountId, productIds } = event;
      log.info(REGISTRATION_MESSAGES.buyerEnrolled, { buyerAccountId, productIds });
      return;
    }
    case 'EnrolmentEnded': {
      const { buyerAccountId, reason } = event;
      log.info(REGISTRATION_MESSAGES.enrolmentEnded, { buyerAccountId, reason });
      return;
    }
    case 'EnrolmentUnseen': {
      const { buyerAccountId, reason } = event;
      log.info(REGISTRATION_MESSAGES.enrolmentUnseen, { buyerAccountId, reason });
      return;
    }
    case 'FarewellDoubted': {
      const { buyerAccountId, stackId, reason } = event;
      log.warn(REGISTRATION_MESSAGES.farewellDoubted, { buyerAccountId, stackId, reason });
      return;
    }
    case 'FarewellWithoutEffect': {
      const { stackId, reason } = event;
      log.info(REGISTRATION_MESSAGES.farewellWithoutEffect, { stackId, reason });
      return;
    }
    case 'WatchEnded': {
      const { buyerAccountId, contracts, reason } = event;
      log.info(REGISTRATION_MESSAGES.watchEnded, { buyerAccountId, contracts, reason });
      return;
    }
    case 'MessageFailed': {
      const { messageId, receiveCount, error } = event;
      log.error(COMMON_MESSAGES.messageFailed, { messageId, receiveCount }, error);
      return;
    }
  }
}
