import { DAY, instant, MINUTE, HOUR } from '../../../domain/time.ts';
import { counted, dateAndTime } from '../../../mail/dates.ts';

const SECOND = 1_000;

export const DESTINATIONS = ['sweep', 'day', 'month'] as const;
export type Destination = (typeof DESTINATIONS)[number];

export interface Dependencies {
  readonly clock: { readonly now: () => number; readonly advanceTo: (to: number) => Promise<void> };
  readonly schedules: {
    readonly pause: () => void;
    readonly resume: () => void;
    readonly fire: (at: number) => void;
    readonly nextOccurrence: (from: number) => number | undefined;
  };
  /** Reads the watcher's books: the number of entries in all ledgers, and when the next contract is due. */
  readonly books: () => Promise<{ readonly entries: number; readonly due: number | null }>;
  readonly said: (words: string) => void;
  /** Ends at the next sweep. */
  readonly stop: AbortSignal;
}

/** The time from a sweep to its last mail: checks are spread over 5 minutes, the seller's digest comes after 7. */
const AFTERMATH = 10 * MINUTE;

/** Lets time pass, with the sweeps that have something to do. Returns which sweeps ran and which were left out, in words. */
export async function advanceTime(
  destination: Destination,
  dependencies: Dependencies,
): Promise<string> {
  const { clock, schedules, books, said, stop } = dependencies;
  const ticks = tickingOf(schedules);
  const start = clock.now();
  const firstTick = ticks.from(start + 1);
  const until =
    destination === 'sweep'
      ? firstTick + Math.min(AFTERMATH, ticks.interval - SECOND)
      : start + DAYS[destination] * DAY;
  const last = ticks.from(until - ticks.interval + 1);
  let swept = 0;
  let { entries, due } = await books();
  let stirred = true;
  schedules.pause();
  try {
    for (;;) {
      const next = nextSweep(clock.now(), { tickFrom: ticks.from, stirred, due });
      // The last tick before the end is always swept, so that nothing looks late at the end.
      const tick = next > until ? Math.max(last, ticks.from(clock.now() + 1)) : next;
      if (tick > until || stop.aborted) break;
      await clock.advanceTo(tick);
      schedules.fire(tick);
      swept += 1;
      await clock.advanceTo(Math.min(until, tick + ticks.interval - SECOND));
      const now = await books();
      stirred = now.entries !== entries;
      ({ entries, due } = now);
      if (destination !== 'sweep')
        said(`${dateAndTime(instant(clock.now()))}, ${counted(swept, 'sweep')}`);
    }
    if (!stop.aborted) await clock.advanceTo(until);
  } finally {
    schedules.resume();
  }
  return sentence(swept, ticks.count(start, clock.now()), clock.now());
}

const DAYS: Readonly<Record<Exclude<Destination, 'sweep'>, number>> = { day: 1, month: 30 };

function tickingOf(schedules: Dependencies['schedules']) {
  const from = (at: number): number => {
    const next = schedules.nextOccurrence(at);
    if (next === undefined)
      throw new Error('no sweep is scheduled: the schedule of the watcher is disabled or gone');
    return next;
  };
  const some = from(0);
  const interval = from(some + 1) - some;
  return {
    from,
    interval,
    /** The number of ticks after `start`, up to and including `end`. */
    count: (start: number, end: number) =>
      Math.max(0, Math.floor((end - from(start + 1)) / interval) + 1),
  };
}

function sentence(swept: number, all: number, now: number): string {
  const here = `It is ${dateAndTime(instant(now))}.`;
  if (swept >= all) return `${counted(swept, 'sweep')} run. ${here}`;
  return `${swept} of ${counted(all, 'sweep')} run: those left out had nothing due and nothing changed to look at. ${here}`;
}

/** The time between two sweeps while nothing happens. */
export const QUIET = 8 * HOUR;

export interface Ahead {
  /** The tick at or after an instant. */
  readonly tickFrom: (at: number) => number;
  /** Something was changed, or the last sweep recorded something. */
  readonly stirred: boolean;
  /** When there is something to do; in the past: at once; null: nothing is known to be due. */
  readonly due: number | null;
}

/** The next tick after `now` to sweep; the ticks before it would find nothing to do. */
export function nextSweep(now: number, { tickFrom, stirred, due }: Ahead): number {
  const next = tickFrom(now + 1);
  if (stirred) return next;
  const quiet = tickFrom((Math.floor(now / QUIET) + 1) * QUIET);
  // Anything due at or before now has just been checked, or is due at every check.
  return due === null ? quiet : Math.min(quiet, tickFrom(Math.max(due, now + 1)));
}
