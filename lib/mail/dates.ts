import type { Quantity } from '../domain/license/quantity.ts';
import type { End } from '../domain/license/contract.ts';
import {
  between,
  DAY,
  epochMilliseconds,
  HOUR,
  type Instant,
  MINUTE,
  plus,
} from '../domain/time.ts';

/** `2027-02-01 00:00 UTC`: an order of day and month that nobody can misread. */
export function dateAndTime(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** `Mon 2027-02-01 00:00 UTC`: for instants by which somebody must be somewhere or decide something. */
export function dayAndTime(at: Instant): string {
  return `${weekday(at)} ${dateAndTime(at)}`;
}

/** `Mon 2027-02-01`. */
export function day(at: Instant): string {
  return `${weekday(at)} ${date(at)}`;
}

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;

/** 1970 began on a Thursday. */
function weekday(at: Instant): string {
  return WEEKDAYS.at(Math.floor(epochMilliseconds(at) / DAY) % 7) ?? '';
}

/** `2027-02-01`. */
export function date(at: Instant): string {
  return at.slice(0, 10);
}

/** `Mon 2027-02-01 00:00 UTC, in 14 days`; a past end is `..., 2 days ago`. */
export function dateWithDistance(at: Instant, now: Instant): string {
  return `${dayAndTime(at)}, ${distance(at, now)}`;
}

/** `in 14 days`, `in 5 hours 20 minutes`, `2 days ago`. Future days are rounded up, as people count; below a day, minutes are. */
function distance(at: Instant, now: Instant): string {
  const left = between(now, at);
  if (left <= 0) return left > -MINUTE ? 'just now' : `${duration(-left)} ago`;
  const minutes = Math.ceil(left / MINUTE);
  return minutes < DAY / MINUTE
    ? `in ${hoursAndMinutes(minutes)}`
    : `in ${counted(Math.ceil((minutes * MINUTE) / DAY), 'day')}`;
}

/** For a subject: `in 14 days`. The last day looks different: `in 23 h 56 min, LAST DAY`. */
export function timeLeft(at: Instant, now: Instant): string {
  return between(now, at) <= DAY
    ? `${distance(at, now)
        .replace(/ hours?/, ' h')
        .replace(/ minutes?/, ' min')}, LAST DAY`
    : distance(at, now);
}

function hoursAndMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [
    ...(hours > 0 ? [counted(hours, 'hour')] : []),
    ...(rest > 0 ? [counted(rest, 'minute')] : []),
  ].join(' ');
}

/** `20 minutes`, `5 hours`, `3 days`: rounded down. */
export function duration(milliseconds: number): string {
  if (milliseconds < 2 * HOUR) return counted(Math.floor(milliseconds / MINUTE), 'minute');
  if (milliseconds < DAY) return counted(Math.floor(milliseconds / HOUR), 'hour');
  return counted(Math.floor(milliseconds / DAY), 'day');
}

/** An end at midnight reads as a day longer than it is. Null: the end is not at midnight. */
export function lastFullDay(end: Instant): string | null {
  return end.slice(11, 16) === '00:00' ? day(plus(end, -DAY)) : null;
}

export function endWords(end: End): string {
  return end === null ? 'no end' : dateAndTime(end);
}

/** `1 seat`, `5 seats`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `10,000`. A quantity keeps each digit: it is formatted as text. */
export function number(value: number | Quantity): string {
  return NUMBERS.format(value as number | `${number}`);
}

/** `1 contract`, `10,000 contracts`. */
export function several(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** The first words of a message that only shows how it looks. `at`: the instant for which it is made up. */
export function testLine(at: Instant, what: 'notice' | 'digest'): string {
  return `[TEST] Nothing has changed and there is nothing to do: this mail only shows how a ${what} of ${dateAndTime(at)} would look.`;
}
