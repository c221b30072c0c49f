import { digestOf, lookAt } from './look.ts';
import type { Sha256, WatchedContract } from '../ports.ts';
import type { Product } from '../license/product.ts';
import type { Sighting } from './sighting.ts';
import type { Instant } from '../time.ts';

/**
 * True: `decide` would change nothing, known without reading the head. The sighting looks as the one that was decided on
 * last, and nothing is due: no reminder, no begin or end of a license, no counter of anything that has to last (its
 * `nextDue` is in the past).
 */
export function isSteady(
  sighting: Sighting,
  watched: WatchedContract,
  product: Product,
  now: Instant,
  sha256: Sha256,
): boolean {
  if (sighting.kind !== 'seen' || watched.digest === null) return false;
  if ('unitOut' in sighting.probe) return false;
  if (watched.nextDue !== null && watched.nextDue <= now) return false;
  return digestOf(lookAt(sighting, product, now), watched.digest, sha256) === watched.digest;
}
