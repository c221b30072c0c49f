import { cleanText, subjectOf } from './clean-text.ts';
import type { DigestEntry, Mail, SellerDigest } from './mail.ts';
import { dateAndTime, detailsOf, headlinesOf } from './sentences.ts';

/** The seller's one e-mail of a tick: what needs the seller first. */
export function sellerDigest({ entries, now }: SellerDigest): Mail {
  const asked = entries.filter(({ undelivered }) => undelivered !== null);
  const others = entries.filter(({ undelivered }) => undelivered === null);
  const lines = [
    ...(asked.length > 0 ? ['Please tell these buyers, who cannot be reached by mail:', ''] : []),
    ...asked.flatMap(paragraph),
    ...others.flatMap(paragraph),
    `As of ${dateAndTime(now)}.`,
  ];
  return { subject: subjectOf('License Watcher', summary(entries)), text: lines.join('\n') };
}

function summary(entries: readonly DigestEntry[]): string {
  const [only, ...more] = entries;
  if (only === undefined) return 'nothing new';
  const buyers = new Set(entries.map(({ entry }) => entry.buyerAccountId)).size;
  if (more.length > 0) return `${entries.length} notices of ${buyers} ${buyers === 1 ? 'buyer' : 'buyers'}`;
  const [headline = 'news'] = headlinesOf(only.entry, 'seller');
  return `${cleanText(only.entry.buyerName, 30)}, ${headline}`;
}

function paragraph({ entry, product, undelivered }: DigestEntry): readonly string[] {
  return [
    `${cleanText(entry.buyerName)} (${entry.buyerAccountId}), ${cleanText(product.name)}:`,
    ...detailsOf(entry, undelivered === null ? 'seller' : 'buyer').map((line) => `  ${line}`),
    ...(undelivered === null ? [] : [`  Not told to the buyer: ${cleanText(undelivered, 300)}.`]),
    `  Seen ${dateAndTime(entry.observedAt)}, ledger entry ${entry.entry}.`,
    '',
  ];
}
