import type { Buyer, RegisteredBuyer } from '../../lib/domain/registration/buyer.ts';
import {
  enrolled,
  enrolsUntil,
  isLookDue,
  lookedAt,
  provesPurchase,
  withoutEnrolment,
  canEnrol,
} from '../../lib/domain/registration/enrolment.ts';
import { instant } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { EnrolmentCheck } from '../../lib/messages/registration.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import type { Product } from '../../lib/domain/license/product.ts';

/** Looks whether an enrolling buyer has become one, as every sweep asks. `again`: a race was lost. */
export async function checkEnrolment(
  { buyerAccountId, at }: EnrolmentCheck,
  dependencies: RegisterBuyerDependencies,
): Promise<'done' | 'again'> {
  const { buyers, policy } = dependencies;
  const now = instant(dependencies.now());
  const buyer = await buyers.find(buyerAccountId);
  const until = buyer === undefined ? null : enrolsUntil(buyer);
  if (buyer === undefined || until === null || !isRegistered(buyer) || !isLookDue(buyer, now))
    return 'done';
  if (until <= now)
    return endEnrolment(buyer, 'no license of a product was seen for 24 hours', dependencies);
  if (policy.openEnrolment === null)
    return endEnrolment(buyer, 'enrolment is not open any more', dependencies);

  const { externalId, registration } = buyer;
  const opening = await dependencies.openRole({
    buyerAccountId,
    roleArn: registration.roleArn,
    externalId,
  });
  const next = await afterEnrolmentCheck(buyer, opening, dependencies);
  if (!(await buyers.put(next, buyer, now))) return 'again';
  if (next.status === 'active') await welcome(next, `enrolment-${at}`, dependencies);
  return 'done';
}

/** The buyer after a look through its role: active, or still enrolling. */
export async function afterEnrolmentCheck(
  buyer: RegisteredBuyer,
  opening: Opening,
  dependencies: RegisterBuyerDependencies,
): Promise<RegisteredBuyer> {
  const productIds = await purchased(buyer, opening, dependencies);
  return productIds.length > 0
    ? enrolled(buyer, productIds)
    : lookedAt(buyer, instant(dependencies.now()));
}

export async function welcome(
  buyer: RegisteredBuyer,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<void> {
  const { buyerAccountId, productIds } = buyer;
  dependencies.log.info(MESSAGES.buyerEnrolled, { buyerAccountId, productIds });
  await queueCheck(buyer, checkId, dependencies);
}

/** Removes an enrolment. No ledger holds anything of it. Its stack stays, and an update of the stack enrols anew. */
export async function endEnrolment(
  buyer: Buyer,
  reason: string,
  { buyers, log, now }: Pick<RegisterBuyerDependencies, 'buyers' | 'log' | 'now'>,
): Promise<'done' | 'again'> {
  const remains = withoutEnrolment(buyer);
  const ended =
    remains === undefined
      ? await buyers.remove(buyer)
      : await buyers.put(remains, buyer, instant(now()));
  if (!ended) return 'again';
  const { buyerAccountId } = buyer;
  log.info(MESSAGES.enrolmentEnded, { buyerAccountId, reason });
  return 'done';
}

/** The IDs of the products of which a license was seen. */
async function purchased(
  buyer: RegisteredBuyer,
  opening: Opening,
  dependencies: RegisterBuyerDependencies,
): Promise<readonly string[]> {
  const { buyerAccountId } = buyer;
  const unseen = (reason: string): void => {
    dependencies.log.info(MESSAGES.enrolmentUnseen, { buyerAccountId, reason });
  };
  if (opening.kind !== 'open') {
    unseen(opening.detail);
    return [];
  }
  const now = instant(dependencies.now());
  const found: string[] = [];
  for (const product of watchedProducts(buyer, dependencies)) {
    const read = await opening.licenses(product);
    if (read.kind !== 'read') unseen(read.detail);
    else if (provesPurchase(read.licenses, product, now)) found.push(product.id);
  }
  return found;
}

function isRegistered(buyer: Buyer): buyer is RegisteredBuyer {
  return buyer.registration !== null;
}

/** Asks for a look at the buyer's contracts now instead of at the next sweep. */
export async function queueCheck(
  buyer: RegisteredBuyer,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<void> {
  if (watchedProducts(buyer, dependencies).length === 0) return;
  await dependencies.queueCheck({
    format: 1,
    kind: 'named',
    // Repeated registration must not advance counters, which move once per tick.
    tick: buyer.registration.registeredAt,
    checkId,
    visibleAt: instant(dependencies.now()),
    buyerAccountId: buyer.buyerAccountId,
  });
}

/** The products whose licenses matter: those watched for the buyer or, while enrolling, those that would make it a buyer. */
export function watchedProducts(
  buyer: Buyer,
  { products }: Pick<RegisterBuyerDependencies, 'products'>,
): readonly Product[] {
  if (buyer.status === 'enrolling') return products.filter(canEnrol);
  return products.filter(({ id, retired }) => !retired && buyer.productIds.includes(id));
}
