import type { CanonicalState, Usage } from '../contract.ts';
import { knownProduct } from '../known-product.ts';
import { isOwned, MARKETPLACE_USAGE } from '../licenses.ts';
import { purchaseOf } from '../purchase.ts';
import { bearingLicenses } from '../succession.ts';
import type { Instant } from '../time.ts';
import { amount, amountUsed, type Count } from './amounts.ts';
import { cleanText } from './clean-text.ts';
import { counted } from './dates.ts';

export interface KnownPurchase {
  /** Entitlements without a quantity. Which is the higher one only the seller's settings know: all of them. */
  readonly tiers: readonly string[];
  readonly counts: readonly Count[];
  /** What else there is and is not kept: `and 3 more entitlements`; empty: nothing. */
  readonly more: readonly string[];
}

/** What the licenses say was bought, without the seller's settings. `AWS::Marketplace::Usage` was never bought. */
export function knownPurchase(state: CanonicalState, at: Instant): KnownPurchase {
  const tiers = bearingLicenses(state, at)
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.unit === 'None' && each.name !== MARKETPLACE_USAGE && isOwned(each))
    .map(({ name }) => name);
  return {
    tiers: [...new Set(tiers)],
    counts: purchaseOf({ state, at }, knownProduct('', '', state)).bought.counts,
    more: leftOut(state),
  };
}

/** What a state had no room for, see `canonicalState`. */
export function leftOut(state: CanonicalState): readonly string[] {
  const count = (of: (license: CanonicalState[number]) => number | undefined): number =>
    state.reduce((sum, license) => sum + (of(license) ?? 0), 0);
  const entitlements = count(({ moreEntitlements }) => moreEntitlements);
  const licenses = count(({ moreLicenses }) => moreLicenses);
  return [
    ...(entitlements === 0 ? [] : [`and ${counted(entitlements, 'more entitlement')}`]),
    ...(licenses === 0 ? [] : [`and ${counted(licenses, 'more license')}`]),
  ];
}

/** `Gold`, `5 seats`, `Admin: 2 seats, ReadOnly: 5 seats`; nothing: empty. */
export function purchaseInShort(state: CanonicalState, at: Instant): string {
  const { tiers, counts, more } = knownPurchase(state, at);
  const { pricing } = knownProduct('', '', state);
  const [only, ...others] = counts;
  if (tiers.length === 0 && only !== undefined && [...others, ...more].length === 0) return amount(only, pricing);
  const words = counts.map((count) => `${cleanText(count.name)}: ${amount(count, pricing)}`);
  return [...tiers.map((tier) => cleanText(tier)), ...words, ...more].join(', ');
}

/** Each with its name, and with what is used of it: `ReadOnly: 3 of 5 seats in use`. */
export function purchaseInFull(state: CanonicalState, usage: Usage | null, at: Instant): readonly string[] {
  const { tiers, counts, more } = knownPurchase(state, at);
  const { pricing } = knownProduct('', '', state);
  return [
    ...tiers.map((tier) => cleanText(tier)),
    ...counts.map((count) => `${cleanText(count.name)}: ${amountUsed(count, usage, pricing)}`),
    ...more,
  ];
}
