import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import { bearingLicenses } from '../domain/license/canonical-state.ts';
import type { CanonicalState, Usage } from '../domain/license/contract.ts';
import {
  dimensionOf,
  type Dimensions,
  isPool,
  knownProduct,
  type Product,
} from '../domain/license/product.ts';
import { type Bought, type Count, keyOf, purchaseOf } from '../domain/license/purchase.ts';
import {
  excessOf,
  minusQuantity,
  percentOf,
  quantity,
  type Quantity,
  share,
} from '../domain/license/quantity.ts';
import type { Instant } from '../domain/time.ts';
import { counted } from './dates.ts';
import { licenseTail } from './news/news.ts';
import { cleanText } from '../domain/outside-text.ts';

/** `8 units`, `8 packs (160 nodes)`, `500 Gigabytes`, `unlimited`; `included` for what has no quantity. */
function amount({ name, unit, maxCount }: Count, dimensions: Dimensions): string {
  if (maxCount === null) return unit === 'None' ? 'included' : 'unlimited';
  const words = `${maxCount} ${unitWord({ name, unit }, maxCount, dimensions)}`.trim();
  const covers = unit === 'Count' ? dimensionOf(name, dimensions)?.covers : null;
  if (covers === null || covers === undefined) return words;
  return `${words} (${share(maxCount, covers.number * 100)} ${cleanText(covers.of, 40)})`;
}

/** The name that the seller gives it, else License Manager's. */
export function entitlementTitle(name: string, dimensions: Dimensions): string {
  return cleanText(dimensionOf(name, dimensions)?.name ?? name);
}

/**
 * What is used and left of an entitlement, if known: `3 of 5 units in use`, of a pool `90 of 500 Gigabytes left (82 % used)`; above the
 * maximum `7 of 5 units in use, over by 2`, `over by 20 Gigabytes (520 of 500 used)`.
 */
export function amountUsed(
  count: Count & Pick<LicenseCount, 'isPool'>,
  usage: Usage | null,
  dimensions: Dimensions,
): string {
  const consumed = usage?.find((each) => keyOf(each) === keyOf(count))?.consumed;
  const { maxCount } = count;
  if (consumed === undefined || maxCount === null) return amount(count, dimensions);
  const over = excessOf(consumed, maxCount);
  if (!count.isPool)
    return `${consumed} of ${amount(count, dimensions)} in use${over === null ? '' : `, over by ${over}`}`;
  if (over !== null)
    return `${amountLeft(count, consumed, dimensions)} (${consumed} of ${maxCount} used)`;
  const percent = percentOf(consumed, maxCount);
  const used = percent === null ? '' : ` (${percent} % used)`;
  return `${amountLeft(count, consumed, dimensions)}${used}`;
}

/** `90 of 500 Gigabytes left`, or `over by 20 Gigabytes`. */
export function amountLeft(count: Count, consumed: Quantity, dimensions: Dimensions): string {
  if (count.maxCount === null) return amount(count, dimensions);
  const over = excessOf(consumed, count.maxCount);
  if (over !== null) return `over by ${over} ${unitWord(count, over, dimensions)}`.trim();
  return `${minusQuantity(count.maxCount, consumed)} of ${amount(count, dimensions)} left`;
}

/** Says no more than is known: a counted unit may be a seat, and only the seller can say so. */
function unitWord(
  { name, unit }: Pick<Count, 'name' | 'unit'>,
  count: Quantity,
  dimensions: Dimensions,
): string {
  const isOne = count === quantity(1);
  const named = dimensionOf(name, dimensions);
  const noun = isOne ? named?.singular : named?.plural;
  if (unit === 'None') return '';
  if (unit === 'Count') return cleanText(noun ?? (isOne ? 'unit' : 'units'), 40);
  const word = cleanText(unit);
  return isOne && /^[A-Za-z]+s$/.test(word) ? word.slice(0, -1) : word;
}

/** One thing that was bought, before and after. */
export interface Amounts {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** `from 5 to 8 units`. */
  readonly words: string;
  readonly kind: 'tier' | 'count';
}

function countsOf({ counts }: Bought, key: string): readonly Count[] {
  return counts.filter((each) => keyOf(each) === key);
}

/** `5 units + 10 units`: the amounts of several licenses, which are not summed. */
function inARow(counts: readonly Count[], dimensions: Dimensions): string {
  return counts.length === 0
    ? 'none'
    : counts.map((count) => amount(count, dimensions)).join(' + ');
}

/** All that differs between two purchases, the tier first. */
export function differingAmounts(
  before: Bought,
  after: Bought,
  { dimensions }: Pick<Product, 'dimensions'>,
): readonly Amounts[] {
  const keys = [...new Set([...before.counts, ...after.counts].map(keyOf))];
  const counts = keys.flatMap((key): readonly Amounts[] => {
    const [old, now] = [countsOf(before, key), countsOf(after, key)];
    const [known] = [...now, ...old];
    if (known === undefined || canonicalJson(old) === canonicalJson(now)) return [];
    const [from, to] = [inARow(old, dimensions), inARow(now, dimensions)];
    // Names the unit only once: `from 5 to 8 units`.
    const [only, ...others] = old;
    const isOnly = only !== undefined && others.length === 0 && now.length === 1;
    const short =
      isOnly && only.maxCount !== null && now[0]?.maxCount !== null ? only.maxCount : from;
    return [
      {
        what: entitlementTitle(known.name, dimensions),
        before: from,
        after: to,
        words: `from ${short} to ${to}`,
        kind: 'count',
      },
    ];
  });
  if (before.tier === after.tier) return counts;
  const [from, to] = [before.tier, after.tier].map((tier) =>
    tier === null ? 'none' : cleanText(tier),
  );
  const words = `from ${from ?? ''} to ${to ?? ''}`;
  return [{ what: 'Tier', before: from ?? '', after: to ?? '', words, kind: 'tier' }, ...counts];
}

