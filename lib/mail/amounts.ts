import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import type { Bought } from '../domain/check/changes.ts';
import type { Usage } from '../domain/license/contract.ts';
import type { Pricing, Product } from '../domain/license/product.ts';
import { minusQuantity, percentOf, quantity, type Quantity } from '../domain/license/quantity.ts';
import { keyOf } from '../domain/license/purchase.ts';
import { cleanText } from './clean-text.ts';

export type Count = Bought['counts'][number];

/** `8 seats`, `500 Gigabytes`, `unlimited`; `included` for what has no quantity. */
export function amount({ unit, maxCount }: Count, pricing: Pricing): string {
  if (maxCount === null) return unit === 'None' ? 'included' : 'unlimited';
  return `${maxCount} ${unitWord(unit, maxCount, pricing)}`.trim();
}

/** What is used and left of it, where that is known: `3 of 5 seats in use`, `90 of 500 Gigabytes left (82 % used)`. */
export function amountUsed(count: Count, usage: Usage | null, pricing: Pricing): string {
  const consumed = usage?.find((each) => keyOf(each) === keyOf(count))?.consumed;
  const { maxCount } = count;
  if (consumed === undefined || maxCount === null) return amount(count, pricing);
  if (pricing !== 'drawdown') return `${consumed} of ${amount(count, pricing)} in use`;
  const percent = percentOf(consumed, maxCount);
  const used = percent === null ? '' : ` (${percent} % used)`;
  return `${amountLeft(count, consumed, pricing)}${used}`;
}

/** `90 of 500 Gigabytes left`. */
export function amountLeft(count: Count, consumed: Quantity, pricing: Pricing): string {
  if (count.maxCount === null) return amount(count, pricing);
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
