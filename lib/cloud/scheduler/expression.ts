import { cronFields, nextByCron } from './cron.ts';

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 1440 * MINUTE_MS };

/** When a schedule occurs. */
export interface Occurrences {
  /** The first instant from `from` on; undefined: none any more. */
  next(from: number): number | undefined;
}

/**
 * Reads `rate(15 minutes)`, `cron(...)` and `at(...)`, in UTC. A rate counts from its start date; without one from 1970, so that ticks
 * are round instants, where AWS counts from the schedule's creation.
 */
export function occurrences(expression: string, startAt: number | undefined): Occurrences {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return byRate(inner, startAt ?? 0, expression);
  if (kind === 'at') return once(Date.parse(`${inner}Z`), expression);
  if (kind === 'cron') {
    const fields = cronFields(inner);
    return { next: (from) => nextByCron(fields, from) };
  }
  throw invalid(expression);
}

/** A count of one is singular, and only that: `rate(1 minutes)` is refused. */
function byRate(inner: string, anchor: number, expression: string): Occurrences {
  const [, count = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(inner) ?? [];
  const period = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(period > 0) || (count === '1') === (plural === 's')) throw invalid(expression);
  return { next: (from) => anchor + Math.max(0, Math.ceil((from - anchor) / period)) * period };
}

function once(instant: number, expression: string): Occurrences {
  if (Number.isNaN(instant)) throw invalid(expression);
  return { next: (from) => (from <= instant ? instant : undefined) };
}

function invalid(expression: string): Error {
  return new Error(
    `Invalid Schedule Expression ${expression}. It must be rate(<count> <minutes|hours|days>), cron(<six fields>) or at(<yyyy-mm-ddThh:mm:ss>).`,
  );
}
