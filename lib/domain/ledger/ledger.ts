import type {
  CanonicalLicense,
  CanonicalState,
  ContractKey,
  End,
  Standing,
  Usage,
  Verdict,
} from '../license/contract.ts';
import type { Change } from '../check/changes.ts';
import type { Dimensions } from '../license/product.ts';
import type { Instant } from '../time.ts';
import type { Note, Quiet } from './note.ts';

/** A reminder that an end, or the deadline for a decision, is near; or that an end is just past. */
export interface Reminder {
  /** Days before the end, or before the deadline; negative: after it. */
  readonly daysBefore: number;
  readonly end: Instant;
  /** Until when what happens at that end can be changed: the days count to this. Absent: they count to the end. */
  readonly decideBy?: Instant;
  /** Rounded up; 0 or less: the end has passed. */
  readonly daysLeft: number;
  /** Earlier reminder days (larger numbers) that passed unsent: recorded here, never sent. */
  readonly skipped: readonly number[];
  /** Which part of the contract ends then, if several licenses overlap; null: all of it. */
  readonly share: string | null;
}

/**
 * A license that went through several versions between two looks: what the versions said that nobody had seen, oldest first. The state of
 * its grant is not included: AWS keeps no versions of that.
 */
export interface VersionsBetween {
  readonly licenseArn: string;
  /** The version recorded before, and the one that was read now. */
  readonly after: string;
  readonly before: string;
  readonly versions: readonly Pick<
    CanonicalLicense,
    'version' | 'status' | 'validity' | 'entitlements'
  >[];
  /** Null: all of them are known. `which`: `3`, `3 to 5, 7`. */
  readonly unknown: { readonly which: string; readonly why: string } | null;
}

/** One immutable entry of a contract's ledger, as `decide` writes it; `seal` adds the hash. */
export interface LedgerEntry {
  readonly format: 1;
  readonly contract: ContractKey;
  /** 1, 2, 3, ... without gaps. */
  readonly entry: number;
  /** `version`: an entitlement version. `reminder`: nothing differs, an end is near. `note`: the seller said something; nobody looked. */
  readonly kind: 'version' | 'reminder' | 'note';
  readonly buyerAccountId: string;
  readonly buyerName: string;
  readonly productId: string;
  readonly productName: string;
  readonly tick: Instant;
  readonly observedAt: Instant;
  /** When it took effect, where AWS says (an end, a begin); else null and `seenBetween` tells. */
  readonly effectiveAt: Instant | null;
  /** It happened after `after` (the check before; null: never looked before) and by `by`. */
  readonly seenBetween: { readonly after: Instant | null; readonly by: Instant };
  readonly standing: Standing;
  readonly verdict: Verdict;
  /** The end of what is in force, the latest where several are; null: none. */
  readonly validityEnd: End;
  /** What changed since the look before. */
  readonly changes: readonly Change[];
  /** What changed since people were last told, while bad news settles or has just settled: the notices say this. Absent: `changes`. */
  readonly toldChanges?: readonly Change[];
  /** How the contract stands as people were told, if bad news is settling and this entry tells something else. */
  readonly told?: { readonly standing: Standing; readonly validityEnd: End };
  readonly reminder: Reminder | null;
  /** Null: the first entry. */
  readonly before: CanonicalState | null;
  readonly after: CanonicalState;
  /** Absent: no version was skipped, as far as numbers tell. */
  readonly versionsBetween?: readonly VersionsBetween[];
  /** What the seller said then about what the licenses hold: names and nouns. Absent: nothing. */
  readonly dimensions?: Dimensions;
  readonly usage: Usage | null;
  /** Only in an entry of kind `note`. */
  readonly note?: Note;
  /** What the seller had silenced and this entry brings back; if it is bad news, once that is confirmed. Absent: nothing was. */
  readonly endsQuiet?: Quiet;
  /** In words: why this entry exists. */
  readonly reason: string;
  /** Null: the first entry. */
  readonly previousHash: string | null;
}

export interface SealedEntry extends LedgerEntry {
  /** SHA-256, lower-case hex, over the canonical JSON of the entry without this field. */
  readonly hash: string;
}

/** What an entry tells, without the states that it compares: a list of hundreds of thousands needs no more. */
export type EntryOutline = Pick<
  SealedEntry,
  | 'contract'
  | 'entry'
  | 'buyerName'
  | 'productId'
  | 'productName'
  | 'observedAt'
  | 'effectiveAt'
  | 'standing'
  | 'validityEnd'
  | 'changes'
  | 'reminder'
  | 'dimensions'
  | 'note'
>;
