import type { ContractKey } from '../license/contract.ts';
import type { Head } from '../check/head.ts';
import type { SealedEntry } from './ledger.ts';
import type { NoteText } from './note.ts';
import type { Notice } from '../notice/notice.ts';
import type { SeenUsage } from '../check/seen-usage.ts';
import type { BuyerReachability } from '../notice/reachability.ts';
import type { DeliveryFact } from '../ports.ts';
import type { Instant } from '../time.ts';
import type { Unrecorded } from '../check/unrecorded.ts';

/** What a reader of the audit table meets. */
export type Filed =
  | { readonly kind: 'entry'; readonly entry: SealedEntry }
  | { readonly kind: 'fact'; readonly fact: DeliveryFact }
  /** Written by another version of the watcher, or meddled with. */
  | {
      readonly kind: 'unreadable';
      readonly contract: string;
      readonly key: string;
      readonly problem: string;
      /** As it lies in the table. */
      readonly stored: Readonly<Record<string, unknown>>;
    };

/** Reads the ledgers of all contracts: for people, never for `decide`. An entry that cannot be read stops nobody. */
export interface Archive {
  /**
   * Entries of a contract and the facts of their delivery, right behind each; oldest first. `span`: of those entries alone.
   * Strongly consistent.
   */
  contract(contract: ContractKey, span?: EntrySpan): AsyncIterable<Filed>;
  /** The facts of delivery of one entry. Strongly consistent. */
  facts(contract: ContractKey, entry: number): AsyncIterable<Filed>;
  /**
   * Entries of a product observed at or after `since` and before `until`, oldest first, without facts: from the index by product
   * and month, which may lag a second behind the table.
   */
  observed(productId: string, since: Instant, until: Instant): AsyncIterable<Filed>;
  /** All of the table, in no order: the one scan, for exports. */
  everything(): AsyncIterable<Filed>;
  /** Size of the table, as AWS counts it about every six hours. */
  extent(): Promise<Extent>;
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
export interface ContractRegister {
  /** The heads of a buyer's contracts that can be read, also of those no longer watched. Strongly consistent. */
  ofBuyer(buyerAccountId: string): Promise<readonly Head[]>;
  /** The same, the contracts that cannot be recorded or whose head cannot be read, the texts of notes, and what was seen in use. */
  contractsOf(
    buyerAccountId: string,
  ): Promise<Pick<BuyerRecords, 'heads' | 'unrecorded' | 'notes' | 'usage'>>;
  /** The texts of all notes of a contract, oldest first. Strongly consistent. */
  notesOf(contract: ContractKey): Promise<readonly NoteText[]>;
  /** Watched contracts whose end is at or after `from` and before `until`, earliest first, from the index by month of the end. */
  ending(
    from: Instant,
    until: Instant,
  ): AsyncIterable<{ readonly contract: ContractKey; readonly end: Instant }>;
  /** Every notice of a buyer, in every state, of all its contracts. */
  notices(buyerAccountId: string): AsyncIterable<Notice>;
  /** Every notice of a contract, in the order of the entries that they tell of, beginning with entry `from`. Strongly consistent. */
  noticesOf(contract: ContractKey, from?: number): AsyncIterable<Notice>;
  /** All of a buyer at once: the heads as `ofBuyer`, the notices as `notices`. Strongly consistent. */
  recordsOf(buyerAccountId: string): Promise<BuyerRecords>;
}

export interface BuyerRecords {
  readonly heads: readonly Head[];
  readonly notices: readonly Notice[];
  readonly unrecorded: readonly Unrecorded[];
  readonly notes: readonly NoteText[];
  /** What can be read of it. */
  readonly usage: readonly SeenUsage[];
  /** Undefined: nobody has looked yet. */
  readonly reachability: BuyerReachability | undefined;
}
