import type { RegisteredBuyer } from '../domain/registration/watched-buyer.ts';
import type { BuyerToCheck } from './check-buyers.ts';

/** What a check has to know of a buyer, whoever asks for it. Beside the schema, which whoever only asks need not bundle. */
export function toCheck(
  buyer: RegisteredBuyer,
  contracts: BuyerToCheck['contracts'],
): BuyerToCheck {
  const { buyerAccountId, name, externalId, registration } = buyer;
  const { roleArn, templateVersion, probe, shareUsage } = registration;
  return {
    buyerAccountId,
    name,
    roleArn,
    externalId,
    templateVersion,
    probe,
    shareUsage,
    contracts,
  };
}