export interface KnownPurchase {
  /** Entitlements without a quantity: all of them, if the seller's tiers are not given, because only those say which is the highest. */
  readonly tiers: readonly string[];
  /** Counts license by license, not summed. */
  readonly counts: readonly LicenseCount[];
  /** What else there is and was not kept: `and 3 more entitlements`. Empty: nothing. */
  readonly more: readonly string[];
}

export type LicenseCount = Count & {
  readonly licenseArn: string;
  /** True if what is checked out of it does not return. */
  readonly isPool: boolean;
};

/**
 * What the licenses say was bought, without `AWS::Marketplace::Usage`, which never was. Uses none of the seller's settings but those that
 * the ledger keeps, and `tiers` if given: of those, a license has the highest.
 */
export function knownPurchase(
  state: CanonicalState,
  at: Instant,
  dimensions: Dimensions,
  tiers: readonly string[] = [],
): KnownPurchase {
  const product = { ...knownProduct('', '', dimensions), tiers };
  const bought = bearingLicenses(state, at).map((license) => {
    const { tier, counts } = purchaseOf(license, product).bought;
    return { ...license, tier, counts };
  });
  return {
    tiers: [
      ...new Set(
        bought.flatMap(({ tier, counts }) => [
          ...(tier === null ? [] : [tier]),
          ...counts.filter(({ unit }) => unit === 'None').map(({ name }) => name),
        ]),
      ),
    ],
    counts: bought.flatMap(({ licenseArn, entitlements, counts }) =>
      counts
        .filter(({ unit }) => unit !== 'None')
        .map((count) => ({
          ...count,
          licenseArn,
          isPool: entitlements.some(
            (each) => keyOf(each) === keyOf(count) && isPool(each, dimensions),
          ),
        })),
    ),
    more: leftOut(state),
  };
}

/** What a state had no room for: see `canonicalState`. */
function leftOut(state: CanonicalState): readonly string[] {
  const count = (of: (license: CanonicalState[number]) => number | undefined): number =>
    state.reduce((sum, license) => sum + (of(license) ?? 0), 0);
  const entitlements = count(({ moreEntitlements }) => moreEntitlements);
  const licenses = count(({ moreLicenses }) => moreLicenses);
  return [
    ...(entitlements === 0 ? [] : [`and ${counted(entitlements, 'more entitlement')}`]),
    ...(licenses === 0 ? [] : [`and ${counted(licenses, 'more license')}`]),
  ];
}

/** `Gold`, `5 units`, `Admin: 2 units, ReadOnly: 5 units`; for two licenses `5 units + 10 units`; empty if there is nothing. */
export function purchaseInShort(
  state: CanonicalState,
  at: Instant,
  dimensions: Dimensions,
): string {
  const { tiers, counts, more } = knownPurchase(state, at, dimensions);
  const byKey = Map.groupBy(counts, keyOf);
  const words = [...byKey.values()].map((each) => ({
    name: entitlementTitle(each[0]?.name ?? '', dimensions),
    amounts: each.map((count) => amount(count, dimensions)).join(' + '),
  }));
  const [only, ...others] = words;
  if (tiers.length === 0 && only !== undefined && [...others, ...more].length === 0)
    return only.amounts;
  const named = words.map(({ name, amounts }) => `${name}: ${amounts}`);
  return [...tiers.map((tier) => entitlementTitle(tier, dimensions)), ...named, ...more].join(', ');
}

/** Each purchase with its name and what is used of it: `ReadOnly: 3 of 5 units in use`. */
export function purchaseInFull(
  state: CanonicalState,
  usage: Usage | null,
  at: Instant,
  dimensions: Dimensions,
): readonly string[] {
  const { tiers, counts, more } = knownPurchase(state, at, dimensions);
  return [
    ...tiers.map((tier) => entitlementTitle(tier, dimensions)),
    ...countLines(counts, usage, dimensions),
    ...more,
  ];
}

/** `ReadOnly: 5 units`, one line for each count; names the license if there are several. */
export function countLines(
  counts: readonly LicenseCount[],
  usage: Usage | null,
  dimensions: Dimensions,
): readonly string[] {
  const several = new Set(counts.map(({ licenseArn }) => licenseArn)).size > 1;
  return counts.map((count) => {
    const which = several ? ` (license ${licenseTail(count.licenseArn)})` : '';
    return `${entitlementTitle(count.name, dimensions)}: ${amountUsed(count, usageOf(count, counts, usage), dimensions)}${which}`;
  });
}

/** Usage is known only for all licenses together. Null: several allow the same, so the usage of one is unknown. */
export function usageOf(count: Count, counts: readonly Count[], usage: Usage | null): Usage | null {
  return counts.filter((each) => keyOf(each) === keyOf(count)).length > 1 ? null : usage;
}
