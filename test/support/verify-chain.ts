import {
  type Sha256,
  link,
  START_OF_CHAIN,
  type BrokenLink,
} from '../../lib/domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';

/** The first entry of a whole ledger, oldest first, that does not fit the chain; null if the chain is whole. */
export function verifyChain(entries: Iterable<SealedEntry>, sha256: Sha256): BrokenLink | null {
  let chain = START_OF_CHAIN;
  for (const sealed of entries) {
    const next = link(chain, sealed, sha256);
    if ('problem' in next) return next;
    chain = next;
  }
  return null;
}
