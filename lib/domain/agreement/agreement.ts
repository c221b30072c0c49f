import type { Quantity } from '../license/quantity.ts';
import { DAY, type Instant, plus } from '../time.ts';

/** AWS's words. `UNKNOWN`: one that this version does not know, of which nothing is concluded. */
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
  // It never came about.
  ROLLED_BACK: 'ended',
  // Put away: AWS does not say after what.
  ARCHIVED: 'unknown',
  UNKNOWN: 'unknown',
} as const satisfies Readonly<Record<AgreementStatus, string>>;

/** Of an agreement that is over: AWS's cause. */
export type EndedStatus = {
  [Status in AgreementStatus]: (typeof AGREEMENT_LIVES)[Status] extends 'ended' ? Status : never;
}[AgreementStatus];

export function hasEndedStatus(status: AgreementStatus): status is EndedStatus {
  return AGREEMENT_LIVES[status] === 'ended';
}

export const END_TIME_BEHAVIORS = ['RENEW', 'REPLACE', 'EXPIRE', 'UNKNOWN'] as const;
export const END_TIME_REASONS = [
  'PROPOSER_RENEW_OPTED_OUT',
  'ACCEPTOR_RENEW_OPTED_OUT',
  'NO_RENEWAL_TERM',
  'RENEWAL_LIMIT_EXHAUSTED',
  'UNKNOWN',
] as const;

/** What AWS says today happens at the end. `UNKNOWN`: a word that this version does not know. */
export interface EndTimeBehavior {
  readonly type: (typeof END_TIME_BEHAVIORS)[number];
  readonly reason: (typeof END_TIME_REASONS)[number] | null;
}

/** By how much the price rises when it renews, in percent. Never an amount. */
export type PriceIncrease =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly percent: Quantity }
  /** The seller fixes it until the adjustment deadline; else `otherwise` applies (null: AWS does not say). */
  | {
      readonly kind: 'range';
      readonly least: Quantity;
      readonly most: Quantity;
      readonly otherwise: Quantity | null;
    }
  /** Not as this version reads it. */
  | { readonly kind: 'unknown' };

export interface RenewalTerm {
  /** The buyer's own wish: alone it decides nothing. Null: AWS does not say. */
  readonly wished: boolean | null;
  /** Days before the end from which neither party can change whether it renews; 0: up to the end; null: not as this version reads it. */
  readonly lockoutDays: number | null;
  /** Days before the end until which the seller fixes the increase; null: there is nothing to fix, or not as this version reads it. */
  readonly adjustmentDays: number | null;
  readonly priceIncrease: PriceIncrease;
  /** How often it can renew in all; null: without limit. */
  readonly maxRenewals: number | null;
}

/** What was bought of a dimension, without its price. */
export interface AgreementQuantity {
  readonly name: string;
  /** Null: unlimited. */
  readonly quantity: Quantity | null;
}

/** What GetAgreementTerms says, as far as we keep it. */
export interface AgreementTerms {
  /** Null: there is none, so it cannot renew. */
  readonly renewal: RenewalTerm | null;
  /** By name. */
  readonly quantities: readonly AgreementQuantity[];
}

/** A purchase, as AWS Marketplace tells the seller of it: SearchAgreements, DescribeAgreement, GetAgreementTerms. */
export interface Agreement {
  readonly agreementId: string;
  /** The first of the chain of renewals and replacements, itself where it is the first; null: AWS does not say. */
  readonly initialAgreementId: string | null;
  /** The acceptor. */
  readonly buyerAccountId: string;
  /** Of the settings. */
  readonly productId: string;
  /** What AWS calls the product: one of its SKUs. */
  readonly productSku: string;
  readonly status: AgreementStatus;
  /** Null: AWS does not say. */
  readonly start: Instant | null;
  /** Null: it has none (pay as you go, or year 9999 and beyond). */
  readonly end: Instant | null;
  /** When AWS changed it last; null: AWS does not say. */
  readonly updatedAt: Instant | null;
  /** Null: AWS does not say, or there is no end, or it is over. */
  readonly endTimeBehavior: EndTimeBehavior | null;
  readonly offerId: string | null;
  /** From whose terms it would renew; null: AWS does not say. */
  readonly renewalOfferId: string | null;
  readonly licenseArns: readonly string[];
  /** Null: not read yet. */
  readonly terms: AgreementTerms | null;
}

/** What was agreed, as far as it is compared. */
export interface AgreedTerms {
  readonly end: Instant | null;
  /** Null: not read. */
  readonly quantities: readonly AgreementQuantity[] | null;
  /** Until when either party can change whether it renews; null: there is no deadline, or it is not known. */
  readonly decideBy: Instant | null;
}

/** Where license and agreement say different things, each in words. */
export interface Disagreement {
  readonly what: 'end' | 'quantity' | 'status';
  readonly license: string;
  readonly agreement: string;
}

/** Until when either party can change whether it renews: AWS's renewal decision deadline. Null: there is none, or it is not known. */
export function decisionDeadline({ end, terms }: Pick<Agreement, 'end' | 'terms'>): Instant | null {
  return daysBefore(end, terms?.renewal?.lockoutDays ?? null);
}

/** Until when the seller fixes the increase of the price. Null: there is nothing to fix, or it is not known. */
export function adjustmentDeadline({
  end,
  terms,
}: Pick<Agreement, 'end' | 'terms'>): Instant | null {
  return daysBefore(end, terms?.renewal?.adjustmentDays ?? null);
}

function daysBefore(end: Instant | null, days: number | null): Instant | null {
  return end === null || days === null ? null : plus(end, -days * DAY);
}
