import type { ContractKey } from '../license/contract.ts';
import type { Instant } from '../time.ts';

/**
 * Why nothing that is seen of a contract reaches its ledger. `store-refused`: the table does not accept it. `not-decided`: our own
 * code fails on it. `unreadable`: what is stored about the contract cannot be read.
 */
export const UNRECORDED_CAUSES = ['store-refused', 'not-decided', 'unreadable'] as const;
export type UnrecordedCause = (typeof UNRECORDED_CAUSES)[number];

export interface Unrecorded {
  readonly contract: ContractKey;
  readonly cause: UnrecordedCause;
  /** The failure in its own words, in one line. */
  readonly detail: string;
  /** When the first of the consecutive failures happened. */
  readonly since: Instant;
}
