import type { Quantity } from '../license/quantity.ts';
import type { Instant } from '../time.ts';

/** AWS's agreement statuses. `UNKNOWN`: a status that this version does not know, and from which it concludes nothing. */
export const AGREEMENT_STATUSES = [
  'ACTIVE',
  'ARCHIVED',
  'CANCELLED',
  'EXPIRED',
  'RENEWED',
  'REPLACED',
  'ROLLED_BACK',
  'SUPERSEDED',
  'TERMINATED',
  'UNKNOWN',
] as const;
export type AgreementStatus = (typeof AGREEMENT_STATUSES)[number];

/** Whether the agreement goes on, goes on in another one, or is over. A total table. */
export const AGREEMENT_LIVES = {
  ACTIVE: 'goes-on',
  RENEWED: 'succeeded',
  REPLACED: 'succeeded',
  SUPERSEDED: 'succeeded',
  CANCELLED: 'ended',
  EXPIRED: 'ended',
  TERMINATED: 'ended',
  // The agreement never came about.
  ROLLED_BACK: 'ended',
  // AWS does not say what happened before it was archived.
  ARCHIVED: 'unknown',
  UNKNOWN: 'unknown',
} as const satisfies Readonly<Record<AgreementStatus, string>>;

/** The status of an agreement that is over: AWS's cause of the end. */
export type EndedStatus = {
  [Status in AgreementStatus]: (typeof AGREEMENT_LIVES)[Status] extends 'ended' ? Status : never;
}[AgreementStatus];

export const END_TIME_BEHAVIORS = ['RENEW', 'REPLACE', 'EXPIRE', 'UNKNOWN'] as const;
export const END_TIME_REASONS = [
  'PROPOSER_RENEW_OPTED_OUT',
  'ACCEPTOR_RENEW_OPTED_OUT',
  'NO_RENEWAL_TERM',
  'RENEWAL_LIMIT_EXHAUSTED',
  'UNKNOWN',
] as const;

/** What happens at the end, as AWS says today. `UNKNOWN`: a word that this version does not know. */
export interface EndTimeBehavior {
  readonly type: (typeof END_TIME_BEHAVIORS)[number];
  readonly reason: (typeof END_TIME_REASONS)[number] | null;
}

/** By how many percent the price rises at a renewal. Never an amount of money. */
export type PriceIncrease =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly percent: Quantity }
  /** The seller fixes the increase by the adjustment deadline; else `otherwise` applies (null: AWS does not say). */
  | {
      readonly kind: 'range';
      readonly least: Quantity;
      readonly most: Quantity;
      readonly otherwise: Quantity | null;
    }
  /** This version cannot read it. */
  | { readonly kind: 'unknown' };

export interface RenewalTerm {
  /** The buyer's own wish, which alone decides nothing. Null: AWS does not say. */
  readonly wished: boolean | null;
  /** From this many days before the end, neither party can change whether it renews. 0: only from the end; null: cannot be read. */
  readonly lockoutDays: number | null;
  /** Until this many days before the end, the seller can fix the increase. Null: there is nothing to fix, or it cannot be read. */
  readonly adjustmentDays: number | null;
  readonly priceIncrease: PriceIncrease;
  /** How many times the agreement can renew in all; null: without limit. */
  readonly maxRenewals: number | null;
}

/** The quantity that was bought of a dimension, without its price. */
export interface AgreementQuantity {
  readonly name: string;
  /** Null: unlimited. */
  readonly quantity: Quantity | null;
}

/** The part of GetAgreementTerms that we store. */
export interface AgreementTerms {
  /** Null: there is no renewal term, so the agreement cannot renew. */
  readonly renewal: RenewalTerm | null;
  /** Sorted by name. */
  readonly quantities: readonly AgreementQuantity[];
}

/** A purchase, as AWS Marketplace tells the seller about it: SearchAgreements, DescribeAgreement, GetAgreementTerms. */
export interface Agreement {
  readonly agreementId: string;
  /** The first agreement of the chain of renewals and replacements, which may be this one; null: AWS does not say. */
  readonly initialAgreementId: string | null;
  /** The acceptor. */
  readonly buyerAccountId: string;
  /** The product's ID in the settings. */
  readonly productId: string;
  /** The SKU of the product, one of several, by which AWS names it here. */
  readonly productSku: string;
  readonly status: AgreementStatus;
  /** Null: AWS does not say. */
  readonly start: Instant | null;
  /** Null: there is no end (pay as you go, or year 9999 and beyond). */
  readonly end: Instant | null;
  /** When AWS last changed the agreement; null: AWS does not say. */
  readonly updatedAt: Instant | null;
  /** Null: AWS does not say, there is no end, or the agreement is over. */
  readonly endTimeBehavior: EndTimeBehavior | null;
  readonly offerId: string | null;
  /** The offer whose terms a renewal would have; null: AWS does not say. */
  readonly renewalOfferId: string | null;
  readonly licenseArns: readonly string[];
  /** Null: not read yet. */
  readonly terms: AgreementTerms | null;
}

/** The agreed terms that we compare. */
export interface AgreedTerms {
  readonly end: Instant | null;
  /** Null: not read. */
  readonly quantities: readonly AgreementQuantity[] | null;
  /** The instant until which either party can change whether it renews; null: there is no deadline, or it is not known. */
  readonly decideBy: Instant | null;
}

/** A point on which license and agreement differ, and what each says, in words. */
export interface Disagreement {
  readonly what: 'end' | 'quantity' | 'status';
  readonly license: string;
  readonly agreement: string;
}
