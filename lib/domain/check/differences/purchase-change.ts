import { canonicalJson } from '../../ledger/canonical-json.ts';
import { compare, isRunning } from '../../license/canonical-state.ts';
import { type Side, notAmong } from '../../license/contract.ts';
import type { Product } from '../../license/product.ts';
import { type Bought, keyOf, type Purchase, purchasesOf } from '../../license/purchase.ts';
import { compareQuantities, type Quantity } from '../../license/quantity.ts';
import type { Change } from '../changes.ts';

type Direction = 'up' | 'down' | 'unknown-tier' | 'counted-tier' | 'several';
type PurchaseChange = Extract<
  Change,
  { type: 'LicenseUpgraded' | 'LicenseDowngraded' | 'EntitlementsChanged' }
>;

/**
 * `LicenseUpgraded`, `LicenseDowngraded`, `EntitlementsChanged` or nothing: exactly one. Each license is compared with
 * itself, or with the one that it replaced; one that came in addition makes no other more.
 *
 * If unknown tiers came between two tiers that the seller's list knows, only the known ones are compared: that is the net change.
 */
export function purchaseChange(before: Side, after: Side, product: Product): PurchaseChange | null {
  const { known } = before;
  if (known === undefined || hasUnknownTier(after, product))
    return changeBetween(before, after, product);
  const wasGone = before.state.length === 0;
  // A license that can be used again is told as a grant, which shows what it holds.
  if (wasGone && isRunning(after.standing)) return null;
  const change = changeBetween({ ...before, state: known }, after, product);
  if (change === null) return changeBetween(before, after, product);
  const over = unknownTiersIn(before, product);
  const way = over.length > 0 ? `, over ${over.join(', ')}` : '';
  const since = wasGone ? 'no license was left' : `the last tier that the seller’s list knew${way}`;
  return { ...change, reason: `${change.reason}, since ${since}` };
}

function changeBetween(before: Side, after: Side, product: Product): PurchaseChange | null {
  // Without a license there is nothing to compare: the change of standing tells it.
  if (before.state.length === 0 || after.state.length === 0) return null;
  const { pairs, gone, came } = matched(before, after, product);
  const differing = pairs.filter(
    (pair) => canonicalJson(pair.before.bought) !== canonicalJson(pair.after.bought),
  );
  const mixedUp = gone.length > 0 && came.length > 0;
  if (differing.length === 0 && !mixedUp) return null;

  const [old, now] = [
    [...differing.map((pair) => pair.before), ...(mixedUp ? gone : [])],
    [...differing.map((pair) => pair.after), ...(mixedUp ? came : [])],
  ];
  const directions = new Set<Direction>(differing.flatMap((pair) => directionsOf(pair, product)));
  if (mixedUp) directions.add('several');
  const difference = {
    before: together(old),
    after: together(now),
    ...(!mixedUp && named(before, after, product, now)),
  };
  if (canonicalJson(difference.before) === canonicalJson(difference.after)) return null;
  if (directions.size === 1 && directions.has('up')) {
    return { type: 'LicenseUpgraded', ...difference, reason: 'more was bought than before' };
  }
  if (directions.size === 1 && directions.has('down')) {
    return { type: 'LicenseDowngraded', ...difference, reason: 'less is owned than before' };
  }
  const unknownTiers = directions.has('unknown-tier') || mixedUp ? tiersOf([...old, ...now]) : [];
  return {
    type: 'EntitlementsChanged',
    ...difference,
    unknownTiers,
    reason: whyNeither(directions, unknownTiers),
  };
}

/** The license that the change is about, if several stand side by side and only one differs. */
function named(
  before: Side,
  after: Side,
  product: Product,
  [only, ...others]: readonly Purchase[],
): { readonly licenseArn?: string } {
  const several = [before, after].some((side) => purchasesOf(side, product).length > 1);
  return several && only !== undefined && others.length === 0
    ? { licenseArn: only.licenseArn }
    : {};
}

function whyNeither(directions: ReadonlySet<Direction>, unknownTiers: readonly string[]): string {
  const neither = 'neither more nor less can be said';
  if (unknownTiers.length > 0)
    return `the seller’s list of tiers does not know ${unknownTiers.join(', ')}: ${neither}`;
  if (directions.has('several'))
    return `which license came in the place of which is not known: ${neither}`;
  if (directions.has('counted-tier')) return `a tier is counted otherwise than before: ${neither}`;
  return 'some of it is more and some is less, or counted in another unit';
}

