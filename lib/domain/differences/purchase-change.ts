import type { Bought, Change } from '../changes.ts';
import { canonicalJson } from '../canonical-json.ts';
import { compare } from '../canonical-state.ts';
import type { Product } from '../product.ts';
import { keyOf, purchaseOf, type Purchase } from '../purchase.ts';
import { compareQuantities, type Quantity } from '../quantity.ts';
import type { Side } from './side.ts';

type Direction = 'up' | 'down' | 'incomparable';

/** `LicenseUpgraded`, `LicenseDowngraded`, `EntitlementsChanged` or nothing: exactly one. */
export function purchaseChange(before: Side, after: Side, product: Product): Change | null {
  // Where there is no license there is nothing to compare with: the standing tells it.
  if (before.state.length === 0 || after.state.length === 0) return null;
  const [old, now] = [purchaseOf(before, product), purchaseOf(after, product)];
  if (canonicalJson(old.bought) === canonicalJson(now.bought)) return null;

  const difference = { before: old.bought, after: now.bought };
  const directions = new Set([
    ...tierDirection(old, now, product),
    ...countDirections(old.bought, now.bought, product),
  ]);
  if (directions.size === 1 && directions.has('up')) {
    return { type: 'LicenseUpgraded', ...difference, reason: 'more was bought than before' };
  }
  if (directions.size === 1 && directions.has('down')) {
    return { type: 'LicenseDowngraded', ...difference, reason: 'less is owned than before' };
  }
  const unknownTiers = [...new Set([...old.unknownTiers, ...now.unknownTiers])].toSorted(compare);
  return { type: 'EntitlementsChanged', ...difference, unknownTiers, reason: whyNeither(directions, unknownTiers) };
}

function whyNeither(directions: ReadonlySet<Direction>, unknownTiers: readonly string[]): string {
  const neither = 'neither more nor less can be said';
  if (unknownTiers.length > 0) return `the seller’s list of tiers does not know ${unknownTiers.join(', ')}: ${neither}`;
  if (directions.has('incomparable')) return `a tier is counted otherwise than before: ${neither}`;
  return 'some of it is more and some is less, or counted in another unit';
}

/** The first look at a tier that the seller's list does not know: compared with nothing. */
export function unknownTiersFound(after: Side, product: Product): Change | null {
  const { bought, unknownTiers } = purchaseOf(after, product);
  if (unknownTiers.length === 0) return null;
  return {
    type: 'EntitlementsChanged',
    before: { tier: null, counts: [] },
    after: bought,
    unknownTiers,
    reason: `found at the first look: the seller’s list of tiers does not know ${unknownTiers.join(', ')}`,
  };
}

/** Empty: the same tier. No tier at all is less than any. */
function tierDirection(old: Purchase, now: Purchase, { tiers }: Product): readonly Direction[] {
  const [from, to] = [old.bought.tier, now.bought.tier];
  if (from === to) return [];
  const rank = (tier: string | null): number => (tier === null ? -1 : tiers.indexOf(tier));
  if ((from !== null && rank(from) < 0) || (to !== null && rank(to) < 0)) return ['incomparable'];
  return [rank(to) > rank(from) ? 'up' : 'down'];
}

function countDirections(old: Bought, now: Bought, { pricing, tiers }: Product): readonly Direction[] {
  const isTier = (key: string): boolean =>
    pricing === 'tiered' &&
    [...old.counts, ...now.counts].some((each) => keyOf(each) === key && tiers.includes(each.name));
  const [from, to] = [countsByKey(old), countsByKey(now)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((key) => {
    const order = compareCounts(from.get(key), to.get(key));
    if (order === 0) return [];
    // Of two tiers the seller's order decides; of one that is counted otherwise nobody knows what that is worth.
    if (isTier(key)) return old.tier === now.tier ? (['incomparable'] as const) : [];
    return [order < 0 ? ('up' as const) : ('down' as const)];
  });
}

function countsByKey({ counts }: Bought): ReadonlyMap<string, Quantity | null> {
  return new Map(counts.map((count) => [keyOf(count), count.maxCount]));
}

/** Unlimited (null) is more than any count; absent (undefined) is less than a count of 0. */
function compareCounts(a: Quantity | null | undefined, b: Quantity | null | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === null) return -1;
  if (b === undefined || a === null) return 1;
  return compareQuantities(a, b);
}
