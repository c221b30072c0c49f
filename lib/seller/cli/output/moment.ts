import {
  AwsTimeError,
  DAY,
  HOUR,
  type Instant,
  instant,
  parseAwsTime,
  plus,
} from '../../../domain/time.ts';
import { misuse } from './failure.ts';
import { quoted } from '../../../domain/outside-text.ts';

/** An instant as text, to the minute, with its zone. */
export function timeText(at: Instant): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

/** A standing and the end of its term. Not "suspended until": the term ends then, whatever becomes of the suspension. */
export function standingWithEnd(standing: string, end: Instant | null): string {
  return end === null ? standing : `${standing}; end of its term: ${timeText(end)}`;
}

/** No months, whose length varies, and no minutes: the sweeps are a quarter of an hour apart. */
const UNITS: Readonly<Record<string, number>> = { h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };

const LONGEST = 100 * 365 * DAY;

/** Milliseconds of `12h`, `7d`, `4w` or `2y`; undefined: it is none of these. */
export function spanOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([hdwy])$/i.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  return milliseconds > 0 && milliseconds <= LONGEST ? milliseconds : undefined;
}

/** As `spanOf`, for an option that `what` names in the error. */
export function spanOption(text: string, what: string): number {
  const milliseconds = spanOf(text);
  if (milliseconds !== undefined) return milliseconds;
  throw misuse(`${what} is ${quoted(text)}; expected a length of time like 12h, 30d, 4w or 2y`);
}

/** A point in time as a person wrote it. Its meaning may depend on the current time. */
export type Moment =
  | { readonly kind: 'ago'; readonly milliseconds: number }
  /** `2027-02-01`, in UTC. */
  | { readonly kind: 'day'; readonly date: string }
  | { readonly kind: 'instant'; readonly at: Instant };

const DAY_FORM = /^\d{4}-\d\d-\d\d$/;
const INSTANT_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)$/i;

/** Reads `2027-02-01`, or an instant with its zone. `what` names it in an error: `--since`; `or` says what else the caller takes. */
export function dateOf(text: string, what: string, or = ''): Exclude<Moment, { kind: 'ago' }> {
  const moment = dated(text);
  if (moment !== undefined) return moment;
  throw misuse(
    `${what} is ${quoted(text)}; expected ${or}a day before the year 9999 like 2027-02-01, or an instant with its zone like 2027-02-01T09:30Z or 2027-02-01T09:30+01:00`,
  );
}

/** As `dateOf`, but also reads how long ago: `7d`. */
export function momentOf(text: string, what: string): Moment {
  const moment = dated(text);
  if (moment !== undefined) return moment;
  const milliseconds = spanOf(text);
  if (milliseconds !== undefined) return { kind: 'ago', milliseconds };
  throw misuse(
    `${what} is ${quoted(text)}; expected how long ago like 12h, 7d, 4w or 2y, a day before the year 9999 like 2027-02-01, or an instant with its zone like 2027-02-01T09:30Z`,
  );
}

/** The parser for an option called `name`. */
export function asMoment(name: string): (text: string) => Moment {
  return (text) => momentOf(text, name);
}

/** The beginning of a moment: for a day, its midnight UTC. */
export function startOf(moment: Moment, now: Instant): Instant {
  return moment.kind === 'day' ? midnight(moment.date) : pointOf(moment, now);
}

/** The exclusive end of a moment: for a day, the midnight UTC after it. */
export function endOf(moment: Moment, now: Instant): Instant {
  return moment.kind === 'day' ? plus(midnight(moment.date), DAY) : pointOf(moment, now);
}

function pointOf(moment: Exclude<Moment, { kind: 'day' }>, now: Instant): Instant {
  return moment.kind === 'ago' ? plus(now, -moment.milliseconds) : moment.at;
}

/** Undefined: the text does not have the form of a date, or there is no such day. */
function dated(text: string): Exclude<Moment, { kind: 'ago' }> | undefined {
  if (DAY_FORM.test(text)) {
    return existing(`${text}T00:00:00Z`) === undefined ? undefined : { kind: 'day', date: text };
  }
  const at = INSTANT_FORM.test(text) ? existing(text) : undefined;
  return at === undefined ? undefined : { kind: 'instant', at };
}

function existing(text: string): Instant | undefined {
  try {
    return parseAwsTime(text) ?? undefined;
  } catch (error) {
    if (error instanceof AwsTimeError) return undefined;
    throw error;
  }
}

function midnight(date: string): Instant {
  return instant(Date.parse(`${date}T00:00:00Z`));
}
