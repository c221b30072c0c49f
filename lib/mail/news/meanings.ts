import type { Product } from '../../domain/license/product.ts';
import { GOES_ON_RUNNING, noLaunches } from '../aws-sentences.ts';
import type { Gap } from '../../domain/license/canonical-state.ts';
import { dateAndTime, duration } from '../dates.ts';
import { between } from '../../domain/time.ts';
import type { Present } from '../mail.ts';
import { askSomebody } from './news.ts';

// What it is to be without a license. AWS's guides say what becomes of what is running after an end, and nothing of what
// runs under a suspended, deactivated or canceled license; so neither do we.

/** Empty: it cannot, or nobody knows at present. */
export function canBeUsed({ verdict }: Present): readonly string[] {
  return verdict === 'entitled' ? ['The license can be used.'] : [];
}

export function ifNotRenewed(product: Named): string {
  return `If it is not renewed, ${noLaunches(product)} after the end. ${GOES_ON_RUNNING}`;
}

export function afterTheEnd(product: Named): string {
  return `After the end ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

export function ifItEnded(product: Named): string {
  return `If it was not renewed, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

export function hasEnded(product: Named): string {
  return `Until it is renewed, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

/** Between two terms. */
export function inTheGap(until: string, product: Named): string {
  return `${until}, ${noLaunches(product)}. ${GOES_ON_RUNNING}`;
}

/** What a gap to come means, and what can be done before it begins. */
export function gapMeans({ from, to }: Gap, product: Named): readonly string[] {
  return [
    `No license is in force from ${dateAndTime(from)} to ${dateAndTime(to)} (${duration(between(from, to))}).`,
    inTheGap('In that time', product),
  ];
}

export function gapSteps({ from, to }: Gap, product: Pick<Product, 'contact'>): readonly string[] {
  return [
    `Launch before ${dateAndTime(from)} what you will need until ${dateAndTime(to)}.`,
    `If you cannot do without a license in between, ${askSomebody(product)} before ${dateAndTime(from)}`,
  ];
}

export function gapForSeller({ from, to }: Gap): string {
  return `No license is in force from ${dateAndTime(from)} to ${dateAndTime(to)} (${duration(between(from, to))}): offer the buyer a term that closes the gap, or warn them.`;
}

type Named = Pick<Product, 'name' | 'id'>;
