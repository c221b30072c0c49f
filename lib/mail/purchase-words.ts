import type { CanonicalState, Usage } from '../domain/license/contract.ts';
import { knownProduct } from '../domain/license/known-product.ts';
import type { Product } from '../domain/license/product.ts';
import { isOwned, MARKETPLACE_USAGE } from '../domain/license/licenses.ts';
import { keyOf, purchaseOf } from '../domain/license/purchase.ts';
import { bearingLicenses } from '../domain/license/succession.ts';
import type { Instant } from '../domain/time.ts';
import { amount, amountUsed, type Count } from './amounts.ts';
import { cleanText } from './clean-text.ts';
import { counted } from './dates.ts';
import { licenseTail } from './news/places.ts';

export interface KnownPurchase {
  /** Entitlements without a quantity. Which is the higher one only the seller's settings know: all of them. */
  readonly tiers: readonly string[];
  /** License by license: of several they are not summed. */
  readonly counts: readonly LicenseCount[];
  /** What else there is and is not kept: `and 3 more entitlements`; empty: nothing. */
  readonly more: readonly string[];
}

export type LicenseCount = Count & { readonly licenseArn: string };

/** What the licenses say was bought, without the seller's settings. `AWS::Marketplace::Usage` was never bought. */
export function knownPurchase(state: CanonicalState, at: Instant): KnownPurchase {
  const bearing = bearingLicenses(state, at);
  const product = knownProduct('', '', state);
  const tiers = bearing
    .flatMap(({ entitlements }) => entitlements)
    .filter((each) => each.unit === 'None' && each.name !== MARKETPLACE_USAGE && isOwned(each))
    .map(({ name }) => name);
  const counts = bearing.flatMap((license) =>
    purchaseOf(license, product).bought.counts.map((count) => ({
      ...count,
      licenseArn: license.licenseArn,
    })),
  );
  return { tiers: [...new Set(tiers)], counts, more: leftOut(state) };
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

/** `Gold`, `5 seats`, `Admin: 2 seats, ReadOnly: 5 seats`; of two licenses `5 seats + 10 seats`; nothing: empty. */
export function purchaseInShort(state: CanonicalState, at: Instant): string {
  const { tiers, counts, more } = knownPurchase(state, at);
  const { pricing } = knownProduct('', '', state);
  const byKey = Map.groupBy(counts, keyOf);
  const words = [...byKey.values()].map((each) => ({
    name: cleanText(each[0]?.name ?? ''),
    amounts: each.map((count) => amount(count, pricing)).join(' + '),
  }));
  const [only, ...others] = words;
  if (tiers.length === 0 && only !== undefined && [...others, ...more].length === 0)
    return only.amounts;
  const named = words.map(({ name, amounts }) => `${name}: ${amounts}`);
  return [...tiers.map((tier) => cleanText(tier)), ...named, ...more].join(', ');
}

/** Each with its name, and with what is used of it: `ReadOnly: 3 of 5 seats in use`. */
export function purchaseInFull(
  state: CanonicalState,
  usage: Usage | null,
  at: Instant,
): readonly string[] {
  const { tiers, counts, more } = knownPurchase(state, at);
  const { pricing } = knownProduct('', '', state);
  return [...tiers.map((tier) => cleanText(tier)), ...countLines(counts, usage, pricing), ...more];
}

/** `ReadOnly: 5 seats`; where several licenses stand side by side, each with its own. */
export function countLines(
  counts: readonly LicenseCount[],
  usage: Usage | null,
  pricing: Product['pricing'],
): readonly string[] {
  const several = new Set(counts.map(({ licenseArn }) => licenseArn)).size > 1;
  return counts.map((count) => {
    const which = several ? ` (license ${licenseTail(count.licenseArn)})` : '';
    return `${cleanText(count.name)}: ${amountUsed(count, usageOf(count, counts, usage), pricing)}${which}`;
  });
}

/** What is used is known of all licenses together: where several allow the same, not of one. */
export function usageOf(count: Count, counts: readonly Count[], usage: Usage | null): Usage | null {
  return counts.filter((each) => keyOf(each) === keyOf(count)).length > 1 ? null : usage;
}
