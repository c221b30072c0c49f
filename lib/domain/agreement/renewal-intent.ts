import { type Quantity, ZERO } from '../license/quantity.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import { between, DAY, type Instant, plus } from '../time.ts';
import { AGREEMENT_LIVES, type Agreement, type EndTimeBehavior } from './agreement.ts';

/** The price at which an agreement renews. */
export type RenewalPrice =
  | { readonly kind: 'same' }
  | { readonly kind: 'increased'; readonly percent: Quantity }
  /** The seller has not fixed the increase yet. */
  | { readonly kind: 'up-to'; readonly percent: Quantity }
  | { readonly kind: 'unknown' };

/** What happens at the end of an agreement, as AWS says today. Never a promise. */
export type RenewalIntent =
  | { readonly kind: 'renews'; readonly price: RenewalPrice }
  /** An agreement from another offer follows: a private offer passes into the public one. */
  | { readonly kind: 'replaced' }
  | { readonly kind: 'expires'; readonly because: ExpiryCause }
  /** There is no end at which anything could happen. */
  | { readonly kind: 'no-end' }
  | { readonly kind: 'unknown'; readonly why: UnknownIntent };

export type ExpiryCause =
  | 'buyer-switched-off'
  | 'seller-switched-off'
  | 'no-renewal-term'
  | 'renewals-used-up'
  /** AWS says that the agreement expires, but not why, or with a reason that this version does not know. */
  | 'unknown';

/** Why an intent is not known, in words. */
export const UNKNOWN_INTENTS = {
  'not-read': 'agreements are not read, or could not be read yet',
  'no-agreement':
    'the seller’s account has no agreement of this contract: it may have been sold by a reseller, or to another account of the buyer’s',
  'several-agreements': 'several agreements name it, and say different things',
  'not-active': 'the agreement is not active any more',
  'not-said': 'nothing is said of what happens at its end',
  'not-understood': 'AWS says what happens at its end in words that this version does not know',
  contradictory: 'AWS says that it renews, and why it does not',
} as const;
export type UnknownIntent = keyof typeof UNKNOWN_INTENTS;

/** Who switched the renewal off. */
export type RenewalParty = 'buyer' | 'seller';

export function unknownIntent(why: UnknownIntent): RenewalIntent {
  return { kind: 'unknown', why };
}

const EXPIRY_CAUSES = {
  ACCEPTOR_RENEW_OPTED_OUT: 'buyer-switched-off',
  PROPOSER_RENEW_OPTED_OUT: 'seller-switched-off',
  NO_RENEWAL_TERM: 'no-renewal-term',
  RENEWAL_LIMIT_EXHAUSTED: 'renewals-used-up',
  UNKNOWN: 'unknown',
} as const satisfies Readonly<Record<NonNullable<EndTimeBehavior['reason']>, ExpiryCause>>;

export function intentOf(
  agreement: Pick<Agreement, 'status' | 'end' | 'endTimeBehavior' | 'terms'>,
): RenewalIntent {
  const { status, end, endTimeBehavior } = agreement;
  if (AGREEMENT_LIVES[status] !== 'goes-on') return unknownIntent('not-active');
  if (end === null) return { kind: 'no-end' };
  if (endTimeBehavior === null) return unknownIntent('not-said');
  const { type, reason } = endTimeBehavior;
  switch (type) {
    case 'RENEW':
      return reason === null
        ? { kind: 'renews', price: priceOf(agreement) }
        : unknownIntent('contradictory');
    case 'REPLACE':
      return { kind: 'replaced' };
    case 'EXPIRE':
      return { kind: 'expires', because: reason === null ? 'unknown' : EXPIRY_CAUSES[reason] };
    case 'UNKNOWN':
      return unknownIntent('not-understood');
  }
}

