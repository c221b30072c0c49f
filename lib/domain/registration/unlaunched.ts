import { DAY, type Instant, plus } from '../time.ts';
import type { Buyer } from './buyer.ts';

/** Who was invited has a week to launch the stack; then the seller is told, once for each invitation. */
const TIME_TO_LAUNCH = 7 * DAY;

/** Invitations up to then are overdue. */
export function overdueInvitations(now: Instant): Instant {
  return plus(now, -TIME_TO_LAUNCH);
}

export function isUnlaunched({ status, invitedAt }: Buyer, now: Instant): boolean {
  return status === 'invited' && invitedAt <= overdueInvitations(now);
}
