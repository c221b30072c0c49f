import { instant } from '../../lib/domain/time.ts';
import type { RegisteredBuyer } from '../../lib/domain/registration/watched-buyer.ts';
import { toCheck } from '../../lib/messages/buyer-to-check.ts';
import type { CheckBuyers } from '../../lib/messages/check-buyers.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';
import { watchedProducts } from './watched-products.ts';

/** Has the buyer's contracts looked at now; the next sweep would. */
export async function queueCheck(
  buyer: RegisteredBuyer,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<void> {
  const products = watchedProducts(buyer, dependencies);
  if (products.length === 0) return;
  const contracts = products.map(({ id }) => ({ productId: id, digest: null, nextDue: null }));
  const message: CheckBuyers = {
    format: 1,
    // Registered again and again, it is one tick all the same: counters move once per tick.
    tick: buyer.registration.registeredAt,
    checkId,
    visibleAt: instant(dependencies.now()),
    buyers: [toCheck(buyer, contracts)],
  };
  await dependencies.queueCheck(message);
}
