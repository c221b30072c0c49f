import type { Sha256 } from '../ledger/canonical-json.ts';
import { byNameThenUnit } from '../license/canonical-state.ts';
import type { ContractKey, EntitlementUsage, License } from '../license/contract.ts';
import { type Dimensions, isPoolIn } from '../license/product.ts';
import { compareQuantities, type Quantity } from '../license/quantity.ts';
import { between, DAY, HOUR, type Instant, MINUTE, plus } from '../time.ts';
import { isSlotTick, type SweptTicks } from './last-seen.ts';

/** A day in UTC: `2027-02-01`. */
export type Day = string;

/** What was seen in use of one entitlement, across all licenses of a contract. */
export interface SeenEntitlement extends EntitlementUsage {
  /** When the maximum became what it is: what was in use before says nothing about how full it is. Null: it was always so. */
  readonly maxSince: Day | null;
  /** True if what is checked out of it does not return. */
  readonly isPool: boolean;
  /** The day of the first peak; the others belong to the days after it, one each. */
  readonly from: Day;
  /** The most that was seen in use on each day; null: it was not read. */
  readonly peaks: readonly (Quantity | null)[];
}

/** What was seen in use of one contract: an item of its own beside the head, as it changes even if nothing happens. */
export interface SeenUsage {
  readonly contract: ContractKey;
  /** When the last values were read; every write is conditional on it. */
  readonly at: Instant;
  readonly entitlements: readonly SeenEntitlement[];
}

/** Usage as a look read it; `recentPeak`: the most that was in use in the last week, for what is held. */
export interface UsageRead extends EntitlementUsage {
  readonly recentPeak?: Quantity;
}

/** Enough for a full chart of 90 days, also on a day that has just begun. */
const MOST_DAYS = 92;
/** The documentation of AWS Marketplace mentions products of 24 dimensions. */
const MOST_ENTITLEMENTS = 24;
/** How long a stored value may lag behind the newest one before it is written again. */
const MOVES_EVERY = 6 * HOUR;
/** A busy time does not end with a night or a weekend. */
const RECENT_DAYS = 7;

/**
 * True if a look of this tick reads usage: once an hour for each contract, in slots spread by a hash, so that the other ticks cost no more
 * than without it. If ticks are rarer than that: at each. `previous` undefined: a person asks, and no sweep.
 */
export function isUsageTick(
  contract: ContractKey,
  {
    tick,
    previous,
  }: { readonly tick: Instant; readonly previous?: SweptTicks['previous'] | undefined },
  intervalMinutes: number,
  sha256: Sha256,
): boolean {
  if (previous === undefined) return true;
  const slots = Math.ceil(HOUR / (intervalMinutes * MINUTE));
  return isSlotTick(contract, slots, { tick, previous }, intervalMinutes, sha256);
}

/**
 * Adds the peak of the last week to what is held. Only that peak decides what is told: what is held comes and goes with every launch,
 * and a team that uses all of it each day is told once.
 */
export function withRecentPeaks(
  usage: readonly EntitlementUsage[],
  licenses: readonly License[],
  dimensions: Dimensions,
  seen: SeenUsage | undefined,
  now: Instant,
): readonly UsageRead[] {
  return usage.map((of) => {
    if (isPoolIn(licenses, of, dimensions)) return of;
    const known = seen?.entitlements.find((each) => isSame(each, of));
    return { ...of, recentPeak: most([of.consumed, ...recentPeaks(known, of, now)]) };
  });
}

function recentPeaks(
  known: SeenEntitlement | undefined,
  { maxCount }: EntitlementUsage,
  now: Instant,
): readonly Quantity[] {
  if (known?.maxCount !== maxCount) return [];
  const first = dayOf(plus(now, -RECENT_DAYS * DAY));
  return peaksByDay(known)
    .filter(({ day }) => day >= first && (known.maxSince === null || day > known.maxSince))
    .map(({ peak }) => peak);
}

/**
 * The item to write; null: none, as no peak rose and the last value is not old. The first look of a day always writes: a day
 * without a peak is one on which nobody looked.
 */
