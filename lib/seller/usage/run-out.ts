import type { EntitlementUsage } from '../../domain/license/contract.ts';
import {
  type SeenUsage,
  dayOf,
  daysBetween,
  peaksByDay,
  type SeenEntitlement,
} from '../../domain/check/seen-usage.ts';
import { approximately, minusQuantity, type Quantity } from '../../domain/license/quantity.ts';
import { DAY, epochMilliseconds, instant, type Instant } from '../../domain/time.ts';

/** When a pool would be used up if usage goes on as before: an estimate, not a promise. */
export interface RunOut {
  /** How many days the pace is computed from: whole days, all before the day of the last look. */
  readonly days: number;
  readonly perDay: number;
  readonly at: Instant;
  /** The range if the pace varies as much as the days did; `latest` null: it may never be used up. */
  readonly earliest: Instant;
  readonly latest: Instant | null;
}

/** Weekends are slower: less than a week is no pace. */
const FEWEST_DAYS = 7;
const MOST_DAYS = 30;
/** Five years: nothing later is shown, because a term is three years at most (seller guide). */
const FARTHEST_DAYS = 5 * 366;

/**
 * Fits a straight line to the daily values since the pool was last refilled, by least squares. The uncertainty follows from how unequal
 * the days were, not from how near the values lie to the line: they are running sums, and sums of anything look straight. The slope of a
 * line through the sums of `n` independent days has a variance of 6/5 of theirs / `n`; twice its root to either side holds 19 of 20.
 * Null: it was read on too few days, is not used, has no maximum, or lasts for years.
 */
export function runOutOf(pool: SeenEntitlement, at: Instant): RunOut | null {
  const { maxCount, consumed, isPool } = pool;
  if (!isPool || maxCount === null) return null;
  const days = wholeDays(pool, at);
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined || last.used > approximately(consumed)) return null;
  const span = last.day - first.day;
  if (span + 1 < FEWEST_DAYS || days.length < FEWEST_DAYS - 2) return null;
  const perDay = slopeOf(days);
  if (perDay <= 0) return null;
  const spread = 2 * Math.sqrt((varianceOf(days, perDay) * 6) / 5 / span);
  const left = approximately(minusQuantity(maxCount, consumed));
  const after = (amount: number): Instant | null =>
    amount > 0 && left / amount <= FARTHEST_DAYS
      ? instant(epochMilliseconds(at) + (left / amount) * DAY)
      : null;
  const [likely, earliest] = [after(perDay), after(perDay + spread)];
  if (likely === null || earliest === null) return null;
  return { days: span + 1, perDay, at: likely, earliest, latest: after(perDay - spread) };
}

interface DayUsed {
  /** Days since the first. */
  readonly day: number;
  readonly used: number;
}

/** The days since it was refilled or began anew, without the day of the last look, which is not over. */
function wholeDays(pool: SeenEntitlement, at: Instant): readonly DayUsed[] {
  const today = dayOf(at);
  const all = peaksByDay(pool).filter(
    ({ day }) => day < today && daysBetween(day, today) <= MOST_DAYS,
  );
  const values = all.map(({ day, peak }) => used(pool.from, day, peak));
  const refilled = values.findLastIndex(
    ({ used: now }, index) => index > 0 && now < (values[index - 1]?.used ?? 0),
  );
  return values.slice(Math.max(0, refilled));
}

function used(from: string, day: string, peak: Quantity): DayUsed {
  return { day: daysBetween(from, day), used: approximately(peak) };
}

function slopeOf(days: readonly DayUsed[]): number {
  const mean = (of: (each: DayUsed) => number) =>
    days.reduce((sum, each) => sum + of(each), 0) / days.length;
  const [day, amount] = [mean((each) => each.day), mean((each) => each.used)];
  const both = mean((each) => (each.day - day) * (each.used - amount));
  return both / mean((each) => (each.day - day) ** 2);
}

/** The variance of what was used in a day, around the pace. */
function varianceOf(days: readonly DayUsed[], perDay: number): number {
  const steps = days.slice(1).map((each, index) => {
    const before = days[index] ?? each;
    const length = each.day - before.day;
    return (each.used - before.used - perDay * length) ** 2 / length;
  });
  return steps.reduce((sum, each) => sum + each, 0) / (steps.length - 1);
}

/** The last known usage of each entitlement: from `seen`, else from `kept`. Null: none is known. */
export function lastUsage(
  seen: SeenUsage | undefined,
  kept: readonly EntitlementUsage[] | null,
): readonly EntitlementUsage[] | null {
  if (seen === undefined) return kept;
  const last = seen.entitlements.map(({ name, unit, consumed, maxCount }) => {
    return { name, unit, consumed, maxCount };
  });
  return [
    ...last,
    ...(kept ?? []).filter(
      (each) => !last.some((one) => one.name === each.name && one.unit === each.unit),
    ),
  ];
}
