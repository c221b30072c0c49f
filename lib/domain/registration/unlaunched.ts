import { DAY, type Instant, plus } from '../time.ts';
import type { Buyer } from './buyer.ts';

/** An invited buyer has a week to launch the stack. After that the seller is told, once for each invitation. */
const TIME_TO_LAUNCH = 7 * DAY;

/** The instant at or before which an invitation must have been made to be overdue now. */
export function overdueInvitations(now: Instant): Instant {
  return plus(now, -TIME_TO_LAUNCH);
}

export function isUnlaunched({ status, invitedAt }: Buyer, now: Instant): boolean {
  return status === 'invited' && invitedAt <= overdueInvitations(now);
}
