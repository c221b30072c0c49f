import type { ContractKey, Standing } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { SeenUsage } from '../../domain/check/seen-usage.ts';
import type { BuyerReachability } from '../../domain/notice/reachability.ts';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import type {
  DeliveryFact,
  Outlined,
  PipelineReading,
  TellUnreadable,
} from '../../domain/ports.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Instant } from '../../domain/time.ts';
import type { Unrecorded } from '../../domain/check/unrecorded.ts';

/** What a reader of the audit table finds. */
export type Filed =
  | { readonly kind: 'entry'; readonly entry: SealedEntry }
  | { readonly kind: 'fact'; readonly fact: DeliveryFact }
  /** Written by another version of the watcher, or meddled with. */
  | (Extract<Outlined, { kind: 'unreadable' }> & {
      /** The item as it is stored. */
      readonly stored: Readonly<Record<string, unknown>>;
    });

/** Reads the ledgers of all contracts: for people, never for `decide`. An entry that cannot be read does not stop the reading. */
export interface Archive extends Pick<PipelineReading, 'outlines'> {
  /**
   * Entries of a contract, each followed by the facts of its delivery; oldest first. `span`: only those entries.
   * Strongly consistent.
   */
  contract(contract: ContractKey, span?: EntrySpan): AsyncIterable<Filed>;
  /**
   * Entries of a product observed at or after `since` and before `until`, oldest first, without facts: from the index by product
   * and month, which may lag a second behind the table.
   */
  observed(productId: string, since: Instant, until: Instant): AsyncIterable<Filed>;
  /** The standings that these entries recorded, in the same order; undefined: there is no such entry, or it cannot be read. */
  standings(
    entries: readonly { readonly contract: ContractKey; readonly entry: number }[],
  ): Promise<readonly (Standing | undefined)[]>;
  /** A scan of the whole table: ledgers in no order, the entries of each oldest first, each followed by the facts of its delivery. */
  everything(choice?: FiledChoice): AsyncIterable<Filed>;
  /** Size of the table, as AWS counts it about every six hours. */
  extent(): Promise<Extent>;
}

/** Which part of a scan is wanted. The rest is read, and paid for, all the same. */
export interface FiledChoice extends Scanned {
  /** Only entries observed at or after this, and the facts of their delivery; what has no time is never left out. Null: all. */
  readonly since?: Instant | null;
  /** Undefined: all products. */
  readonly productIds?: readonly string[] | undefined;
}

/** For a caller that wants to show how far a scan is. */
export interface Scanned {
  /** Called with how many more items were passed, wanted or not; may throw to end the scan. */
  readonly scanned?: ((items: number) => void) | undefined;
}

/** Numbers of entries, both included. */
export interface EntrySpan {
  readonly from?: number;
  readonly to?: number;
}

export interface Extent {
  readonly items: number;
  readonly bytes: number;
}

/** Reads what is known of contracts now. */
export interface ContractRegister extends Pick<PipelineReading, 'ending'> {
  /** The heads of a buyer's contracts that can be read, also of those no longer watched. Strongly consistent. */
  ofBuyer(buyerAccountId: string): Promise<readonly Head[]>;
  /** The same, the contracts that cannot be recorded or whose head cannot be read, the texts of notes, and what was seen in use. */
  contractsOf(
    buyerAccountId: string,
  ): Promise<Pick<BuyerRecords, 'heads' | 'unrecorded' | 'notes' | 'usage'>>;
  /** The texts of all notes of a contract, oldest first. Strongly consistent. */
  notesOf(contract: ContractKey): Promise<readonly NoteText[]>;
  /** Every notice of a buyer, in every state, of all its contracts. */
  notices(buyerAccountId: string): AsyncIterable<Notice>;
  /** Every notice of a contract, in the order of the entries that they tell about, beginning with entry `from`. Strongly consistent. */
  noticesOf(contract: ContractKey, from?: number): AsyncIterable<Notice>;
  /** All of a buyer at once: the heads as `ofBuyer`, the notices as `notices`. Strongly consistent. */
  recordsOf(buyerAccountId: string): Promise<BuyerRecords>;
  /**
   * All buyers about whom the table knows anything, by account ID: one scan of the whole table, which may lag a second behind. Calls
   * `unreadable` for each item that cannot be read, and leaves it out.
   */
  everyBuyer(choice?: BuyerChoice, unreadable?: TellUnreadable): Promise<readonly KnownBuyer[]>;
  /** The same one by one, for a caller that keeps little of each: all at once take hundreds of megabytes. */
  eachBuyer(choice?: BuyerChoice, unreadable?: TellUnreadable): AsyncIterable<KnownBuyer>;
  /** Size of the table, as AWS counts it about every six hours. */
  extent(): Promise<Extent>;
}

/** What is wanted from a scan beside profiles and heads. */
export interface BuyerChoice extends Scanned {
  /** `to-buyers`: those by which the standing of a buyer's mail is judged; `given-up`: all that could not be delivered. Default: none. */
  readonly notices?: 'to-buyers' | 'given-up';
  /** True: what was seen in use, too, which has more bytes than all else of a contract. Default: false. */
  readonly usage?: boolean;
}

export interface KnownBuyer extends BuyerRecords {
  readonly buyerAccountId: string;
  /** Undefined: there is no profile, or none that can be read. */
  readonly buyer: Buyer | undefined;
  /** Of the contracts that are to be looked at. */
  readonly lastSeen: readonly LastSeen[];
}

export interface BuyerRecords {
  readonly heads: readonly Head[];
  readonly notices: readonly Notice[];
  readonly unrecorded: readonly Unrecorded[];
  readonly notes: readonly NoteText[];
  /** Only the items that can be read. */
  readonly usage: readonly SeenUsage[];
  /** Undefined: nobody has looked yet. */
  readonly reachability: BuyerReachability | undefined;
}
