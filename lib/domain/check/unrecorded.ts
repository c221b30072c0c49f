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

/** What each cause means, and what mends it. Nothing is asked of the buyer. */
export const UNRECORDED_WORDS: Readonly<
  Record<UnrecordedCause, { readonly cause: string; readonly remedy: string }>
> = {
  'store-refused': {
    cause: 'what AWS says of the license cannot be written into the tables',
    remedy:
      'See that the tables are there and that the function check-licenses may write them. If other contracts are recorded, its maker has to be told: send the detail.',
  },
  'not-decided': {
    cause: 'License Watcher fails on what AWS says of the license',
    remedy: 'Deploy the newest version. If it stays, its maker has to be told: send the detail.',
  },
  unreadable: {
    cause:
      'what the tables hold of it cannot be read: another version wrote it, or somebody altered it',
    remedy:
      'Deploy the version that wrote it, or a newer one. If somebody altered it, restore the item from a point-in-time recovery of the table.',
  },
};
