import type { ContractKey } from '../license/contract.ts';
import type { Instant } from '../time.ts';
import type { Sha256 } from './canonical-json.ts';

/**
 * What a seller does about a contract: says something about it; gets no reminder of it for a while (`snooze`); takes a lapsed one off its
 * lists (`dismiss`); takes either back (`resume`); or has the text of an earlier note erased.
 */
export const NOTE_KINDS = ['note', 'snooze', 'dismiss', 'resume', 'erase'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** The most frequent things to say, which need no text. */
export const SAYINGS = ['renewal-agreed', 'will-not-renew'] as const;
export type Saying = (typeof SAYINGS)[number];

/** The most characters that a text has: a note is a line, not a letter. */
export const LONGEST_NOTE = 1_000;

/** Who asked: as AWS said about the signature that came with the request; else as the caller claims. */
export type NoteAuthor = { readonly arn: string } | { readonly claimedBy: string };

/** A note as the ledger keeps it forever. Its text is stored beside it, where it can be erased: only the hash is here. */
export interface Note {
  readonly kind: NoteKind;
  readonly says: Saying | null;
  /** Until when a snooze keeps reminders from the seller; null: until something changes, or it is no snooze. */
  readonly until: Instant | null;
  /** The entry whose text is erased. */
  readonly erases: number | null;
  /** See `textHash`. Null: no text. */
  readonly textHash: string | null;
  readonly by: NoteAuthor;
  /** The hash of the request's ID and all that was asked: a repeated request is not recorded again. */
  readonly request: string;
}

/** The part of a note that may be erased, beside its entry. Without the salt, nobody can find a short text again by its hash. */
export interface NoteText {
  readonly contract: ContractKey;
  /** The note's entry. */
  readonly entry: number;
  /** Null: erased. */
  readonly written: { readonly text: string; readonly salt: string } | null;
}

export function textHash({ text, salt }: NonNullable<NoteText['written']>, sha256: Sha256): string {
  return sha256(`${salt}\n${text}`);
}

/** How a contract is silenced, and by which entry. `until` null: until something changes. */
export interface Quiet {
  readonly kind: 'snoozed' | 'dismissed';
  readonly until: Instant | null;
  readonly entry: number;
}
