import * as z from 'zod/mini';
import { SELLER_ACCOUNT } from '../../cloud/stories/cast.ts';
import type { Rehearsal } from '../../cloud/stories/rehearsal.ts';
import { DAY } from '../../domain/time.ts';
import { accountId } from '../../schemas/primitives.ts';
import { entitlementOf, type ConsoleProduct } from '../products.ts';
import { buyerStackOf, launch } from './buyer-levers.ts';

/** In the seller's own words. */
export const newBuyer = z.object({
  kind: z.literal('new-buyer'),
  account: accountId,
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  email: z.string().check(z.minLength(3), z.maxLength(200)),
  productId: z.string(),
  /** A number or a tier. */
  amount: z.string().check(z.maxLength(64)),
  days: z.int().check(z.minimum(1), z.maximum(3_650)),
});
export type NewBuyer = z.infer<typeof newBuyer>;

/** Buys a license that began today, is invited, and launches the stack. */
export async function join(wish: NewBuyer, product: ConsoleProduct, rehearsal: Rehearsal): Promise<string> {
  const { account, name, email, amount, days } = wish;
  if (account === SELLER_ACCOUNT) throw new Error(`${account} is the seller's own account: give the buyer another`);
  if (buyerStackOf(rehearsal.cloud, account) !== undefined)
    throw new Error(`${account} has launched the buyer stack already: give the new buyer another account`);
  const entitlement = entitlementOf(product, amount);
  // Asked for a second time because the invitation was refused, it would have two.
  const owns = rehearsal.licenses.issued.some(
    ({ buyerAccountId, productSku }) => buyerAccountId === account && productSku === product.productSku,
  );
  const now = rehearsal.cloud.clock.now();
  if (!owns) {
    await rehearsal.licenses.issue(account, product.productSku, {
      begin: new Date(Math.floor(now / DAY) * DAY).toISOString(),
      end: new Date((Math.ceil(now / DAY) + days) * DAY).toISOString(),
      entitlements: [entitlement],
    });
  }
  return launch({ accountId: account, name, email, productId: product.id }, rehearsal);
}
