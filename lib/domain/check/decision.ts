import type { Agreement } from '../agreement/agreement.ts';
import type { LedgerEntry, VersionsBetween } from '../ledger/ledger.ts';
import type { NoteText } from '../ledger/note.ts';
import type { Product } from '../license/product.ts';
import { type Notice, type NoticeKey, onBus } from '../notice/notice.ts';

import type { Buyer } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import type { Change } from './changes.ts';
import type { Head } from './head.ts';
import type { Observation } from './observation.ts';
import type { Look } from './steady.ts';

/** Told as it was found. */
export const TOLD_AT_ONCE: Settlement = {
  toldChanges: null,
  settles: false,
  withdrawn: null,
  released: null,
};

/** What a look brings to people's ears (rule 10). */
export interface Settlement {
  /** What its own notices say; null: nobody was told anything else than how it stood before the look, so it is the look's changes. */
  readonly toldChanges: readonly Change[] | null;
  /** Its notices are born settling. */
  readonly settles: boolean;
  /** The entry before whose notices are answered by this look. */
  readonly withdrawn: number | null;
  /** The entry before whose notices are told now: a good look confirmed them. */
  readonly released: number | null;
}

/** How the checks of the recent ticks went over all buyers: a failure that everybody has is not the buyer's. */
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
  /** All that AWS says of this contract's purchases, ended ones included; null or absent: agreements are not read, or were not yet. */
  readonly agreements?: readonly Agreement[] | null;
  /** What was found of versions that were skipped; absent: none were, or nobody asked yet. */
  readonly versionsBetween?: readonly VersionsBetween[];
  /** Between two sweeps; absent: an hour or less. */
  readonly intervalMinutes?: number;
}

/** What is to be written, and why: the check performs it in one transaction. */
export interface Decision {
  /**
   * Without `revision`, `lastHash` and `digest`, which `seal` completes. The very object that was handed in where nothing
   * is to be remembered.
   */
  readonly head: Head;
  readonly entry: LedgerEntry | null;
  /** Born with `entry`; or of an entry before, where there is more to say of it. */
  readonly notices: readonly Notice[];
  /** Settling notices of earlier entries that will not be sent: newer ones say it better, or there is nothing to say. */
  readonly withdrawn: readonly NoticeKey[];
  /** Settling notices of an earlier entry that are to be sent now. */
  readonly released: readonly NoticeKey[];
  /** Of a note: its text, or the earlier one that is erased. Absent or null: nothing of that. */
  readonly noteText?: NoteText | null;
  /** What a later check compares itself with to see that nothing happened; null: nothing was seen. */
  readonly look: Look | null;
  /** When the contract was last read well: now, or as before. */
  readonly lastSeen: Instant | null;
  /** There is more to tell at once, in an entry of its own: whoever can looks again now, else the next sweep does. Absent: nothing is. */
  readonly hasMore?: boolean;
  readonly reason: string;
}

/** What people are told, machines hear on the bus: whoever has a decision recorded adds it. */
export function withBus(decision: Decision): Decision {
  const { notices, withdrawn, released } = decision;
  return {
    ...decision,
    notices: [...notices, ...onBus(notices)],
    withdrawn: onBusToo(withdrawn),
    released: onBusToo(released),
  };
}

/** Of notices that are withdrawn, or told at last: of each that the seller has. */
function onBusToo(keys: readonly NoticeKey[]): readonly NoticeKey[] {
  return keys.flatMap((key): readonly NoticeKey[] =>
    key.audience === 'seller' ? [key, { ...key, audience: 'bus' }] : [key],
  );
}

/** What a check found of a contract, before it is told and recorded. */
export interface Findings {
  /** What is to be remembered, but for entries, marks and what is due next. */
  readonly memory: Head;
  readonly changes: readonly Change[];
  readonly settlement: Settlement;
  /** State or standing differ: recorded even where the difference has no name. */
  readonly differs: boolean;
  /** What is to be told at once beside what settles is left to a look that follows. Absent: nothing is. */
  readonly hasMore?: boolean;
  readonly look: Look | null;
  /** This look read the contract well, and what it read is not in doubt. */
  readonly isReadWell: boolean;
  readonly reason: string;
}

/** Nothing was learned: whoever knows of a change, or of more to remember, adds it. */
export function nothing(memory: Head, reason: string): Findings {
  return {
    memory,
    changes: [],
    settlement: TOLD_AT_ONCE,
    differs: false,
    look: null,
    isReadWell: false,
    reason,
  };
}
