import type { SealedEntry } from '../ledger.ts';
import { cleanText, subjectOf } from './clean-text.ts';
import type { BuyerMail, Mail } from './mail.ts';
import { dateAndTime, detailsOf, headlinesOf } from './sentences.ts';

/** The mail to a buyer about an entry of their ledger. Says nothing that the audience table keeps from buyers. */
export function buyerMail({ entry, folded, welcome, head, product, sellerName }: BuyerMail): Mail {
  const name = cleanText(product.name);
  const told = [...folded, entry];
  const [headline = 'news of your license'] = [...headlinesOf(entry, 'buyer'), ...folded.flatMap(forBuyers)];
  const lines = [
    ...(welcome ? [`Welcome: from now on you hear by e-mail what becomes of your license of ${name}.`, ''] : []),
    ...told.flatMap((each) => [`${dateAndTime(each.effectiveAt ?? each.observedAt)}:`, ...detailsOf(each, 'buyer')]),
    '',
    `Product: ${name}`,
    `Account: ${cleanText(entry.buyerName)} (${entry.buyerAccountId})`,
    `End of the current term: ${entry.validityEnd === null ? 'none' : dateAndTime(entry.validityEnd)}`,
    ...(head.lastConfirmed === null
      ? []
      : [`Last confirmed with AWS License Manager: ${dateAndTime(head.lastConfirmed)}`]),
    `Questions: ${cleanText(product.contact)}`,
    '',
    ...told.map(({ entry: number, hash }) => `Ledger entry ${number}, ${hash}`),
    `You get this because License Watcher of ${cleanText(sellerName)} runs in your account. To stop it, delete its stack there.`,
  ];
  return { subject: subjectOf(name, headline), text: lines.join('\n') };
}

function forBuyers(entry: SealedEntry): readonly string[] {
  return headlinesOf(entry, 'buyer');
}
