import { oneOfSeveral } from '../aws-sentences.ts';
import { date, dateAndTime } from '../dates.ts';
import { productName } from '../names.ts';
import type { News, Of, Setting } from './news.ts';
import { licenseTail } from './places.ts';

export function anotherNews(
  { after }: Of<'AnotherLicenseFound'>,
  { voice, product, entry }: Setting,
): News {
  return {
    subject: [`several licenses side by side, seen ${date(entry.observedAt)}`],
    sentence: `There are several licenses side by side where one is usual: ${tailsOf(after.licenses)}; seen on ${dateAndTime(entry.observedAt)}.`,
    means: [oneOfSeveral(product)],
    steps: [],
    forSeller: `Look at the agreements of ${voice.account}: was one to replace the other?`,
    rows: [],
    about: ['licenses'],
  };
}

export function foreignNews(
  { before, after }: Of<'ForeignLicenseFound'>,
  { voice, product, entry }: Setting,
): News {
  const found = after.licenses.filter((licenseArn) => !before.licenses.includes(licenseArn));
  const several = found.length > 1;
  return {
    subject: [`license of another issuer, seen ${date(entry.observedAt)}`],
    sentence: `In ${voice.account} there ${several ? 'are licenses' : 'is a license'} under the SKU of ${productName(product)} by another issuer: ${tailsOf(found)}; seen on ${dateAndTime(entry.observedAt)}.`,
    means: ['It counts for nothing here, and nothing of it is told to the buyer.'],
    steps: [],
    forSeller: `Find out who issued ${several ? 'them' : 'it'}: your product should accept licenses of its own issuer only.`,
    rows: [],
    about: ['foreign licenses'],
  };
}

function tailsOf(licenseArns: readonly string[]): string {
  const tails = licenseArns.slice(0, 5).map(licenseTail);
  return `${tails.join(', ')}${licenseArns.length > tails.length ? ` and ${licenseArns.length - tails.length} more` : ''}`;
}

export function checkoutNews(
  { type }: Of<'CheckoutRefused' | 'CheckoutAccepted'>,
  { product, entry }: Setting,
): News {
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
    forSeller:
      'Ask AWS Marketplace why, before the buyer does; the reason in the ledger has the error.',
    rows: [],
    about: ['checkout'],
  };
}
