import type { Decision } from './decision.ts';
import type { Head } from './head.ts';
import type { SealedEntry } from './ledger.ts';
import type { Sha256 } from './ports.ts';

/** Completes a decision with what needs a hash: the entry's place in the chain, the head's `lastHash` and `digest`. */
export function seal(
  _decision: Decision,
  _previous: Head | null,
  _sha256: Sha256,
): { head: Head; entry: SealedEntry | null } {
  throw new Error('under construction');
}
