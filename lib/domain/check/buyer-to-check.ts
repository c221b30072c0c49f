import type { Buyer, RegisteredBuyer, Registration } from '../registration/buyer.ts';
import type { Instant } from '../time.ts';
import type { WatchedContract } from './steady.ts';

/** All that a check must know about a buyer and its contracts before it looks. */
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

/** A buyer asked for by name: its contracts count as due, so each head is read consistently before the look, which is decided on. */
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
