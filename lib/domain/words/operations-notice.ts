import type { SealedEntry } from '../ledger.ts';
import type { Product } from '../product.ts';
import { cleanText, subjectOf } from './clean-text.ts';
import type { Mail } from './mail.ts';
import { dateAndTime, detailsOf, headlinesOf } from './sentences.ts';

/** To the seller's own operations: what only they can mend. */
export function operationsNotice(entry: SealedEntry, product: Product): Mail {
  const buyer = `${cleanText(entry.buyerName)} (${entry.buyerAccountId})`;
  const [headline = 'needs a look'] = headlinesOf(entry, 'operations');
  const lines = [
    `${cleanText(product.name)} of ${buyer}:`,
    ...detailsOf(entry, 'operations'),
    `Seen ${dateAndTime(entry.observedAt)}, ledger entry ${entry.entry} of ${entry.contract}.`,
  ];
  return {
    subject: subjectOf('License Watcher', `${cleanText(product.name, 30)} ${headline}`),
    text: lines.join('\n'),
  };
}
