import type { Agreement, RenewalTerm } from '../../lib/domain/agreement/agreement.ts';
import type { KeptAgreement } from '../../lib/domain/agreement/kept-agreement.ts';
import type { Cancellation } from '../../lib/domain/agreement/matter.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { BUYER, END, NOW } from './records.ts';
import { at } from './licenses.ts';

export const AGREEMENT_ID = 'agmt-0123456789abcdefghijklmno';

export function aRenewalTerm(changes: Partial<RenewalTerm> = {}): RenewalTerm {
  return {
    wished: true,
    lockoutDays: 30,
    adjustmentDays: null,
    priceIncrease: { kind: 'none' },
    maxRenewals: null,
    ...changes,
  };
}

/** A purchase of five seats that renews by itself at the same price. */
export function anAgreement(changes: Partial<Agreement> = {}): Agreement {
  return {
    agreementId: AGREEMENT_ID,
    initialAgreementId: AGREEMENT_ID,
    buyerAccountId: BUYER,
    productId: 'design-suite',
    productSku: 'prod-abcdefghijklm',
    status: 'ACTIVE',
    start: at('2026-02-01'),
    end: END,
    updatedAt: at('2026-02-01'),
    endTimeBehavior: { type: 'RENEW', reason: null },
    offerId: 'offer-abcdefghijklm',
    renewalOfferId: 'offer-abcdefghijklm',
    licenseArns: ['arn:aws:license-manager::294406891311:license:l-0123456789abcdef'],
    terms: {
      renewal: aRenewalTerm(),
      quantities: [{ name: 'ReadOnly', quantity: quantity(5) }],
    },
    ...changes,
  };
}

/** A request to cancel, as in AWS's event. */
export function aCancellation(changes: Partial<Cancellation> = {}): Cancellation {
  return {
    kind: 'cancellation',
    requestId: 'acr-0123456789abc',
    agreementId: AGREEMENT_ID,
    buyerAccountId: BUYER,
    productSku: 'prod-abcdefghijklm',
    saidBy: 'event',
    status: 'PENDING_APPROVAL',
    reason: 'BUYER_DISSATISFACTION',
    statusMessage: null,
    createdAt: at('2027-01-10T09:30'),
    updatedAt: at('2027-01-10T09:30'),
    ...changes,
  };
}

export function aKeptAgreement(
  changes: Partial<KeptAgreement> = {},
  of: Partial<Agreement> = {},
): KeptAgreement {
  return {
    agreement: anAgreement(of),
    foundAt: NOW,
    told: null,
    step: null,
    stepSince: NOW,
    revision: 1,
    ...changes,
  };
}
