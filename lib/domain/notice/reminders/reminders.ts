import type { CanonicalState } from '../../license/contract.ts';
import type { Head } from '../../check/head.ts';
import type { Reminder } from '../../ledger/ledger.ts';
import type { Product } from '../../license/product.ts';
import type { Instant } from '../../time.ts';
import { dateOf, endsOf, type ContractEnd } from './ends.ts';
import { daysLeft, dueAt, dueDay, type DueDay } from './ladder.ts';
import { shareOf } from './share.ts';

export interface DueReminder {
  readonly reminder: Reminder;
  /** What is remembered from now on, of this end and of others due at the same time. */
  readonly marks: Head['marks'];
}

/** How a reminder is to be found. */
export interface Calendar {
  readonly state: CanonicalState;
  readonly product: Product;
  readonly marks: Head['marks'];
  readonly now: Instant;
  /** The last time anybody looked; null: never. */
  readonly lastLooked: Instant | null;
  /** Something else is told now: a reminder day that passed earlier is folded into it, instead of being left out. */
  readonly folding: boolean;
  /** News settles, seen last then: of an end that had passed, it may be that very end, and nobody is told a day after it. Null: none. */
  readonly settledSince: Instant | null;
}

type Due = DueDay & { readonly of: ContractEnd };

/**
 * The reminder that is due, if one is (rule 11). Of several ends the soonest is told; one whose reminder is due at the same
 * time is named in its `share`. A day that had passed at the last look and was not told then was not in the
 * schedule then, or its end was not known: its day is over, it is left out unless there is something to fold it into.
 */
export function dueReminder(calendar: Calendar): DueReminder | null {
  const { state, product, marks, now, folding, settledSince } = calendar;
  const ends = endsOf(state, now);
  const due = ends
    .filter(({ end }) => settledSince === null || end > settledSince)
    .flatMap((of): readonly Due[] => {
      const daysBefore = dueDay(of, product.reminderDays, marks, now);
      return daysBefore === null ? [] : [{ of, ...daysBefore }];
    })
    .filter(({ of, daysBefore }) => folding || isFresh(dueAt(of.end, daysBefore), calendar));
  const [soonest, ...others] = due;
  if (soonest === undefined) return null;
  const { of, daysBefore, skipped } = soonest;
  const shares = [soonest, ...others].map(({ of: each }) => shareOf(each, ends.length, product));
  return {
    reminder: {
      daysBefore,
      end: of.end,
      daysLeft: daysLeft(of.end, now),
      skipped,
      share: shareWords(shares, others),
    },
    marks: [
      ...marksOf(soonest, folding ? 'folded' : 'told'),
      ...others.flatMap((each) => marksOf(each, 'folded')),
    ],
  };
}

function isFresh(at: Instant, { lastLooked }: Calendar): boolean {
  return lastLooked === null || at > lastLooked;
}

function shareWords(shares: readonly (string | null)[], others: readonly Due[]): string | null {
  const [first, ...rest] = shares;
  if (first === null || first === undefined) return null;
  const later = rest.flatMap((share, index) => {
    const end = others[index]?.of.end;
    return share === null || end === undefined ? [] : [`${share} on ${dateOf(end)}`];
  });
  return later.length > 0 ? `${first} (and ${later.join(', ')})` : first;
}

function marksOf({ of, daysBefore, skipped }: Due, how: 'told' | 'folded'): Head['marks'] {
  const endDate = dateOf(of.end);
  return [
    ...skipped.map((each) => ({ endDate, daysBefore: each, how: 'skipped' as const })),
    { endDate, daysBefore, how },
  ];
}
