import type { Buyer } from '../../lib/domain/buyer.ts';
import { contractKey } from '../../lib/domain/contract.ts';
import { decide } from '../../lib/domain/decide.ts';
import type { Notice } from '../../lib/domain/notice.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../../lib/domain/product.ts';
import { seal } from '../../lib/domain/seal.ts';
import { instant } from '../../lib/domain/time.ts';
import type { SendNotices } from '../../lib/schemas/send-notices.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';

/** Lost races with a check that is under way, before we leave it to the next receive of the message. */
const MOST_RACES = 3;

/** Ends the watch of each of the buyer's contracts, with `reason` in words. What has ended stays as it is. */
export async function endWatch(buyer: Buyer, reason: string, dependencies: RegisterBuyerDependencies): Promise<void> {
  const notices: Notice[] = [];
  let contracts = 0;
  for (const productId of buyer.productIds) {
    const born = await endContract(buyer, productId, reason, dependencies);
    if (born === undefined) continue;
    contracts += 1;
    notices.push(...born);
  }
  dependencies.report({ type: 'WatchEnded', buyerAccountId: buyer.buyerAccountId, contracts, reason });
  await nudge(buyer, notices, dependencies);
}

/** The notices that were born; undefined: there was no watch to end. */
async function endContract(
  buyer: Buyer,
  productId: string,
  reason: string,
  { contracts, products, now, sha256 }: RegisterBuyerDependencies,
): Promise<readonly Notice[] | undefined> {
  const key = contractKey(buyer.buyerAccountId, productId);
  for (let race = 0; race < MOST_RACES; race += 1) {
    const head = await contracts.head(key);
    if (head?.watchEnded !== null) return undefined;
    const at = instant(now());
    const decision = decide({
      head,
      sighting: { kind: 'left', detail: reason },
      product: products.find(({ id }) => id === productId) ?? forgotten(productId),
      buyer,
      now: at,
      tick: at,
      fleet: { checks: 0, failed: 0 },
    });
    const sealed = seal(decision, head, sha256);
    if (await contracts.record(decision, sealed.entry, sealed.head, head)) return decision.notices;
  }
  throw new Error(`could not end the watch of ${key}: its head changed ${MOST_RACES} times meanwhile`);
}

/** A product that the settings no longer know still has a watch that can end. */
function forgotten(id: string): Product {
  return {
    id,
    name: id,
    productSku: id,
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    pricing: 'floating',
    tiers: [],
    rungs: [],
    probe: 'off',
    contact: '',
    renewalUrl: null,
    retired: true,
  };
}

async function nudge(
  { buyerAccountId }: Buyer,
  notices: readonly Notice[],
  { nudgeNotices, report }: RegisterBuyerDependencies,
): Promise<void> {
  const messages = notices.flatMap(({ contract, entry, audience, state }): SendNotices[] =>
    // The seller's are sent together, by the digest of the next sweep.
    state === 'due' && audience !== 'seller' ? [{ format: 1, kind: 'notice', contract, entry, audience }] : [],
  );
  if (messages.length === 0) return;
  try {
    await nudgeNotices(messages);
  } catch (error) {
    report({ type: 'NudgeFailed', buyerAccountId, error });
  }
}
