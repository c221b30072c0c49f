import type { Opening } from './dependencies.ts';

/** The role does not exist any more, or no longer trusts us. Any other failure proves nothing. */
export function isGone(opening: Opening): boolean {
  return opening.kind === 'blind' && opening.cause === 'role-missing-or-untrusting';
}
