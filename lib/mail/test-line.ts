import type { Instant } from '../domain/time.ts';
import { dateAndTime } from './dates.ts';

/** The first words of whatever is sent to show how it looks. `at`: for when it is made up. */
export function testLine(at: Instant, what: 'notice' | 'digest'): string {
  return `[TEST] Nothing has changed and there is nothing to do: this mail only shows how a ${what} of ${dateAndTime(at)} would look.`;
}
