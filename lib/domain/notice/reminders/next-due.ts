import type { Circumstances } from '../../check/decision.ts';
import type { Head } from '../../check/head.ts';
import { settlesAt, lastTold } from '../settling.ts';
import { earliest, instant, type Instant } from '../../time.ts';
import { endsOf } from './ends.ts';
import { lasts } from '../../check/reading/disagreement.ts';
import { futureDays } from './ladder.ts';

/** Due at the next check, whenever that is. */
const AT_ONCE = instant(0);

type Counters = Pick<
  Head,
  'blind' | 'disagreement' | 'stale' | 'missing' | 'refused' | 'unitOutUntil' | 'watchEnded'
>;

/**
 * When `decide` has something to do though nothing differs: at the next check while something is being counted, or to be
 * known before the look, else when a license begins or ends, a reminder is due, or a look may end what settles. Null: never.
 */
export function nextDue(
  head: Head,
  { product, now, intervalMinutes }: Pick<Circumstances, 'product' | 'now' | 'intervalMinutes'>,
): Instant | null {
  if (head.watchEnded !== null) return null;
  if (isCounting(head)) return AT_ONCE;
  const dates = head.state
    .flatMap(({ validity }) => [validity.begin, validity.end])
    .filter((at) => at !== null && at > now);
  const reminderDays = endsOf(lastTold(head).state, now).flatMap((end) =>
    futureDays(end, product.reminderDays, now),
  );
  const settled = head.settling && (settlesAt(head.settling, intervalMinutes) ?? AT_ONCE);
  return earliest([...dates, ...reminderDays, settled]);
}

function isCounting({
  blind,
  disagreement,
  stale,
  missing,
  refused,
  unitOutUntil,
}: Counters): boolean {
  const counted =
    blind !== null || stale !== null || missing !== null || (refused !== null && !refused.told);
  return counted || (disagreement !== null && !lasts(disagreement)) || unitOutUntil !== null;
}
