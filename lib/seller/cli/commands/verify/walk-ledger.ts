import type { Filed } from '../../../ledger/archive.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import {
  ledgerVerdict,
  startWalk,
  walkOn,
  type LedgerVerdict,
  type Walk,
} from '../../../ledger/walk.ts';
import type { Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { sha256 } from '../../../../aws/text.ts';

export interface WalkedLedger {
  readonly contract: ContractKey;
  readonly walk: Walk;
  readonly verdict: LedgerVerdict;
}

interface WalkOptions {
  /** Numbers of entries whose hash is wanted. */
  readonly wanted?: Iterable<number>;
  /** Is given everything that the walk comes by. */
  readonly onFiled?: (filed: Filed) => void;
  readonly interrupted?: AbortSignal;
}

/** Walks along one ledger from its first entry to its last. The watcher may write on meanwhile. */
export async function walkLedger(
  contract: ContractKey,
  { archive, contracts }: Pick<Watcher, 'archive' | 'contracts'>,
  { wanted = [], onFiled, interrupted }: WalkOptions = {},
): Promise<WalkedLedger> {
  const before = await contracts.head(contract);
  let walk = startWalk([...wanted, ...(before === undefined ? [] : [before.entries])]);
  for await (const filed of archive.contract(contract)) {
    if (interrupted?.aborted === true)
      throw new CommandFailure('interrupted: not every ledger was verified');
    walk = walkOn(walk, filed, sha256);
    onFiled?.(filed);
  }
  const grown = before === undefined || walk.chain.entries > before.entries;
  const after = grown ? await contracts.head(contract) : before;
  return { contract, walk, verdict: ledgerVerdict(walk, before, after) };
}
