import { purchaseOf, type Purchase } from '../purchase.ts';
import type { CanonicalState } from '../contract.ts';
import type { Product } from '../product.ts';
import { plus, type Instant } from '../time.ts';
import type { ContractEnd } from './ends.ts';

const SECOND = 1_000;

/** Where several licenses overlap, what of the contract ends then ("10 of your 15 ReadOnly"); null: all of it. */
export function shareOf(
  ending: ContractEnd,
  ends: number,
  state: CanonicalState,
  product: Product,
  at: Instant,
): string | null {
  if (ends < 2) return null;
  // Of an end that has passed: of what there was until then.
  const then = at < ending.end ? at : plus(ending.end, -SECOND);
  const all = purchaseOf({ state, at: then }, product);
  const part = purchaseOf({ state: ending.licenses, at: then }, product);
  const words = [...tierWords(part), ...countWords(part, all)];
  return words.length > 0 ? words.join(' and ') : null;
}

function tierWords({ bought }: Purchase): readonly string[] {
  return bought.tier === null ? [] : [`your ${bought.tier}`];
}

function countWords(part: Purchase, all: Purchase): readonly string[] {
  return part.bought.counts
    .filter(({ name }) => name !== part.bought.tier)
    .map(({ name, unit, maxCount }) => {
      const total = all.bought.counts.find((each) => each.name === name && each.unit === unit)?.maxCount ?? null;
      const what = unit === 'Count' || unit === 'None' ? name : `${unit} of ${name}`;
      if (maxCount === null) return `your unlimited ${what}`;
      return total === null ? `${maxCount} of your ${what}` : `${maxCount} of your ${total} ${what}`;
    });
}
