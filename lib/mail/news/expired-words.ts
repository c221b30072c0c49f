import type { Standing } from '../../domain/license/contract.ts';
import { dateAndTime } from '../dates.ts';
import { hasEnded, inTheGap } from './meanings.ts';
import type { Setting } from './news.ts';
import { activationSteps, askSomebody, purchasePlace } from './places.ts';
import type { StandingWords } from './standing-news.ts';
import { nextBegin } from './when.ts';

/** The term has ended; `left`: how what is left of the contract stands, which decides what can be done. */
export function expiredWords(left: Standing, setting: Setting): StandingWords {
  const { product, entry, voice } = setting;
  const verb = 'term ended';
  const ended =
    entry.effectiveAt === null
      ? `AWS says that the term of ${voice.license} has ended; seen on ${dateAndTime(entry.observedAt)}`
      : `The term of ${voice.license} ended on ${dateAndTime(entry.effectiveAt)}`;
  const begin = left === 'upcoming' ? nextBegin(setting) : undefined;
  if (begin !== undefined) {
    return {
      verb,
      sentence: `${ended}. The next one begins on ${dateAndTime(begin)}.`,
      means: [inTheGap(`Until ${dateAndTime(begin)}`, product)],
      steps: [`If you cannot wait until ${dateAndTime(begin)}, ${askSomebody(product)}`],
    };
  }
  if (left === 'not-activated') {
    return {
      verb,
      sentence: `${ended}. Another license of the product is there, but it is not activated.`,
      means: [inTheGap('Until it is activated', product)],
      steps: activationSteps(entry.after, entry.observedAt, product),
    };
  }
  return {
    verb,
    sentence: `${ended}${entry.effectiveAt === null ? '' : ', and no other license took its place at once'}.`,
    means: [hasEnded(product)],
    steps: [
      'If you have let it end on purpose, you need do nothing.',
      `If you still need it, renew at ${purchasePlace(product)}`,
    ],
  };
}
