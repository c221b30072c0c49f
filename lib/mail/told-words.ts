import { isClaimed } from '../domain/notice/delivery.ts';
import { type Notice, TOLD_WITHIN } from '../domain/notice/notice.ts';
import type { Instant } from '../domain/time.ts';

/** What is known about a notice to a buyer: it was published, it waits, or it is not told and will not be by itself. */
export interface BuyerTold {
  readonly outcome: 'told' | 'waits' | 'not-told';
  /** Why it was not told, or not yet. Null: it was told. */
  readonly reason: string | null;
}

/** Null: the buyer is not to be told. */
export function buyerTold(notice: Notice | undefined, now: Instant): BuyerTold | null {
  if (notice === undefined) return null;
  const { state, reason } = notice;
  switch (state) {
    case 'told':
      return { outcome: 'told', reason: null };
    case 'superseded':
      return reason.startsWith(TOLD_WITHIN)
        ? { outcome: 'told', reason: null }
        : { outcome: 'not-told', reason };
    case 'due':
      return {
        outcome: 'waits',
        reason: isClaimed(notice, now) ? 'it is being sent' : 'it is still to be sent',
      };
    case 'settling':
      return { outcome: 'waits', reason };
    case 'waiting':
      return { outcome: 'waits', reason: `waits, as ${reason}` };
    case 'undeliverable':
      return { outcome: 'not-told', reason };
    case 'withdrawn':
      return { outcome: 'not-told', reason: `withdrawn: ${reason}` };
  }
}

const MARKS = {
  told: 'told',
  waits: 'NOT TOLD yet',
  'not-told': 'NOT TOLD',
} as const satisfies Record<BuyerTold['outcome'], string>;

/** `told`, `NOT TOLD: the topic is gone`. */
export function toldWords({ outcome, reason }: BuyerTold): string {
  return reason === null ? MARKS[outcome] : `${MARKS[outcome]}: ${reason}`;
}
