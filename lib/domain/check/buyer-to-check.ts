import type { Buyer, RegisteredBuyer, Registration } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import type { WatchedContract } from './steady.ts';

/** All that a check has to know of a buyer and of its contracts, before it looks. */
export interface BuyerToCheck
  extends
    Pick<Buyer, 'buyerAccountId' | 'name' | 'externalId'>,
    Pick<Registration, 'roleArn' | 'templateVersion' | 'probe' | 'shareUsage' | 'reminderDays'> {
  readonly contracts: readonly WatchedContract[];
}

export function buyerToCheck(
  { buyerAccountId, name, externalId, registration }: RegisteredBuyer,
  contracts: readonly WatchedContract[],
): BuyerToCheck {
  const { roleArn, templateVersion, probe, shareUsage, reminderDays } = registration;
  return {
    buyerAccountId,
    name,
    roleArn,
    externalId,
    templateVersion,
    probe,
    shareUsage,
    reminderDays,
    contracts,
  };
}

/** Whoever is asked for by name, as if due: each head is read consistently before the look, and what was seen is decided on. */
export function dueToCheck(
  buyer: RegisteredBuyer,
  productIds: readonly string[],
  now: Instant,
): BuyerToCheck {
  return buyerToCheck(
    buyer,
    productIds.map((productId) => ({ productId, digest: null, nextDue: now })),
  );
}
