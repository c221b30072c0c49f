import { NO_SUBSCRIPTION } from './delivery.ts';
import type { Notice } from './notice.ts';
import type { Instant } from '../time.ts';

/** Whether notices reach the buyer, as far as what became of the last ones tells. Notices are kept for 400 days. */
export type MailStanding =
  | { readonly kind: 'told'; readonly first: Instant; readonly last: Instant }
  | { readonly kind: 'unconfirmed'; readonly since: Instant }
  | { readonly kind: 'refused'; readonly since: Instant; readonly reason: string }
  /** No notice was tried yet. */
  | { readonly kind: 'untried' };

/**
 * That a publish succeeded with nobody there is excluded: without a confirmed subscription none is tried. The newest notice
 * that SNS was asked to take decides; one that waits for a subscription decides at once.
 */
export function mailStanding(notices: readonly Notice[]): MailStanding {
  const toBuyer = notices.filter(({ audience }) => audience === 'buyer').toSorted(byBirth);
  const waiting = toBuyer.find(
    ({ state, reason }) => state === 'waiting' && reason === NO_SUBSCRIPTION,
  );
  if (waiting !== undefined) return { kind: 'unconfirmed', since: waiting.bornAt };
  const newest = toBuyer.findLast(({ state }) => state === 'told' || state === 'undeliverable');
  if (newest === undefined) return { kind: 'untried' };
  const { bornAt: since, reason } = newest;
  if (newest.state === 'undeliverable') {
    return reason === NO_SUBSCRIPTION
      ? { kind: 'unconfirmed', since }
      : { kind: 'refused', since, reason };
  }
  // Of what was told `notBefore` is the time of the publish.
  const told = toBuyer.filter(({ state }) => state === 'told').map(({ notBefore }) => notBefore);
  const [first = since, last = first] = [told.toSorted()[0], told.toSorted().at(-1)];
  return { kind: 'told', first, last };
}

function byBirth(a: Notice, b: Notice): number {
  if (a.bornAt === b.bornAt) return a.entry - b.entry;
  return a.bornAt < b.bornAt ? -1 : 1;
}
