import { compare, endOf, isOver } from '../../../../domain/license/canonical-state.ts';
import {
  contractOf,
  type End,
  type Standing,
  type Verdict,
} from '../../../../domain/license/contract.ts';
import { gapAhead, type Gap } from '../../../../domain/license/gap.ts';
import { daysLeft } from '../../../../domain/notice/reminders/ladder.ts';
import type { Instant } from '../../../../domain/time.ts';
import { wouldStart, type StartForecast } from '../../../../mail/would-start.ts';
import type { WatchedContract } from './gather.ts';

/** What is said of one contract. */
export interface ContractRow extends WatchedContract {
  readonly account: string;
  readonly product: string;
  readonly standing: Standing;
  readonly verdict: Verdict;
  readonly end: End;
  /** Null: no end. 0 or less: it has passed. */
  readonly days: number | null;
  /** The next time between two terms in which no license will be in force. */
  readonly gap: Gap | null;
  readonly start: StartForecast;
  /** False: the product is retired, so that nobody looks any more. */
  readonly isLookedAt: boolean;
}

export function rowOf(
  { buyer, head, unrecorded }: WatchedContract,
  productIds: readonly string[],
  now: Instant,
): ContractRow {
  const { buyerAccountId, productId } = contractOf(head.contract);
  const end = endOf(head.state);
  const isLookedAt = productIds.includes(productId);
  return {
    buyer,
    head,
    unrecorded,
    account: buyerAccountId,
    product: productId,
    standing: head.standing,
    verdict: isLookedAt && unrecorded === undefined ? head.verdict : 'unknown',
    end,
    days: end === null ? null : daysLeft(end, now),
    gap: gapAhead(head.state, now),
    start:
      unrecorded !== undefined
        ? { answer: 'unknown', reason: 'what is seen of it cannot be recorded' }
        : isLookedAt
          ? wouldStart(head, buyer.registration, now)
          : { answer: 'unknown', reason: 'the product is retired: nobody looks any more' },
    isLookedAt,
  };
}

/** The next end first; then what has none; last what has lapsed, the latest first, so that it stays and hides nothing. */
export function byEnd(a: ContractRow, b: ContractRow): number {
  if (isLapsed(a) !== isLapsed(b)) return isLapsed(a) ? 1 : -1;
  if (a.end !== b.end) return compare(a.end ?? '~', b.end ?? '~') * (isLapsed(a) ? -1 : 1);
  return compare(a.head.contract, b.head.contract);
}

/** There is no license any more, until a new one comes; of what nobody can see that is not known. */
export function isLapsed({ standing, head, unrecorded }: ContractRow): boolean {
  return (
    unrecorded === undefined &&
    head.blind === null &&
    isOver(standing) &&
    (standing !== 'none' || head.entries > 1)
  );
}
