import type { Log } from '../../lib/observability/handler.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { CheckReport } from './dependencies.ts';

/** One line for each report of the work; a steady check has none. */
export function logCheck(log: Log, report: CheckReport): void {
  switch (report.kind) {
    case 'malformed-message':
      log.error(MESSAGES.messageMalformed, {
        messageId: report.messageId,
        problem: report.problem,
      });
      return;
    case 'too-old':
      log.warn(MESSAGES.checkDropped, {
        messageId: report.messageId,
        checkId: report.checkId,
        buyers: report.buyers,
      });
      return;
    case 'check-failed': {
      const { kind, cause, detail } = report.observation;
      log.warn(MESSAGES.checkFailed, {
        buyerAccountId: report.buyerAccountId,
        kind,
        cause,
        detail,
      });
      return;
    }
    case 'not-started':
      log.warn(MESSAGES.checkNotStarted, { buyerAccountId: report.buyerAccountId });
      return;
    case 'not-recorded':
      log.error(MESSAGES.recordFailed, { buyerAccountId: report.buyerAccountId }, report.error);
      return;
    case 'failure-not-recorded':
      log.error(MESSAGES.failureNotRecorded, { contract: report.contract }, report.error);
      return;
    case 'not-resent':
      log.error(MESSAGES.checkNotResent, { messageId: report.messageId }, report.error);
      return;
    case 'notices-not-queued':
      log.warn(MESSAGES.noticesNotQueued, { errors: report.errors.map(String) });
      return;
    case 'unknown-product':
      log.warn(MESSAGES.contractNotLookedAt, {
        buyerAccountId: report.buyerAccountId,
        productId: report.productId,
      });
      return;
    case 'check-in-failed':
      log.error(MESSAGES.checkInFailed, {
        buyerAccountId: report.buyerAccountId,
        productId: report.productId,
        entitlementName: report.entitlementName,
        unit: report.unit,
        problem: report.error,
      });
      return;
    case 'other-license-drawn':
      log.warn(MESSAGES.otherLicenseDrawn, {
        buyerAccountId: report.buyerAccountId,
        productId: report.productId,
        licenseArn: report.licenseArn,
      });
      return;
    case 'usage-unread':
      log.warn(MESSAGES.usageUnread, {
        buyerAccountId: report.buyerAccountId,
        productId: report.productId,
        licenseArn: report.licenseArn,
        problem: report.error,
      });
  }
}
