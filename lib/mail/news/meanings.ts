import type { Product } from '../../domain/license/product.ts';
import { GOES_ON_RUNNING, NO_LAUNCHES } from '../aws-sentences.ts';
import type { Gap } from '../../domain/license/canonical-state.ts';
import { dayAndTime, duration } from '../dates.ts';
import { between } from '../../domain/time.ts';
import { askSomebody, type Present } from './news.ts';

// What it means to be without a license. AWS's guides say what happens to running instances after an end, and nothing about those under a
// suspended, deactivated or canceled license; so neither do we.

/** Empty: the license cannot be used, or nobody knows at present. */
export function canBeUsed({ verdict }: Present): readonly string[] {
  return verdict === 'entitled' ? ['The license can be used.'] : [];
}

export const IF_NOT_RENEWED = `Without renewal ${NO_LAUNCHES}. ${GOES_ON_RUNNING}`;
export const AFTER_THE_END = `After the end ${NO_LAUNCHES}. ${GOES_ON_RUNNING}`;
export const IF_IT_ENDED = `If it was not renewed, ${NO_LAUNCHES}. ${GOES_ON_RUNNING}`;
export const HAS_ENDED = `Until it is renewed, ${NO_LAUNCHES}. ${GOES_ON_RUNNING}`;

/** What it means to be between two terms. */
export function inTheGap(until: string): string {
  return `${until}, ${NO_LAUNCHES}. ${GOES_ON_RUNNING}`;
}

/** What a coming gap means. */
export function gapMeans({ from, to }: Gap): readonly string[] {
  const length = duration(between(from, to));
  return [inTheGap(`From ${dayAndTime(from)} to ${dayAndTime(to)} (${length})`)];
}

export function gapSteps({ from, to }: Gap, product: Pick<Product, 'contact'>): readonly string[] {
  return [
    `Launch before ${dayAndTime(from)} what you will need until ${dayAndTime(to)}.`,
    `If you cannot wait that long, ${askSomebody(product)}`,
  ];
}

export function gapForSeller({ from, to }: Gap): string {
  return `No license is in force from ${dayAndTime(from)} to ${dayAndTime(to)} (${duration(between(from, to))}): offer the buyer a term that closes the gap, or warn them.`;
}
