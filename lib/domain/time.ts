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

/** The same day so many months later, at the same time of day; the last of a month that has no such day. */
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
