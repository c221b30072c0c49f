import type { Buyer } from '../registration/buyer.ts';
import type { Head } from './head.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Look } from './look.ts';
import type { Notice, NoticeKey } from '../notice/notice.ts';
import type { Product } from '../license/product.ts';
import type { Observation } from './observation.ts';
import type { Instant } from '../time.ts';

/** How the checks of the recent ticks went over all buyers: a failure that everybody has is not the buyer's. */
export interface Fleet {
  /** Checks and failed checks of the worst of the last three sweeps. */
  readonly checks: number;
  readonly failed: number;
}

/** All that `decide` looks at. */
export interface Circumstances {
  /** Null: first look at this contract. */
  readonly head: Head | null;
  readonly observation: Observation;
  readonly product: Product;
  readonly buyer: Pick<Buyer, 'buyerAccountId' | 'name'>;
  readonly now: Instant;
  readonly tick: Instant;
  readonly fleet: Fleet;
  /** Between two sweeps; absent: an hour or less. */
  readonly intervalMinutes?: number;
}

/** What is to be written, and why: the door performs it in one transaction. */
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
  /** What a later check compares itself with to see that nothing happened; null: nothing was seen. */
  readonly look: Look | null;
  readonly reason: string;
}
