import type { Buyer, RegisteredBuyer, Registration } from '../registration/buyer.ts';
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
