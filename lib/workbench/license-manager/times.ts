import { refuse } from './errors.ts';
import type { Switches } from './switches.ts';

/** All times inside are epoch milliseconds; the functions below write them as AWS does. */

export const MINUTE = 60_000;

/** `2027-02-01T00:00:00Z` */
export function isoTime(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** `2020-12-01T00:47:35`: UTC without saying so, as CheckoutLicense writes IssuedAt and Expiration (A). */
export function zonelessTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

/** `1786405121` */
export function epochTime(at: number): string {
  return String(Math.floor(at / 1000));
}

export function validityTime(at: number, format: Switches['validityFormat']): string {
  switch (format) {
    case 'iso-z':
      return isoTime(at);
    case 'iso-zoneless':
      return zonelessTime(at);
    case 'iso-offset':
      // A nonzero offset exposes code that drops it.
      return `${zonelessTime(at + 120 * MINUTE)}+02:00`;
    case 'epoch-seconds':
      return epochTime(at);
  }
}

/** Reads what the model's pattern lets through, and refuses days that do not exist and years that a Date cannot hold. */
export function readTime(text: string, member: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at) || !isDay(text)) {
    refuse(
      'ValidationException',
      `Value '${text}' at '${member}' is not a date and time: use ISO 8601 in UTC, as in 2027-02-01T00:00:00Z`,
    );
  }
  return at;
}

/** False for 31 February, which `Date.parse` makes 3 March. */
function isDay(text: string): boolean {
  const day = text.slice(0, text.indexOf('T'));
  return isoTime(Date.parse(`${day}T00:00:00Z`)).startsWith(day);
}
