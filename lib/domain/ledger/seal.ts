import { canonicalJson, type Sha256 } from './canonical-json.ts';
import type { Decision } from '../check/decision.ts';
import type { Head } from '../check/head.ts';
import type { LedgerEntry, SealedEntry } from './ledger.ts';
import { digestOf } from '../check/steady.ts';

/**
 * Completes a decision with what needs a hash: the entry's place in the chain, the head's `revision`, `lastHash` and
 * `digest`. Returns `previous` itself, and no entry, if nothing is to be written.
 */
export function seal(
  decision: Decision,
  previous: Head | null,
  sha256: Sha256,
): { head: Head; entry: SealedEntry | null } {
  const entry =
    decision.entry === null ? null : sealEntry(decision.entry, previous?.lastHash ?? null, sha256);
  const digest = digestAfter(decision, previous, sha256);
  if (entry === null && decision.head === previous && digest === previous.digest) {
    return { head: previous, entry: null };
  }
  const lastHash = entry?.hash ?? previous?.lastHash ?? null;
  return {
    head: { ...decision.head, revision: (previous?.revision ?? 0) + 1, lastHash, digest },
    entry,
  };
}

export interface BrokenLink {
  /** `missing`: its number is not the next. `altered`: its content, or what it says about the entry before, does not fit. */
  readonly kind: 'missing' | 'altered';
  /** The number it should have. */
  readonly entry: number;
  readonly problem: string;
}

/** How far a walk along a ledger has come. */
export interface Chain {
  /** Number of the entry walked over last. */
  readonly entries: number;
  /** The hash of that entry. Null: there is none yet. Undefined: it could not be read, so what follows cannot be tied to it. */
  readonly lastHash: string | null | undefined;
}

export const START_OF_CHAIN: Chain = { entries: 0, lastHash: null };

/** One step of a walk, oldest first: the chain with this entry, or why it does not fit. */
export function link(
  { entries, lastHash }: Chain,
  sealed: SealedEntry,
  sha256: Sha256,
): Chain | BrokenLink {
  const { hash, ...entry } = sealed;
  const number = entries + 1;
  if (entry.entry !== number) {
    return {
      kind: 'missing',
      entry: number,
      problem: `expected entry ${number}, got entry ${entry.entry}`,
    };
  }
  if (lastHash !== undefined && entry.previousHash !== lastHash) {
    const problem = `names ${entry.previousHash ?? 'nothing'} as the entry before, which has ${lastHash ?? 'no hash'}`;
    return { kind: 'altered', entry: number, problem };
  }
  const computed = hashOf(entry, sha256);
  if (hash !== computed) {
    return {
      kind: 'altered',
      entry: number,
      problem: `its hash is ${hash}, its content has ${computed}`,
    };
  }
  return { entries: number, lastHash: hash };
}

function sealEntry(entry: LedgerEntry, previousHash: string | null, sha256: Sha256): SealedEntry {
  const linked = { ...entry, previousHash };
  return { ...linked, hash: hashOf(linked, sha256) };
}

function hashOf(entry: LedgerEntry, sha256: Sha256): string {
  return sha256(canonicalJson(entry));
}

/** A watch that ended must not look steady to the first check after a new registration. */
function digestAfter({ head, look }: Decision, previous: Head | null, sha256: Sha256): string {
  if (head.watchEnded !== null) return '';
  const before = previous?.digest ?? null;
  return look === null ? (before ?? '') : digestOf(look, before, sha256);
}
