import type { Instant } from '../../../domain/time.ts';

/** To the minute, with its zone. */
export function spoken(at: Instant): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
