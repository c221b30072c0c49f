import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import { bearingLicenses } from '../domain/license/canonical-state.ts';
import {
  type CanonicalState,
  isOwned,
  MARKETPLACE_USAGE,
  type Usage,
} from '../domain/license/contract.ts';
import { knownProduct, type Pricing, type Product } from '../domain/license/product.ts';
import { type Bought, keyOf, purchaseOf } from '../domain/license/purchase.ts';
import {
  excessOf,
  minusQuantity,
  percentOf,
  quantity,
  type Quantity,
} from '../domain/license/quantity.ts';
import type { Instant } from '../domain/time.ts';
import { counted } from './dates.ts';
import { licenseTail } from './news/news.ts';
import { cleanText } from '../domain/outside-text.ts';

export type Count = Bought['counts'][number];

/** `8 seats`, `500 Gigabytes`, `unlimited`; `included` for what has no quantity. */
function amount({ unit, maxCount }: Count, pricing: Pricing): string {
  if (maxCount === null) return unit === 'None' ? 'included' : 'unlimited';
  return `${maxCount} ${unitWord(unit, maxCount, pricing)}`.trim();
}

/**
 * What is used and left of it, where that is known: `3 of 5 seats in use`, `90 of 500 Gigabytes left (82 % used)`; above the maximum
 * `7 of 5 seats in use, over by 2`, `over by 20 Gigabytes (520 of 500 used)`.
 */
export function amountUsed(count: Count, usage: Usage | null, pricing: Pricing): string {
  const consumed = usage?.find((each) => keyOf(each) === keyOf(count))?.consumed;
  const { maxCount } = count;
  if (consumed === undefined || maxCount === null) return amount(count, pricing);
  const over = excessOf(consumed, maxCount);
  if (pricing !== 'drawdown')
    return `${consumed} of ${amount(count, pricing)} in use${over === null ? '' : `, over by ${over}`}`;
  if (over !== null)
    return `${amountLeft(count, consumed, pricing)} (${consumed} of ${maxCount} used)`;
  const percent = percentOf(consumed, maxCount);
  const used = percent === null ? '' : ` (${percent} % used)`;
  return `${amountLeft(count, consumed, pricing)}${used}`;
}

/** `90 of 500 Gigabytes left`, or `over by 20 Gigabytes`. */
export function amountLeft(count: Count, consumed: Quantity, pricing: Pricing): string {
  if (count.maxCount === null) return amount(count, pricing);
  const over = excessOf(consumed, count.maxCount);
  if (over !== null) return `over by ${over} ${unitWord(count.unit, over, pricing)}`.trim();
  return `${minusQuantity(count.maxCount, consumed)} of ${amount(count, pricing)} left`;
}

function unitWord(unit: string, count: Quantity, pricing: Pricing): string {
  const isOne = count === quantity(1);
  if (unit === 'None') return '';
  if (unit === 'Count') return `${pricing === 'floating' ? 'seat' : 'unit'}${isOne ? '' : 's'}`;
  const word = cleanText(unit);
  return isOne && /^[A-Za-z]+s$/.test(word) ? word.slice(0, -1) : word;
}

/** One thing that was bought, before and after. */
export interface Amounts {
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** `from 5 to 8 seats`. */
  readonly words: string;
  readonly kind: 'tier' | 'count';
}

function countsOf({ counts }: Bought, key: string): readonly Count[] {
  return counts.filter((each) => keyOf(each) === key);
}

/** `5 seats + 10 seats`: of several licenses, and not summed. */
function inARow(counts: readonly Count[], pricing: Pricing): string {
  return counts.length === 0 ? 'none' : counts.map((count) => amount(count, pricing)).join(' + ');
}

/** All that differs between two purchases, the tier first. */
export function differingAmounts(
  before: Bought,
  after: Bought,
  { pricing }: Pick<Product, 'pricing'>,
): readonly Amounts[] {
  const keys = [...new Set([...before.counts, ...after.counts].map(keyOf))];
  const counts = keys.flatMap((key): readonly Amounts[] => {
    const [old, now] = [countsOf(before, key), countsOf(after, key)];
    const [known] = [...now, ...old];
    if (known === undefined || canonicalJson(old) === canonicalJson(now)) return [];
    const [from, to] = [inARow(old, pricing), inARow(now, pricing)];
    // The unit once: `from 5 to 8 seats`.
    const [only, ...others] = old;
    const isOnly = only !== undefined && others.length === 0 && now.length === 1;
    const short =
      isOnly && only.maxCount !== null && now[0]?.maxCount !== null ? only.maxCount : from;
    return [
      {
        what: cleanText(known.name),
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
