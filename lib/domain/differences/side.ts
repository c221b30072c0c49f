import type { CanonicalState, Standing } from '../contract.ts';
import type { Instant } from '../time.ts';

/** A contract as it was or is. */
export interface Side {
  readonly state: CanonicalState;
  readonly standing: Standing;
  /** When it was read. */
  readonly at: Instant;
}
