import type { Agreement } from '../agreement/agreement.ts';
import type { LedgerEntry, VersionsBetween } from '../ledger/ledger.ts';
import type { NoteText } from '../ledger/note.ts';
import type { Product } from '../license/product.ts';
import type { Notice, NoticeKey } from '../notice/notice.ts';
import type { Buyer } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import type { Change } from './changes.ts';
import type { Head } from './head.ts';
import type { Observation } from './observation.ts';

/** What was found is told at once: nothing settles. */
export const TOLD_AT_ONCE: Settlement = {
  toldChanges: null,
  settles: false,
  withdrawn: null,
  released: null,
};

/** What people are told because of a look, and when (rule 10). */
export interface Settlement {
  /** What its own notices say; null: the look's changes, because people know how the contract stood before the look. */
  readonly toldChanges: readonly Change[] | null;
  /** True if its notices begin as settling. */
  readonly settles: boolean;
  /** The earlier entry whose notices this look withdraws; null: none. */
  readonly withdrawn: number | null;
  /** The earlier entry whose notices are told now, because a good look confirmed them; null: none. */
  readonly released: number | null;
}

/** How the checks of recent ticks went across all buyers: a failure that everybody has is not the buyer's. */
export interface Fleet {
  /** Checks and failed checks of the worst of the last three sweeps. */
  readonly checks: number;
  readonly failed: number;
}

export interface CheckedBuyer extends Pick<Buyer, 'buyerAccountId' | 'name'> {
  /** As in `Registration`; absent: all of the seller's. */
  readonly reminderDays?: readonly number[] | null;
}

/** All that `decide` looks at. */
export interface Circumstances {
  /** Null: first look at this contract. */
  readonly head: Head | null;
  /** When the contract was last read well; null: never, or not since this watch began. */
  readonly lastSeen: Instant | null;
  readonly observation: Observation;
  readonly product: Product;
  readonly buyer: CheckedBuyer;
  readonly now: Instant;
  readonly tick: Instant;
  readonly fleet: Fleet;
  /** All that AWS says about this contract's purchases, ended ones included; null or absent: agreements are not read, or not yet. */
  readonly agreements?: readonly Agreement[] | null;
  /** What was found out about skipped versions; absent: none were skipped, or nobody asked yet. */
  readonly versionsBetween?: readonly VersionsBetween[];
  /** Minutes between two sweeps; absent: an hour or less. */
  readonly intervalMinutes?: number;
}

/** What is to be written, and why: the check performs it in one transaction. */
export interface Decision {
  /**
   * The head, but for `revision`, `lastHash` and `digest`, which `seal` completes. The very object that was handed in if
   * there is nothing to remember.
   */
  readonly head: Head;
  readonly entry: LedgerEntry | null;
  /** Notices of `entry`, or of an earlier entry that there is more to say about. */
  readonly notices: readonly Notice[];
  /** Settling notices of earlier entries that will not be sent: newer ones say it better, or there is nothing to say. */
  readonly withdrawn: readonly NoticeKey[];
  /** Settling notices of an earlier entry that are to be sent now. */
  readonly released: readonly NoticeKey[];
  /** The text of a note, or the earlier text that a note erases. Absent or null: neither. */
  readonly noteText?: NoteText | null;
  /** When the contract was last read well: now, or as before. */
  readonly lastSeen: Instant | null;
  /** True if there is more to tell at once, in an entry of its own: the caller looks again now if it can, else the next sweep does. */
  readonly hasMore?: boolean;
  readonly reason: string;
}

/** What a check found of a contract, before it is told and recorded. */
export interface Findings {
  /** What is to be remembered, except entries, marks and what is due next. */
  readonly memory: Head;
  readonly changes: readonly Change[];
  readonly settlement: Settlement;
  /** True if state or standing differs: that is recorded even if the difference has no name. */
  readonly differs: boolean;
  /** True if another look has to tell what is to be told at once, because the rest settles. Absent: false. */
  readonly hasMore?: boolean;
  /** True if this look read the contract well, and what it read is not in doubt. */
  readonly isReadWell: boolean;
  readonly reason: string;
}

/** Findings of a look that learned nothing. The caller adds what it knows of changes, or of more to remember. */
export function nothing(memory: Head, reason: string): Findings {
  return {
    memory,
    changes: [],
    settlement: TOLD_AT_ONCE,
    differs: false,
    isReadWell: false,
    reason,
  };
}
