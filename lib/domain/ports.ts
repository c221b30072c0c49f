import type { Buyer } from './registration/buyer.ts';
import type { ContractKey } from './license/contract.ts';
import type { Decision, Fleet } from './check/decision.ts';
import type { Head } from './check/head.ts';
import type { SealedEntry } from './ledger/ledger.ts';
import type { Notice, NoticeAbout, NoticeKey } from './notice/notice.ts';
import type { Instant } from './time.ts';
import type { Unrecorded } from './check/unrecorded.ts';
import type { RegisteredBuyer } from './registration/watched-buyer.ts';

/** SHA-256 of UTF-8 text as lower-case hex. Handed in, because the domain knows no library. */
export type Sha256 = (text: string) => string;

/** What a sweep knows of a contract without reading its head. */
export interface WatchedContract {
  readonly productId: string;
  /** Null: never checked. */
  readonly digest: string | null;
  readonly nextDue: Instant | null;
  /** What was seen of it last could not be recorded. */
  readonly unrecorded?: true;
}

export interface WatchedBuyer {
  readonly buyer: RegisteredBuyer;
  readonly contracts: readonly WatchedContract[];
}

export interface BuyerBook {
  /** Undefined: never invited. */
  find(buyerAccountId: string): Promise<Buyer | undefined>;
  list(): AsyncIterable<Buyer>;
  /** Active buyers with their contracts, from the sparse index by shard: never a scan. */
  active(): AsyncIterable<WatchedBuyer>;
  /** Creates the buyer or replaces it, if it is still as `previous` says (undefined: absent). False: somebody else was first. */
  put(buyer: Buyer, previous: Buyer | undefined): Promise<boolean>;
  /** Removes the profile, if it is still as `buyer` says. False: it is not. */
  remove(buyer: Buyer): Promise<boolean>;
}

/** Counts accounts, each once an hour. */
export interface EnrolmentBook {
  /** True: the account is among the first `most` of that hour, now or since before. */
  count(step: EnrolmentStep, buyerAccountId: string, most: number, now: Instant): Promise<boolean>;
}

/** `tried`: the role is about to be assumed; `begun`: it could be. */
export type EnrolmentStep = 'tried' | 'begun';

export interface ContractBook {
  /** A strongly consistent read. Undefined: first look. */
  head(contract: ContractKey): Promise<Head | undefined>;
  /**
   * One transaction: the sealed entry (if there is one), the head, the notices, the withdrawals and releases; conditional on `previous`.
   * False: the race was lost, nothing was written: read again and decide again.
   */
  record(
    decision: Decision,
    entry: SealedEntry | null,
    head: Head,
    previous: Head | undefined,
  ): Promise<boolean>;
  /** Writes `lastConfirmed` and nothing else; conditional on `previous.entries`. Not in any index. */
  confirm(contract: ContractKey, at: Instant, previousEntries: number): Promise<boolean>;
  /** Remembers, outside of the head, that the contract cannot be recorded; how long already is kept. Repeating it is harmless. */
  failed(
    contract: ContractKey,
    failure: Pick<Unrecorded, 'cause' | 'detail'>,
    at: Instant,
  ): Promise<void>;
  /** Forgets that. False: there was nothing to forget. */
  worksAgain(contract: ContractKey, at: Instant): Promise<boolean>;
  /** Entries in order, beginning with `from`; the newest first, down from `from`, where asked. */
  entries(
    contract: ContractKey,
    options?: { newestFirst?: boolean; from?: number },
  ): AsyncIterable<SealedEntry>;
  entry(contract: ContractKey, entry: number): Promise<SealedEntry | undefined>;
}

/** Beside an entry: the immutable fact that it was told. */
export interface DeliveryFact {
  readonly contract: ContractKey;
  readonly entry: number;
  readonly audience: 'buyer' | 'seller';
  /** As in the notice's key. */
  readonly about?: NoticeAbout;
  readonly at: Instant;
  /** The message ID that SNS answered with. */
  readonly messageId: string;
  /** SHA-256 of subject, line feed, text. */
  readonly textHash: string;
}

export interface NoticeBook {
  find(key: NoticeKey): Promise<Notice | undefined>;
  /** All notices of a contract that are `waiting` or `due`: what settles is none of them. */
  pending(contract: ContractKey): Promise<readonly Notice[]>;
  /** Notices to `audience` that are `waiting` or `due` with `notBefore` at or before `now`: from the sparse index by due time. */
  due(audience: Notice['audience'], now: Instant): AsyncIterable<Notice>;
  /**
   * Changes the state, if state and `notBefore` still are what `notice` says; told: with its delivery fact, undeliverable: with
   * the notice `born` of it, in one transaction. False: somebody else was first, nothing was written.
   */
  settle(
    notice: Notice,
    next: Pick<Notice, 'state' | 'notBefore' | 'reason'>,
    fact: DeliveryFact | null,
    born?: Notice | null,
  ): Promise<boolean>;
  /** The fact that a notice was told. Operations' notices leave none. */
  fact(key: NoticeKey): Promise<DeliveryFact | undefined>;
}

export interface TickBook {
  /** The mark of a sweep that started; `buyers` it will check. Marking the same tick again changes nothing else of it. */
  startSweep(tick: Instant, buyers: number): Promise<void>;
  lastSweep(): Promise<{ tick: Instant; buyers: number } | undefined>;
  /** True once for each tick: the seller gets one digest of it at most, whatever is delivered twice. */
  claimDigest(tick: Instant): Promise<boolean>;
  /**
   * Counts a failed check of a tick, and answers as `worst` does. A check that is repeated counts again: too high a count
   * only delays WatchLost, and has a farewell doubted that blindness will tell of.
   */
  countFailure(tick: Instant): Promise<Fleet>;
  /** The worst of the last three sweeps at `tick`. Checks that no sweep asked for, such as a registration's, are not among them. */
  worst(tick: Instant): Promise<Fleet>;
}

export interface WatchStore {
  readonly buyers: BuyerBook;
  readonly contracts: ContractBook;
  readonly notices: NoticeBook;
  readonly ticks: TickBook;
  readonly enrolments: EnrolmentBook;
}
