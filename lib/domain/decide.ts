import type { Circumstances, Decision } from './decision.ts';

/** What follows from a sighting: pure, total, the same for the same circumstances. */
export function decide(_circumstances: Circumstances): Decision {
  throw new Error('under construction');
}
