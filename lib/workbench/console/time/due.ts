import type { Head } from '../../../domain/check/head.ts';
import type { Notice } from '../../../domain/notice/notice.ts';
import { DAY, epochMilliseconds, type Instant } from '../../../domain/time.ts';
import type { Topics } from '../../cloud/sns/topics.ts';
import type { Books } from '../ledger-news.ts';

/** Counting from tick to tick is over after this many ticks. */
const COUNTED_TICKS = 5;
const AT_ONCE = 0;

/**
 * When a sweep would find something to do for a contract without differences, in epoch milliseconds; null: never. `after` is the last
 * sweep. While a buyer is blind, the head's own `nextDue` says "at the next check"; instead, the end of the counting matters, and after
 * that the end of the back-off.
 */
export function nextDueTime(head: Head, after: number): number | null {
  if (head.watchEnded !== null) return null;
  const unconfirmed =
    head.settling &&
    !head.settling.isUnconfirmedTold &&
    epochMilliseconds(head.settling.lookedAt) + DAY;
  return first([
    unconfirmed !== null && unconfirmed !== false && unconfirmed > after ? unconfirmed : null,
    ownDue(head),
  ]);
}

/** When the next pending notice can be sent. Notices to an unreachable buyer wait for a confirmation, which no sweep brings about. */
export function dueOfNotices(
  notices: readonly Notice[],
  isReached: boolean,
  after: number,
): number | null {
  const waiting = notices
    .filter(
      ({ state, audience }) =>
        ['waiting', 'due'].includes(state) && (audience !== 'buyer' || isReached),
    )
    .map(({ notBefore }) => epochMilliseconds(notBefore));
  return first(waiting.filter((at) => at > after));
}

function ownDue({ blind, stale, missing, refused, unitOutUntil, nextDue }: Head): number | null {
  if (blind !== null) return dueOfBlind(blind);
  if (stale !== null || missing !== null) return AT_ONCE;
  if (refused !== null && !refused.told) return AT_ONCE;
  return unitOutUntil === null ? atOf(nextDue) : epochMilliseconds(unitOutUntil);
}

/** Null once blindness is counted to its end and not told: then the quiet sweeps suffice. */
function dueOfBlind({
  cause,
  ticks,
  since,
  told,
  backOffUntil,
}: NonNullable<Head['blind']>): number | null {
  if (told) return atOf(backOffUntil);
  if (cause !== 'trouble') return ticks < COUNTED_TICKS ? AT_ONCE : null;
  return epochMilliseconds(since) + DAY;
}

function atOf(at: Instant | null): number | null {
  return at === null ? null : epochMilliseconds(at);
}

function first(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Reads from the watcher's books the number of entries of all contracts, and when there is something to do. */
export async function lookAhead(
  { buyers, register }: Books,
  topics: Pick<Topics, 'subscriptions'>,
  now: number,
): Promise<{ readonly entries: number; readonly due: number | null }> {
  let [entries, due] = [0, null as number | null];
  for await (const { buyerAccountId, registration } of buyers.list()) {
    const { heads, notices } = await register.recordsOf(buyerAccountId);
    const topicArn = registration?.noticeTopicArn;
    const isReached =
      topicArn !== undefined && topics.subscriptions(topicArn).some(({ confirmed }) => confirmed);
    entries += heads.reduce((sum, head) => sum + head.entries, 0);
    due = first([
      due,
      ...heads.map((head) => nextDueTime(head, now)),
      dueOfNotices(notices, isReached, now),
    ]);
  }
  return { entries, due };
}
