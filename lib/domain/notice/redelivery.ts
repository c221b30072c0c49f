import type { Notice } from './notice.ts';
import type { Instant } from '../time.ts';

/**
 * How a notice that was given up becomes one to be sent. Everything else is as with any that is due: whether it is still true,
 * and whether it reaches anybody, is found out when it is sent.
 */
export function takenUp(
  { reason }: Notice,
  now: Instant,
): Pick<Notice, 'state' | 'notBefore' | 'reason'> {
  return {
    state: 'due',
    notBefore: now,
    reason: `taken up again at ${now}; given up before because ${reason}`,
  };
}
