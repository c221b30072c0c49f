import type { CanonicalState, Standing } from '../../license/contract.ts';
import type { Instant } from '../../time.ts';

/** A contract as it was or is. */
export interface Side {
  readonly state: CanonicalState;
  /** The state before a tier came that the seller's list does not know; absent: the tier is known, or nothing else was ever seen. */
  readonly known?: CanonicalState;
  readonly standing: Standing;
  /** ARNs that the read shows as deleted: a state holds none of them beside one that is left. Absent: not known. */
  readonly deleted?: readonly string[];
  /** When it was read. */
  readonly at: Instant;
}
