const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 1440 * MINUTE_MS,
};

/** When a schedule occurs. */
export interface Occurrences {
  /** The first instant from `from` on, epoch milliseconds. */
  next(from: number): number;
}

/**
 * Reads `rate(15 minutes)`: our schedules have nothing else, and anything else is refused. A rate counts from its start date; without
 * one from 1970, so that ticks are round instants, where AWS counts from the schedule's creation.
 */
export function occurrences(expression: string, startAt: number | undefined): Occurrences {
  const [, count = '', unit = '', plural] =
    /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const period = Number(count) * (UNITS[unit] ?? Number.NaN);
  // A count of one is singular, and only that: AWS refuses rate(1 minutes).
  if (!(period > 0) || (count === '1') === (plural === 's')) {
    throw new Error(
      `the local cloud knows schedule expressions like rate(15 minutes), got ${JSON.stringify(expression)}`,
    );
  }
  const anchor = startAt ?? 0;
  return { next: (from) => anchor + Math.max(0, Math.ceil((from - anchor) / period)) * period };
}