export function nextSeenUsage(
  contract: ContractKey,
  usage: readonly EntitlementUsage[],
  licenses: readonly License[],
  dimensions: Dimensions,
  seen: SeenUsage | undefined,
  now: Instant,
): SeenUsage | null {
  if (seen !== undefined && seen.at > now) return null;
  const today = dayOf(now);
  const read = usage.slice(0, MOST_ENTITLEMENTS).map((of) =>
    after(
      seen?.entitlements.find((each) => isSame(each, of)),
      of,
      isPoolIn(licenses, of, dimensions),
      today,
    ),
  );
  if (read.length === 0 || !isWorthAWrite(read, seen, now)) return null;
  const gone = (seen?.entitlements ?? []).filter(
    (old) =>
      !read.some((each) => isSame(each, old)) &&
      lastDayOf(old) > dayOf(plus(now, -MOST_DAYS * DAY)),
  );
  return {
    contract,
    at: now,
    entitlements: [...read, ...gone.slice(0, MOST_ENTITLEMENTS - read.length)].toSorted(
      byNameThenUnit,
    ),
  };
}

function isWorthAWrite(
  read: readonly SeenEntitlement[],
  seen: SeenUsage | undefined,
  now: Instant,
): boolean {
  if (seen === undefined || dayOf(seen.at) !== dayOf(now)) return true;
  const isOld = between(seen.at, now) >= MOVES_EVERY;
  return read.some((each) => {
    const old = seen.entitlements.find((known) => isSame(known, each));
    if (old?.maxCount !== each.maxCount) return true;
    if (isOld && old.consumed !== each.consumed) return true;
    // A pool's peak is its last value and rises with every use, so it is no reason to write.
    return !each.isPool && each.peaks.at(-1) !== old.peaks.at(-1);
  });
}

function after(
  old: SeenEntitlement | undefined,
  { name, unit, consumed, maxCount }: EntitlementUsage,
  isPool: boolean,
  today: Day,
): SeenEntitlement {
  const of = { name, unit, consumed, maxCount, isPool };
  if (old === undefined || lastDayOf(old) > today)
    return { ...of, maxSince: null, from: today, peaks: [consumed] };
  const days = daysBetween(old.from, today);
  const missed = Array.from({ length: days - old.peaks.length }, () => null);
  const before = [...old.peaks, ...missed].slice(0, days);
  const peak = most([consumed, old.peaks[days] ?? consumed]);
  const peaks = [...before, peak].slice(-MOST_DAYS);
  return {
    ...of,
    maxSince: old.maxCount === maxCount ? old.maxSince : today,
    from: dayOf(plus(midnight(today), -(peaks.length - 1) * DAY)),
    peaks,
  };
}

/** The peaks of the days on which it was read, oldest first. */
export function peaksByDay({ from, peaks }: Pick<SeenEntitlement, 'from' | 'peaks'>): readonly {
  readonly day: Day;
  readonly peak: Quantity;
}[] {
  const first = midnight(from);
  return peaks.flatMap((peak, index) =>
    peak === null ? [] : [{ day: dayOf(plus(first, index * DAY)), peak }],
  );
}

/** The day with the highest peak, the first of several; undefined: there are no peaks. */
export function highestPeak(
  seen: Pick<SeenEntitlement, 'from' | 'peaks'>,
): { readonly day: Day; readonly peak: Quantity } | undefined {
  return peaksByDay(seen).reduce<ReturnType<typeof highestPeak>>(
    (best, each) =>
      best === undefined || compareQuantities(each.peak, best.peak) > 0 ? each : best,
    undefined,
  );
}

export function dayOf(at: Instant): Day {
  return at.slice(0, 10);
}

function midnight(day: Day): Instant {
  return `${day}T00:00:00Z` as Instant;
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round(between(midnight(from), midnight(to)) / DAY);
}

function lastDayOf({ from, peaks }: SeenEntitlement): Day {
  return dayOf(plus(midnight(from), (peaks.length - 1) * DAY));
}

function isSame(
  a: Pick<EntitlementUsage, 'name' | 'unit'>,
  b: Pick<EntitlementUsage, 'name' | 'unit'>,
): boolean {
  return a.name === b.name && a.unit === b.unit;
}

function most(quantities: readonly [Quantity, ...Quantity[]]): Quantity {
  return quantities.reduce((a, b) => (compareQuantities(b, a) > 0 ? b : a));
}