function priceOf({ terms }: Pick<Agreement, 'terms'>): RenewalPrice {
  const increase = terms?.renewal?.priceIncrease ?? { kind: 'unknown' };
  switch (increase.kind) {
    case 'none':
      return { kind: 'same' };
    case 'fixed':
      return priceRise('increased', increase.percent);
    case 'range':
      return priceRise('up-to', increase.most);
    case 'unknown':
      return { kind: 'unknown' };
  }
}

function priceRise(kind: 'increased' | 'up-to', percent: Quantity): RenewalPrice {
  return percent === ZERO ? { kind: 'same' } : { kind, percent };
}

/** The party that switched the renewal off. Null: neither did. */
export function switchedOffBy(intent: RenewalIntent): RenewalParty | null {
  if (intent.kind !== 'expires') return null;
  if (intent.because === 'buyer-switched-off') return 'buyer';
  return intent.because === 'seller-switched-off' ? 'seller' : null;
}

/** True if a party's choice can still change the intent. Without a renewal term, or with renewals used up, there is nothing to choose. */
export function canBeChanged(intent: RenewalIntent): boolean {
  switch (intent.kind) {
    case 'renews':
    case 'replaced':
    case 'unknown':
      return true;
    case 'no-end':
      return false;
    case 'expires':
      return intent.because !== 'no-renewal-term' && intent.because !== 'renewals-used-up';
  }
}

/** AWS's renewal decision deadline: until then either party can change whether it renews. Null: there is none, or it is not known. */
export function decisionDeadline({ end, terms }: Pick<Agreement, 'end' | 'terms'>): Instant | null {
  return daysBefore(end, terms?.renewal?.lockoutDays ?? null);
}

/** The instant until which the seller can fix the price increase. Null: there is nothing to fix, or it is not known. */
export function adjustmentDeadline({
  end,
  terms,
}: Pick<Agreement, 'end' | 'terms'>): Instant | null {
  return daysBefore(end, terms?.renewal?.adjustmentDays ?? null);
}

function daysBefore(end: Instant | null, days: number | null): Instant | null {
  return end === null || days === null ? null : plus(end, -days * DAY);
}

/** The deadline until which the intent can be changed. Null: nobody has a choice, whatever the terms say, or no deadline is known. */
export function changeableUntil(intent: RenewalIntent, deadline: Instant | null): Instant | null {
  return canBeChanged(intent) ? deadline : null;
}

/** The parts of a license that tell which agreement it comes from. */
export interface EndingLicense {
  /** Null: it is not known which license it is. */
  readonly licenseArn: string | null;
  readonly end: Instant | null;
}

/**
 * The agreement that a license of the contract comes from: the one that names it; where none does, the only one that ends when the license
 * does. Of several, one that goes on comes first. A text: why none can be chosen.
 */
export function agreementOf(
  { licenseArn, end }: EndingLicense,
  ofContract: readonly Agreement[] | null,
): Agreement | UnknownIntent {
  if (ofContract === null) return 'not-read';
  const naming = ofContract.filter(
    ({ licenseArns }) => licenseArn !== null && licenseArns.includes(licenseArn),
  );
  const meant =
    naming.length > 0
      ? naming
      : ofContract.filter(
          (each) =>
            (licenseArn === null || each.licenseArns.length === 0) && isSameEnd(each.end, end),
        );
  const live = meant.filter(({ status }) => AGREEMENT_LIVES[status] === 'goes-on');
  const [first, ...others] = live.length > 0 ? live : meant.toSorted(byEnd).slice(-1);
  if (first === undefined) return 'no-agreement';
  const isOne = others.every((each) => saysSame(first, each));
  return isOne ? first : 'several-agreements';
}

/** True if both ends are at most a day apart, or both absent: a license ends when its agreement does, but terms count in whole days. */
export function isSameEnd(a: Instant | null, b: Instant | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(between(a, b)) <= DAY;
}

function saysSame(a: Agreement, b: Agreement): boolean {
  return canonicalJson([intentOf(a), a.end]) === canonicalJson([intentOf(b), b.end]);
}

function byEnd(a: Agreement, b: Agreement): number {
  const [first, second] = [a.end ?? '', b.end ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}
