import { digestOf, lookAt } from './look.ts';
import type { Sha256, WatchedContract } from '../ports.ts';
import type { Product } from '../license/product.ts';
import type { Observation } from './observation.ts';
import type { Instant } from '../time.ts';

/**
 * True: `decide` would change nothing, known without reading the head. The observation looks as the one that was decided on
 * last, and nothing is due: no reminder, no begin or end of a license, no counter of anything that has to last (its
 * `nextDue` is in the past).
 */
export function isSteady(
  observation: Observation,
  watched: WatchedContract,
  product: Product,
  now: Instant,
  sha256: Sha256,
): boolean {
  if (observation.kind !== 'seen' || watched.digest === null) return false;
  if ('unitOut' in observation.probe) return false;
  if (watched.nextDue !== null && watched.nextDue <= now) return false;
  return digestOf(lookAt(observation, product, now), watched.digest, sha256) === watched.digest;
}
