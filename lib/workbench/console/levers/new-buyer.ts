import * as z from 'zod/mini';
import { SELLER_ACCOUNT } from '../../scenarios/participants.ts';
import type { ScenarioRun } from '../../scenarios/scenario-run.ts';
import type { Buyer } from '../../../domain/registration/buyer.ts';
import { DAY } from '../../../domain/time.ts';
import { accountId } from '../../../messages/primitives.ts';
import { entitlementOf, type ConsoleProduct } from '../products.ts';
import { buyerStackOf, launch } from './buyer-levers.ts';

/** The request for a new buyer, as the seller enters it. */
export const newBuyer = z.object({
  kind: z.literal('new-buyer'),
  account: accountId,
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  /** One or more addresses, separated by commas. */
  email: z.string().check(z.minLength(3), z.maxLength(1_000)),
  productId: z.string(),
  /** A number or a tier. */
  amount: z.string().check(z.maxLength(64)),
  days: z.int().check(z.minimum(1), z.maximum(3_650)),
  /** Whether the agreement renews by itself; either party can change it until a deadline. Default: no. */
  renews: z.optional(z.boolean()),
  /** Default: yes. If not, the purchase is not watched. */
  invited: z.optional(z.boolean()),
});
export type NewBuyer = z.infer<typeof newBuyer>;

/**
 * Sells a license that began today, invites the buyer (unless `invited` is false), and launches the stack. A buyer that has already
 * launched gets only the license, and an invitation for the product if it is not watched for it yet. `known` is the registered buyer.
 */
export async function join(
  request: NewBuyer,
  product: ConsoleProduct,
  known: Buyer | undefined,
  run: ScenarioRun,
): Promise<string> {
  const { account, email } = request;
  if (account === SELLER_ACCOUNT)
    throw new Error(`${account} is the seller's own account: give the buyer another`);
  const launched = buyerStackOf(run.cloud, account) !== undefined;
  const isOwned = await sell(request, product, run);
  const others = known?.productIds.filter((id) => id !== product.id) ?? [];
  const buyer = { accountId: account, email, productId: product.id, otherProductIds: others };
  if (request.invited === false && !launched)
    return `Sold ${product.name} to ${account}, and nobody invited: only its agreement shows it.`;
  if (!launched) return launch({ ...buyer, name: request.name }, run);
  if (isOwned)
    throw new Error(
      `${account} has launched the buyer stack and owns a license of ${product.name}: change that one`,
    );
  if (known?.status !== 'active')
    return `Sold, and not watched: ${account} is ${known?.status ?? 'not invited'}. It has a buyer stack already.`;
  if (!known.productIds.includes(product.id)) await run.invite({ ...buyer, name: known.name });
  return `Sold ${product.name} to ${known.name} (${account}). The watcher sees it at its next sweep at the latest.`;
}

/** Sells the license. True if the buyer already had one, as after a refused invitation; then it gets no second one. */
async function sell(
  request: NewBuyer,
  product: ConsoleProduct,
  { cloud, licenses }: ScenarioRun,
): Promise<boolean> {
  const { account, amount, days, renews = false } = request;
  const entitlement = entitlementOf(product, amount);
  const isOwned = licenses.issued.some(
    ({ licenseArn, buyerAccountId, productSku }) =>
      buyerAccountId === account &&
      productSku === product.productSku &&
      !isCanceled(cloud, licenseArn),
  );
  if (isOwned) return true;
  const today = Math.floor(cloud.clock.now() / DAY) * DAY;
  await licenses.issue(
    account,
    product.productSku,
    {
      begin: new Date(today).toISOString(),
      end: new Date(today + days * DAY).toISOString(),
      entitlements: [entitlement],
    },
    // A quarter of a short term, at most 30 days, so that there is a time before the deadline.
    { renewal: { enableAutoRenew: renews, lockoutDays: Math.min(30, Math.floor(days / 4)) } },
  );
  return false;
}

function isCanceled({ licenseManager }: ScenarioRun['cloud'], licenseArn: string): boolean {
  const status = licenseManager.licenses().find(({ arn }) => arn === licenseArn)?.status;
  return status === 'DELETED' || status === 'PENDING_DELETE';
}
