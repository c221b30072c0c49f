import { cleanText } from '../domain/outside-text.ts';
import type { Buyer } from '../domain/registration/buyer.ts';
import type { Product } from '../domain/license/product.ts';
import { date } from './dates.ts';
import { productName } from './text.ts';

/** Of a buyer who was invited and has not launched the stack: `Invited on 2027-01-12 for Meridian Viewer, and not launched.` */
export function unlaunchedWords(
  { invitedAt, productIds }: Buyer,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  return `Invited on ${date(invitedAt)} for ${named(productIds, products)}; the stack is not launched.`;
}

/** What the seller does: ready to be sent, with the letter below it. */
export function unlaunchedRemedy(
  { buyerAccountId, invitedAt, productIds }: Buyer,
  products: readonly Pick<Product, 'id' | 'name'>[],
): string {
  return `forward the letter, which "license-watcher invite ${buyerAccountId} --again" prints, with these words: "On ${date(invitedAt)} we invited your AWS account ${buyerAccountId} to be told in time when your license of ${named(productIds, products)} changes or ends. We see no stack there yet. If you want it, the letter below says how; if you do not, tell us and we write no more."`;
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
