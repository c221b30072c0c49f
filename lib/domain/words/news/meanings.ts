import type { Product } from '../../product.ts';
import { productName } from '../names.ts';

// What it is to be without a license. Source: AWS Marketplace, seller guides for AMI and for container products with
// contract pricing (grade A): after the end buyers cannot launch, what runs keeps running. What becomes of what is running
// under a suspended, deactivated or canceled license they do not say; so neither do we.

export const IN_FORCE = 'The license can be used.';

/** Said of an end to come: renewal intent is not known (rule 11). */
export const MAY_RENEW =
  'If auto-renewal is on, AWS starts the next term by itself and nothing changes for you. We cannot see whether it is on.';

export function ifNotRenewed(product: Named): string {
  return `If it is not renewed, ${noLaunches(product)} after the end. ${GOES_ON_RUNNING}`;
}

export function afterTheEnd(product: Named): string {
  return `After the end ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

export function hasEnded(product: Named): string {
  return `Until it is renewed, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

/** `Until it is activated` and the like. */
export function unusable(until: string, product: Named): string {
  return `${until}, ${noLaunches(product)} with it.`;
}

/** Between two terms. */
export function inTheGap(until: string, product: Named): string {
  return `${until}, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

export const RUNNING_UNKNOWN = 'AWS does not say what becomes of what is running: ask before you rely on it.';

type Named = Pick<Product, 'name' | 'id'>;

const GOES_ON_RUNNING =
  "What is running goes on running, as AWS's guides say; the product itself may also look for a license while it runs.";

function noLaunches(product: Named): string {
  return `no new instances or containers of ${productName(product)} can be launched`;
}
