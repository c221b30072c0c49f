import { quoted } from './outside-text.ts';
declare const instantBrand: unique symbol;

/** A moment, written `2027-02-01T00:00:00Z`: UTC, whole seconds. Instants of this one form compare as strings do. */
export type Instant = string & { readonly [instantBrand]: true };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The instant of a number of milliseconds since 1970; the fraction of a second is dropped. */
export function instant(epochMilliseconds: number): Instant {
  return `${new Date(epochMilliseconds).toISOString().slice(0, 19)}Z` as Instant;
}

export function epochMilliseconds(at: Instant): number {
  return Date.parse(at);
}

/** `at` moved by a number of milliseconds, which may be negative. */
export function plus(at: Instant, milliseconds: number): Instant {
  return instant(epochMilliseconds(at) + milliseconds);
}

/** The same day and time `months` months later; the last day of that month if it has no such day. */
export function monthsLater(at: Instant, months: number): Instant {
  const then = new Date(at);
  const day = then.getUTCDate();
  then.setUTCMonth(then.getUTCMonth() + months);
  if (then.getUTCDate() !== day) then.setUTCDate(0);
  return instant(then.getTime());
}

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export function between(from: Instant, to: Instant): number {
  return epochMilliseconds(to) - epochMilliseconds(from);
}

export function earliest(instants: readonly (Instant | null)[]): Instant | null {
  return instants.reduce<Instant | null>(
    (least, at) => (at !== null && (least === null || at < least) ? at : least),
    null,
  );
}

/** AWS's way to write "no end" (seen in agreements of real buyers: `9999-01-01T00:00:00Z`). Any later time means no end, too. */
const NO_END = Date.UTC(9999, 0);
const YEAR_0 = epochMilliseconds('0000-01-01T00:00:00Z' as Instant);

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** 9 digits (from 1973) to 12: shorter numbers are years or counts, and 13 digits are milliseconds, which AWS never sends. */
const EPOCH_SECONDS = /^\d{9,12}(\.\d{1,9})?$/;

/** Common ways to write "for ever": a year of five digits or more, or a number that is beyond year 9999 even as milliseconds. */
const BEYOND = /^\+?0*[1-9]\d{4,9}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?$|^\d{16,19}(\.\d{1,9})?$/i;

/** Thrown for a text in none of the forms of time that License Manager is known to send. */
export class AwsTimeError extends Error {
  override readonly name = 'AwsTimeError';
}

/**
 * Parses a time as License Manager sends it. Null for year 9999 and beyond: no end. A time without a zone is UTC (CheckoutLicense
 * sends such times; JavaScript would read local time). `License.CreateTime` is documented as ISO 8601 and arrives as epoch seconds
 * (AWS's own samples). Throws `AwsTimeError` for anything else.
 */
export function parseAwsTime(text: string): Instant | null {
  if (BEYOND.test(text)) return null;
  const milliseconds = EPOCH_SECONDS.test(text) ? Number(text) * 1_000 : isoMilliseconds(text);
  if (milliseconds >= NO_END) return null;
  if (!(milliseconds >= YEAR_0)) throw unreadable(text);
  return instant(milliseconds);
}

/** NaN where the text is not an ISO 8601 time. 30 February is not one either, though `Date.parse` makes it 2 March. */
function isoMilliseconds(text: string): number {
  const [, year, month, day, hour, minute, second = '00', zone = 'Z'] = ISO.exec(text) ?? [];
  if (year === undefined) return NaN;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}Z` as Instant;
  const utc = epochMilliseconds(written);
  if (Number.isNaN(utc) || instant(utc) !== written) return NaN;
  return utc - zoneMilliseconds(zone);
}

function zoneMilliseconds(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 14 || minutes > 59) return NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function unreadable(text: string): AwsTimeError {
  const got = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new AwsTimeError(
    `expected a time as ISO 8601 (2027-02-01T00:00:00, zone optional, none means UTC) or epoch seconds (1786405121); got ${quoted(got)}`,
  );
}
