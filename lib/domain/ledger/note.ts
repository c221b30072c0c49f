import type { ContractKey } from '../license/contract.ts';
import type { Instant } from '../time.ts';
import type { Sha256 } from './canonical-json.ts';

/**
 * What a seller does about a contract: says something of it; has no reminder of it told to itself for a while (`snooze`); takes a lapsed
 * one off its lists (`dismiss`); takes either back (`resume`); or has the text of an earlier note erased.
 */
export const NOTE_KINDS = ['note', 'snooze', 'dismiss', 'resume', 'erase'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** What is said most, and needs no text. */
export const SAYINGS = ['renewal-agreed', 'will-not-renew'] as const;
export type Saying = (typeof SAYINGS)[number];

/** So many characters has a text at most: a note is a line, not a letter. */
export const LONGEST_NOTE = 1_000;

/** Who asked: as AWS said of the signature that came with the request; else as whoever asked claims. */
export type NoteAuthor = { readonly arn: string } | { readonly claimedBy: string };

/** As the ledger has it for ever. The text lies beside it, where it can be erased: here is its hash. */
export interface Note {
  readonly kind: NoteKind;
  readonly says: Saying | null;
  /** A snooze: no reminder is told the seller before; null: until something changes, or it is no snooze. */
  readonly until: Instant | null;
  /** The entry whose text is erased. */
  readonly erases: number | null;
  /** See `textHash`. Null: no text. */
  readonly textHash: string | null;
  readonly by: NoteAuthor;
  /** The hash of the request, its ID and all that was asked: asked again, it is not recorded again. */
  readonly request: string;
}

/** Beside the entry of a note: what may be erased. Without its salt nobody finds a short text again by its hash. */
export interface NoteText {
  readonly contract: ContractKey;
  /** Of the note. */
  readonly entry: number;
  /** Null: erased. */
  readonly written: { readonly text: string; readonly salt: string } | null;
}

export function textHash({ text, salt }: NonNullable<NoteText['written']>, sha256: Sha256): string {
  return sha256(`${salt}\n${text}`);
}

/** What is silenced of a contract, by which entry. `until` null: until something changes. */
export interface Quiet {
  readonly kind: 'snoozed' | 'dismissed';
  readonly until: Instant | null;
  readonly entry: number;
}

/** What is still silenced; a snooze ends by itself. */
export function quietAt(quiet: Quiet | null, now: Instant): Quiet | null {
  return quiet !== null && (quiet.until === null || quiet.until > now) ? quiet : null;
}
