import { oneOfSeveral } from '../aws-sentences.ts';
import { date, dateAndTime } from '../dates.ts';
import { productName } from '../names.ts';
import type { News, Of, Setting } from './news.ts';
import { licenseTail } from './places.ts';

export function severalNews({ after }: Of<'SeveralLicensesFound'>, { voice, product, entry }: Setting): News {
  const tails = after.licenses.slice(0, 5).map(licenseTail);
  const more = after.licenses.length > tails.length ? ` and ${after.licenses.length - tails.length} more` : '';
  return {
    subject: [`several licenses side by side, seen ${date(entry.observedAt)}`],
    sentence: `There are several licenses side by side where one is usual: ${tails.join(', ')}${more}; seen on ${dateAndTime(entry.observedAt)}.`,
    means: [oneOfSeveral(product)],
    steps: [],
    forSeller: `Look at the agreements of ${voice.account}: was one to replace the other, or is one by another issuer?`,
    rows: [],
    about: ['licenses'],
  };
}

export function checkoutNews({ type }: Of<'CheckoutRefused' | 'CheckoutAccepted'>, { product, entry }: Setting): News {
  const name = productName(product);
  const seen = `seen on ${dateAndTime(entry.observedAt)}`;
  if (type === 'CheckoutAccepted') {
    return {
      subject: [`checkout accepted again, seen ${date(entry.observedAt)}`],
      sentence: `A checkout of the license is accepted again; ${seen}.`,
      means: [`${name} would start again.`],
      steps: [],
      rows: [],
      about: ['checkout'],
    };
  }
  return {
    subject: [`checkout refused, seen ${date(entry.observedAt)}`],
    sentence: `AWS says that the license is in force, and yet refuses a checkout that needs no seat, three checks running; ${seen}.`,
    means: [`${name} would fail to start in this account.`],
    steps: [],
    forSeller: 'Ask AWS Marketplace why, before the buyer does; the reason in the ledger has the error.',
    rows: [],
    about: ['checkout'],
  };
}
