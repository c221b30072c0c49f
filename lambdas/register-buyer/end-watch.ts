import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import { decisionFrom } from '../../lib/domain/check/decide.ts';
import { findingsOfEnd } from '../../lib/domain/check/blindness.ts';
import { knownProduct } from '../../lib/domain/license/product.ts';
import { seal } from '../../lib/domain/check/perform-check.ts';
import { instant } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';

type WatchEndDependencies = Pick<
  RegisterBuyerDependencies,
  'contracts' | 'lastSeen' | 'products' | 'now' | 'sha256' | 'log'
>;

/** How many races with a running check we may lose before the next receive of the message tries again. */
const MOST_RACES = 3;

/**
 * Ends the watch of each of the buyer's contracts, with `reason` in words. Contracts whose watch has ended stay as they are. No message is
 * sent: only the seller is told about an end, by the digest of the next sweep.
 */
export async function endWatch(
  buyer: Buyer,
  reason: string,
  dependencies: WatchEndDependencies,
): Promise<void> {
  let contracts = 0;
  for (const productId of buyer.productIds) {
    if (await endContract(buyer, productId, reason, dependencies)) contracts += 1;
  }
  const { buyerAccountId } = buyer;
  dependencies.log.info(MESSAGES.watchEnded, { buyerAccountId, contracts, reason });
}

/** False: the contract had no watch to end. */
async function endContract(
  buyer: Buyer,
  productId: string,
  reason: string,
  { contracts, lastSeen, products, now, sha256 }: WatchEndDependencies,
): Promise<boolean> {
  const key = contractKey(buyer.buyerAccountId, productId);
  for (let race = 0; race < MOST_RACES; race += 1) {
    const at = instant(now());
    // Once nobody watches a contract, a failure to record it no longer matters.
    await contracts.worksAgain(key, at);
    const head = await contracts.head(key);
    if (head?.watchEnded !== null) return false;
    const left = { kind: 'left', detail: reason } as const;
    const circumstances = {
      head,
      lastSeen: await lastSeen.of(key),
      observation: left,
      product: products.find(({ id }) => id === productId) ?? knownProduct(productId, productId),
      buyer,
      now: at,
      tick: at,
      fleet: { checks: 0, failed: 0 },
    };
    // This is the part of `decide` that ends a watch. The rest is only for checks and would be a twentieth of this bundle.
    const ended = decisionFrom(circumstances, findingsOfEnd(left, circumstances));
    // Without a digest: the first check after a new registration must not look steady.
    const { decision, sealed } = seal(ended, head, '', sha256);
    if (await contracts.record(decision, sealed.entry, sealed.head, head)) return true;
  }
  throw new Error(
    `could not end the watch of ${key}: its head changed ${MOST_RACES} times meanwhile`,
  );
}