/** What several licenses hold, listed in a row and not summed. */
function together(purchases: readonly Purchase[]): Bought {
  const tiers = purchases.flatMap(({ bought }) => (bought.tier === null ? [] : [bought.tier]));
  return {
    tier: tiers.length === 0 ? null : [...new Set(tiers)].join(', '),
    counts: purchases.flatMap(({ bought }) => bought.counts),
  };
}

/** Tiers that the seller's list does not know and that nobody was told about. They are compared with nothing. */
export function unknownTiersFound(
  tiers: readonly string[],
  told: readonly string[],
): Change | null {
  const unknownTiers = tiers.filter((tier) => !told.includes(tier));
  if (unknownTiers.length === 0) return null;
  return {
    type: 'EntitlementsChanged',
    before: { tier: null, counts: [] },
    after: { tier: unknownTiers.join(', '), counts: [] },
    unknownTiers,
    found: true,
    reason: `found: the seller’s list of tiers does not know ${unknownTiers.join(', ')}`,
  };
}

export function unknownTiersIn(
  side: Pick<Side, 'state' | 'at'>,
  product: Product,
): readonly string[] {
  return tiersOf(purchasesOf(side, product));
}

/** True if there is a license whose tier cannot be compared with another. */
export function hasUnknownTier(side: Pick<Side, 'state' | 'at'>, product: Product): boolean {
  return purchasesOf(side, product).some(({ isIncomparable }) => isIncomparable);
}

function tiersOf(purchases: readonly Purchase[]): readonly string[] {
  return [...new Set(purchases.flatMap(({ unknownTiers }) => unknownTiers))].toSorted(compare);
}

function directionsOf(
  { before, after }: Matched['pairs'][number],
  product: Product,
): readonly Direction[] {
  return [
    ...tierDirection(before, after, product),
    ...countDirections(before.bought, after.bought, product),
  ];
}

/** Empty: the tier is the same. No tier at all is less than any tier. */
function tierDirection(old: Purchase, now: Purchase, { tiers }: Product): readonly Direction[] {
  const [from, to] = [old.bought.tier, now.bought.tier];
  if (from === to) return [];
  if (old.isIncomparable || now.isIncomparable) return ['unknown-tier'];
  const rank = (tier: string | null): number => (tier === null ? -1 : tiers.indexOf(tier));
  return [rank(to) > rank(from) ? 'up' : 'down'];
}

function countDirections(old: Bought, now: Bought, { tiers }: Product): readonly Direction[] {
  const isTier = (key: string): boolean =>
    [...old.counts, ...now.counts].some((each) => keyOf(each) === key && tiers.includes(each.name));
  const [from, to] = [countsByKey(old), countsByKey(now)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((key): readonly Direction[] => {
    const order = compareCounts(from.get(key), to.get(key));
    if (order === 0) return [];
    // Between two tiers, the seller's order decides. If the same tier is counted differently, nobody knows what that is worth.
    if (isTier(key)) return old.tier === now.tier ? ['counted-tier'] : [];
    return [order < 0 ? 'up' : 'down'];
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

/** The licenses that bear a contract before and after, each by itself. */
export interface Matched {
  /** The same license, or the one that came in its place. */
  readonly pairs: readonly { readonly before: Purchase; readonly after: Purchase }[];
  /** Licenses without a counterpart: nothing came, nothing went, or several came for others and which replaces which is not known. */
  readonly gone: readonly Purchase[];
  readonly came: readonly Purchase[];
}

function matched(before: Side, after: Side, product: Product): Matched {
  const [old, now] = [purchasesOf(before, product), purchasesOf(after, product)];
  const stayed = old.flatMap((each) => {
    const same = now.find(({ licenseArn }) => licenseArn === each.licenseArn);
    return same === undefined ? [] : [{ before: each, after: same }];
  });
  const all = { gone: notAmong(old, now), came: notAmong(now, old) };
  // If as many came as went, equal purchases count as each other's successors: it makes no difference which.
  const { gone, came } =
    all.gone.length === all.came.length ? withoutAlike(all.gone, all.came) : all;
  const [one, other] = [gone[0], came[0]];
  if (gone.length === 1 && came.length === 1 && one !== undefined && other !== undefined) {
    return { pairs: [...stayed, { before: one, after: other }], gone: [], came: [] };
  }
  return { pairs: stayed, gone, came };
}

function withoutAlike(
  gone: readonly Purchase[],
  came: readonly Purchase[],
): Pick<Matched, 'gone' | 'came'> {
  const left = [...came];
  const unmatched = gone.filter(({ bought }) => {
    const alike = left.findIndex((each) => canonicalJson(each.bought) === canonicalJson(bought));
    if (alike < 0) return true;
    left.splice(alike, 1);
    return false;
  });
  return { gone: unmatched, came: left };
}
