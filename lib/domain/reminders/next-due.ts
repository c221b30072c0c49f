import type { CanonicalState } from '../contract.ts';
import type { Head } from '../head.ts';
import type { Product } from '../product.ts';
import { earliest, instant, type Instant } from '../time.ts';
import { endsOf } from './ends.ts';
import { lasts } from '../reading/disagreement.ts';
import { futureRungs } from './ladder.ts';

/** Due at the next check, whenever that is. */
const AT_ONCE = instant(0);

type Counters = Pick<Head, 'blind' | 'disagreement' | 'stale' | 'missing' | 'refused' | 'unitOutUntil' | 'watchEnded'>;

/**
 * When `decide` has something to do though nothing differs: at the next check while something is being counted, or to be
 * known before the look, else
 * when a license begins or ends, or a reminder is due. Null: never.
 */
export function nextDue(
  head: Counters & { readonly state: CanonicalState },
  product: Product,
  now: Instant,
): Instant | null {
  if (head.watchEnded !== null) return null;
  if (isCounting(head)) return AT_ONCE;
  const dates = head.state
    .flatMap(({ validity }) => [validity.begin, validity.end])
    .filter((at) => at !== null && at > now);
  const rungs = endsOf(head.state, now).flatMap((end) => futureRungs(end, product.rungs, now));
  return earliest([...dates, ...rungs]);
}

function isCounting({ blind, disagreement, stale, missing, refused, unitOutUntil }: Counters): boolean {
  const counted = blind !== null || stale !== null || missing !== null || (refused !== null && !refused.told);
  return counted || (disagreement !== null && !lasts(disagreement)) || unitOutUntil !== null;
}
