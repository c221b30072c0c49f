import { NO_SUBSCRIPTION, type Notice } from '../domain/notice/notice.ts';
import type { BuyerReachability } from '../domain/notice/reachability.ts';
import type { Instant } from '../domain/time.ts';

/** Whether notices reach the buyer, as far as it is known. Notices are kept for 400 days. */
export type MailStanding =
  | { readonly kind: 'told'; readonly first: Instant; readonly last: Instant }
  /** An address is confirmed, but nothing was sent yet. */
  | { readonly kind: 'confirmed'; readonly since: Instant }
  /** Notices are sent, but nobody can see to whom. */
  | { readonly kind: 'cannot-tell'; readonly since: Instant }
  | { readonly kind: 'unconfirmed'; readonly since: Instant }
  /** An address was confirmed, but none is any more. */
  | { readonly kind: 'gone'; readonly since: Instant }
  | { readonly kind: 'refused'; readonly since: Instant; readonly reason: string }
  /** No notice was tried yet, and nobody has looked at the topic. */
  | { readonly kind: 'untried' };

/** Judges by the fate of the notices and by the last daily look at the topic, whichever is newer. */
export function mailStanding(
  notices: readonly Notice[],
  reachability: BuyerReachability | undefined,
): MailStanding {
  const standing = standingOf(notices);
  if (reachability === undefined) return standing;
  const { state, since } = reachability;
  // A notice was told after the topic was first seen in this state, so somebody could read it.
  if (standing.kind === 'told' && standing.last > since && state !== 'cannot-tell') return standing;
  switch (state) {
    case 'gone':
      return { kind: 'gone', since };
    case 'never-confirmed':
      return standing.kind === 'unconfirmed' ? standing : { kind: 'unconfirmed', since };
    case 'topic-closed':
      return standing.kind === 'refused'
        ? standing
        : { kind: 'refused', since, reason: 'it is gone, or does not let the watcher in' };
    case 'cannot-tell':
      return standing.kind === 'unconfirmed' ? standing : { kind: 'cannot-tell', since };
    case 'confirmed':
      return standing.kind === 'untried' || standing.kind === 'refused'
        ? { kind: 'confirmed', since }
        : standing;
  }
}

/** The parts of a notice by which `mailStanding` judges. */
type Judged = Pick<Notice, 'audience' | 'state' | 'reason' | 'bornAt' | 'notBefore' | 'entry'>;

/** The few of a buyer's notices that give `mailStanding` the same result as all: readers of all buyers' notices need hold only these. */
export function decisiveNotices<Each extends Judged>(notices: readonly Each[]): readonly Each[] {
  const toBuyer = notices.filter(({ audience }) => audience === 'buyer').toSorted(byBirth);
  const told = toBuyer
    .filter(({ state }) => state === 'told')
    .toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : a.notBefore > b.notBefore ? 1 : 0));
  const decisive: readonly (Each | undefined)[] = [
    toBuyer.find(({ state, reason }) => state === 'waiting' && reason === NO_SUBSCRIPTION),
    toBuyer.findLast(({ state }) => state === 'told' || state === 'undeliverable'),
    told[0],
    told.at(-1),
  ];
  // Keeps the order of all notices: entries of two products may have the same number and time of birth.
  return toBuyer.filter((each) => decisive.includes(each));
}

/**
 * A notice that waits for a subscription decides at once; else the newest that SNS was asked to take. A successful publish cannot
 * have reached nobody, as none is tried without a confirmed subscription.
 */
function standingOf(notices: readonly Notice[]): MailStanding {
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
  // The `notBefore` of a told notice is the time of its publish.
  const told = toBuyer.filter(({ state }) => state === 'told').map(({ notBefore }) => notBefore);
  const [first = since, last = first] = [told.toSorted()[0], told.toSorted().at(-1)];
  return { kind: 'told', first, last };
}

function byBirth(a: Judged, b: Judged): number {
  if (a.bornAt === b.bornAt) return a.entry - b.entry;
  return a.bornAt < b.bornAt ? -1 : 1;
}

/**
 * How a notice that was given up becomes due again. Whether it is still true, and whether it reaches anybody, is found out when it
 * is sent, as for any due notice.
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
