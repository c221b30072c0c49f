import { isOver } from '../license/canonical-state.ts';
import type { Product } from '../license/product.ts';
import { licenseStanding } from '../license/standing.ts';
import { allQuoted } from '../outside-text.ts';
import type { Instant } from '../time.ts';
import type { SeenObservation } from './believed-read.ts';
import type { Head } from './head.ts';
import { type FailedObservation, NOT_IN_SETTINGS } from './observation.ts';

/**
 * Why a read lacks known licenses that nobody removed: it asked for other SKUs than they are sold under, or for another issuer, since the
 * seller changed the product's settings. Null: whatever it lacks, AWS does not show. Without it, one wrong letter in `productSku` would
 * tell every buyer of the product that the license is gone.
 */
export function hiddenBySettings(
  { licenses, foreign }: SeenObservation,
  { state, skus }: Pick<Head, 'state' | 'skus'>,
  { productSku, formerSkus }: Product,
  now: Instant,
): FailedObservation | null {
  const present = new Set(licenses.map(({ licenseArn }) => licenseArn));
  const absent = state.filter(
    (known) => !isOver(licenseStanding(known, now)) && !present.has(known.licenseArn),
  );
  const unnamed = skus.filter((sku) => sku !== productSku && !formerSkus.includes(sku));
  const isOfOtherIssuer = absent.some(({ licenseArn }) => foreign.includes(licenseArn));
  if (absent.length === 0 || (unnamed.length === 0 && !isOfOtherIssuer)) return null;
  const what = isOfOtherIssuer ? 'the issuer' : `the SKU ${allQuoted(unnamed)}`;
  return {
    kind: 'trouble',
    cause: 'settings-changed',
    detail: `known licenses are not asked for, because of ${what}, ${NOT_IN_SETTINGS}`,
  };
}
