import { runOutOf } from '../../usage/run-out.ts';
import { peaksByDay, type SeenUsage } from '../../../domain/check/seen-usage.ts';

/** The machine form of the usage that was seen: members are added, never renamed or removed. Null: nothing was read. */
export function seenUsageForm(seen: SeenUsage | undefined) {
  if (seen === undefined) return null;
  const { at, entitlements } = seen;
  return {
    at,
    entitlements: entitlements.map((each) => ({
      name: each.name,
      unit: each.unit,
      consumed: each.consumed,
      maxCount: each.maxCount,
      pool: each.isPool,
      peaks: peaksByDay(each),
      runOut: runOutOf(each, at),
    })),
  };
}
