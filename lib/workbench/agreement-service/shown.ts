import type { Agreement } from './agreement.ts';
import type { Body } from './operation.ts';

/** Members that a summary and a description have in common. */
export const agreementType = { agreementType: 'PurchaseAgreement' };

/** JSON 1.0 writes instants as epoch seconds. */
export function seconds(at: number): number {
  return at / 1000;
}

export function acceptedAt({ acceptanceTime, startTime }: Agreement): Body {
  return { acceptanceTime: seconds(acceptanceTime), startTime: seconds(startTime) };
}

export function shownEnd({ endTime }: Agreement): Body {
  return endTime === undefined ? {} : { endTime: seconds(endTime) };
}

export function parties({ acceptorAccountId, proposerAccountId }: Agreement): Body {
  return {
    acceptor: { accountId: acceptorAccountId },
    proposer: { accountId: proposerAccountId },
  };
}

export function proposalSummary({ product: { id, type }, offer }: Agreement): Body {
  return { proposalSummary: { resources: [{ id, type }], offerId: offer.id } };
}
