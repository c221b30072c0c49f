import type { Sha256, WatchedContract } from './ports.ts';
import type { Product } from './product.ts';
import type { Sighting } from './sighting.ts';
import type { Instant } from './time.ts';

/** True: `decide` would change nothing, known without reading the head. */
export function isSteady(
  _sighting: Sighting,
  _watched: WatchedContract,
  _product: Product,
  _now: Instant,
  _sha256: Sha256,
): boolean {
  throw new Error('under construction');
}
