import type { Buyer } from '../../lib/domain/buyer.ts';
import { admit, bind, boundElsewhere, type RegistrationClaim } from '../../lib/domain/registration.ts';
import { selfTestWords, type SelfTest } from '../../lib/domain/self-test.ts';
import { instant } from '../../lib/domain/time.ts';
import type { RegisteredBuyer } from '../../lib/domain/watched-buyer.ts';
import type { CheckBuyers } from '../../lib/schemas/check-buyers.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { isGone } from './is-gone.ts';

/** Lost races with the command line or a redelivery before we leave it to a later attempt. */
const MOST_RACES = 3;

/** What became of a claim. */
export type Enrolment =
  | { readonly kind: 'registered'; readonly selfTest: SelfTest }
  /** For good; in words for whoever made the claim. */
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not-opened'; readonly opening: Exclude<Opening, { kind: 'open' }> }
  | { readonly kind: 'race'; readonly reason: string };

/** Verifies a claim, whatever was believed before, and registers the buyer by it. */
export async function enroll(
  claim: RegistrationClaim,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<Enrolment> {
  const { accountId: buyerAccountId, roleArn, externalId } = claim;
  for (let race = 0; race < MOST_RACES; race += 1) {
    const buyer = await dependencies.buyers.find(buyerAccountId);
    const admission = admit(buyer, claim, dependencies.desk);
    if (admission.kind === 'refused') return { kind: 'refused', words: admission.words };

    const opening = await dependencies.openRole({ buyerAccountId, roleArn, externalId });
    if (opening.kind !== 'open') return { kind: 'not-opened', opening };
    if (admission.kind === 'bound-elsewhere') {
      // Its farewell may have been lost: only a stack whose role still works holds the invitation.
      const { holder } = admission;
      const other = await dependencies.openRole({
        buyerAccountId,
        roleArn: holder.roleArn,
        externalId: admission.buyer.externalId,
      });
      if (other.kind === 'trouble') return { kind: 'not-opened', opening: other };
      if (!isGone(other)) return { kind: 'refused', words: boundElsewhere(holder) };
    }

    const { noticeTopicArn, probe, shareUsage } = claim;
    const products = watchedProducts(admission.buyer, dependencies);
    const selfTest = await opening.selfTest({ buyerAccountId, products, noticeTopicArn, probe, shareUsage, checkId });
    const words = selfTestWords(selfTest);
    const bound = bind(admission.buyer, claim, words, instant(dependencies.now()));
    if (await dependencies.buyers.put(bound, buyer)) {
      dependencies.report({ type: 'BuyerRegistered', buyerAccountId, stackId: claim.stackId, selfTest: words });
      await queueCheck(bound, checkId, dependencies);
      return { kind: 'registered', selfTest };
    }
  }
  return { kind: 'race', reason: `the profile of ${buyerAccountId} changed ${MOST_RACES} times meanwhile` };
}

export function watchedProducts(buyer: Buyer, { products }: Pick<RegisterBuyerDependencies, 'products'>) {
  return products.filter(({ id, retired }) => !retired && buyer.productIds.includes(id));
}

async function queueCheck(
  buyer: RegisteredBuyer,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<void> {
  const products = watchedProducts(buyer, dependencies);
  if (products.length === 0) return;
  const { buyerAccountId, name, externalId, registration } = buyer;
  const { roleArn, templateVersion, probe, shareUsage, registeredAt } = registration;
  const message: CheckBuyers = {
    format: 1,
    // Registered again and again, it is one tick all the same: counters move once per tick.
    tick: registeredAt,
    checkId,
    visibleAt: instant(dependencies.now()),
    buyers: [
      {
        buyerAccountId,
        name,
        roleArn,
        externalId,
        templateVersion,
        probe,
        shareUsage,
        contracts: products.map(({ id }) => ({ productId: id, digest: null, nextDue: null })),
      },
    ],
  };
  await dependencies.queueCheck(message);
}
