import { endOf } from '../../domain/license/canonical-state.ts';
import { contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { Instant } from '../../domain/time.ts';
import { activeShard } from './keys.ts';

/** Keys of the sparse indexes, there only while the contract is watched; undefined: to be removed. */
export function headIndexKeys(head: Head): {
  activeShard: string | undefined;
  end: Instant | undefined;
  endMonth: string | undefined;
} {
  const watched = head.watchEnded === null;
  const end = watched ? (endOf(head.state) ?? undefined) : undefined;
  return {
    activeShard: watched ? activeShard(contractOf(head.contract).buyerAccountId) : undefined,
    end,
    endMonth: end?.slice(0, 7),
  };
}
