import { DAY, HOUR } from '../../../domain/time.ts';
import { misuse } from './failure.ts';

/** No months, which have no length, and no minutes: the sweeps are a quarter of an hour apart. */
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };

const LONGEST = 100 * 365 * DAY;

/** Milliseconds of `12h`, `7d`, `4w` or `2y`; undefined: it is none of these. */
export function spanOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([hdwy])$/i.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  return milliseconds > 0 && milliseconds <= LONGEST ? milliseconds : undefined;
}

/** The same of an option, which `what` names in an error. */
export function spanOption(text: string, what: string): number {
  const milliseconds = spanOf(text);
  if (milliseconds !== undefined) return milliseconds;
  throw misuse(
    `${what} is ${JSON.stringify(text)}; expected a length of time like 12h, 30d, 4w or 2y`,
  );
}
