import type { UnwatchedNews } from '../domain/agreement/watch-status.ts';
import { endSaidOf } from '../domain/agreement/forecast.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { Buyer, RegisteredBuyer } from '../domain/registration/buyer.ts';
import type { Product } from '../domain/license/product.ts';
import { FOLLOW_CONFIRMATION } from './aws-sentences.ts';
import { date } from './dates.ts';
import { renewalSaid } from './intent-words.ts';
import { capital } from './news/news.ts';
import { productName } from './text.ts';

/**
 * About a buyer who was invited and has not launched: `Invited on 2027-01-12 for Meridian Viewer; the stack is not launched.` Here and in the
 * remedies of both kinds, `products` are those that are watched.
 */
export function unlaunchedWords(
  { invitedAt, productIds }: Buyer,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  const unwatched = among(products, productIds).length > 0 ? '' : ', which nobody watches any more';
  return `Invited on ${date(invitedAt)} for ${named(productIds, products)}${unwatched}; the stack is not launched.`;
}

/** What the seller does: words ready to be sent, with the letter below them. */
export function unlaunchedRemedy(
  { buyerAccountId, invitedAt, productIds: invitedFor }: Buyer,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  const productIds = among(products, invitedFor);
  if (productIds.length === 0) return withdraw(buyerAccountId);
  return `forward the letter, which "license-watcher invite ${buyerAccountId} --again" prints, with these words: "On ${date(invitedAt)} we invited your AWS account ${buyerAccountId} to be told in time when ${licenseOf(productIds, products)} changes or ends. We see no stack there yet. If you want it, the letter below says how; if you do not, tell us and we write no more."`;
}

/** About a buyer whose stack exists, and whose addresses nobody confirmed. */
export function unconfirmedWords({ registration }: RegisteredBuyer): string {
  return `Launched on ${date(registration.registeredAt)}; nobody confirmed ${addressesOf(registration)}, so that our notices reach nobody.`;
}

/** What the seller does: words ready to be sent. */
export function unconfirmedRemedy(
  { buyerAccountId, registration, productIds: invitedFor }: RegisteredBuyer,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  const productIds = among(products, invitedFor);
  if (productIds.length === 0)
    return `nobody watches what it was invited for any more: ${withdraw(buyerAccountId)}`;
  return `forward these words: "On ${date(registration.registeredAt)} you launched the stack by which you are told in time when ${licenseOf(productIds, products)} in AWS account ${buyerAccountId} changes or ends. Nobody has confirmed ${addressesOf(registration)} yet, so you would not hear of it. We ask you to ${FOLLOW_CONFIRMATION}."`;
}

function among(products: readonly Pick<Product, 'id'>[], ids: readonly string[]): string[] {
  return ids.filter((each) => products.some(({ id }) => id === each));
}

function withdraw(buyerAccountId: string): string {
  return `withdraw the invitation with "license-watcher revoke ${buyerAccountId}", or invite for another product.`;
}

function addressesOf({ addresses }: RegisteredBuyer['registration']): string {
  return addresses.map((each) => cleanText(each)).join(', ') || 'an address';
}

/**
 * About an agreement that nobody watches: `Bought on 2027-01-12: Meridian Viewer, until 2028-01-12, agreement agmt-1. AWS says today that
 * it renews by itself.`
 */
export function unwatchedWords(
  news: UnwatchedNews,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  const { agreement } = news;
  const { productId, start, end, agreementId } = agreement;
  const { intent, decideBy } = endSaidOf(agreement);
  const of = [
    named([productId], products),
    end === null ? 'no end' : `until ${date(end)}`,
    `agreement ${cleanText(agreementId)}`,
  ].join(', ');
  const decide = decideBy === null ? '' : `; to be decided by ${date(decideBy)}`;
  const atEnd = end === null ? '' : ` ${capital(renewalSaid('it', intent))}${decide}.`;
  const since = start === null ? '' : ` on ${date(start)}`;
  switch (news.kind) {
    case 'bought':
      return `Bought${since}: ${of}.${atEnd}`;
    case 'went-on':
      return `Renewed or replaced${since}: ${of}.${atEnd}`;
    case 'changed':
      return [
        `Changed: ${of}.${atEnd}`,
        // `atEnd` already says what happens at the end.
        ...news.changes
          .filter(({ type }) => type !== 'RenewalIntentChanged')
          .map(({ reason }) => `${capital(reason)}.`),
      ].join(' ');
  }
}

/** What the seller does about an account that bought and is not invited. Null: an invitation has gone out, or was there and ended. */
export function unwatchedRemedy(
  buyerAccountId: string,
  productIds: readonly string[],
  buyer: Pick<Buyer, 'name' | 'status'> | undefined,
): string | null {
  if (productIds.length === 0) return null;
  const name = buyer === undefined ? 'NAME' : cleanText(buyer.name).replaceAll("'", "'\\''");
  const products = productIds.map((id) => `--product ${cleanText(id)}`).join(' ');
  const who = buyer === undefined ? ' with its name' : '';
  return `invite it${who}: license-watcher invite ${buyerAccountId} --name '${name}' ${products}`;
}

/** `your license of Meridian Viewer`, `one of your licenses of Meridian Viewer, Meridian Scanner`: what "changes or ends". */
function licenseOf(...[productIds, products]: Parameters<typeof named>): string {
  const what = productIds.length === 1 ? 'your license' : 'one of your licenses';
  return `${what} of ${named(productIds, products)}`;
}

function named(
  productIds: readonly string[],
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  return productIds
    .map((id) =>
      productName(products.find((product) => product.id === id) ?? { id, name: cleanText(id) }),
    )
    .join(', ');
}
