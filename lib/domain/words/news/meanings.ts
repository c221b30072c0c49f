import type { Product } from '../../product.ts';
import { GOES_ON_RUNNING, noLaunches } from '../aws-sentences.ts';

// What it is to be without a license. AWS's guides say what becomes of what is running after an end, and nothing of what
// runs under a suspended, deactivated or canceled license; so neither do we.

export const IN_FORCE = 'The license can be used.';

export function ifNotRenewed(product: Named): string {
  return `If it is not renewed, ${noLaunches(product)} after the end. ${GOES_ON_RUNNING}`;
}

export function afterTheEnd(product: Named): string {
  return `After the end ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

export function hasEnded(product: Named): string {
  return `Until it is renewed, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

/** Between two terms. */
export function inTheGap(until: string, product: Named): string {
  return `${until}, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

type Named = Pick<Product, 'name' | 'id'>;
