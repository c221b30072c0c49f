import type { Buyer } from '../../domain/buyer.ts';
import { contractOf } from '../../domain/contract.ts';
import type { Watcher } from '../io.ts';
import { knownContracts, type Knowing } from '../known-contracts.ts';
import { CommandFailure, misuse } from './failure.ts';

/** The buyer of an account that a person named. */
export async function knownBuyer(accountId: string, watcher: Pick<Watcher, 'buyers' | 'deployment'>): Promise<Buyer> {
  const buyer = await watcher.buyers.find(accountId);
  if (buyer !== undefined) return buyer;
  throw new CommandFailure(
    `${accountId} was never invited by the deployment ${JSON.stringify(watcher.deployment)}: see "license-watcher buyers" for those who were`,
  );
}

/**
 * The products that a person named, each once. One that the watcher does not watch any more has to be some buyer's, or have been: to
 * see that the contracts of all buyers are read, which otherwise nobody does.
 */
export async function knownProducts(given: readonly string[], watcher: Knowing): Promise<readonly string[]> {
  const known = new Set(watcher.productIds);
  if (given.some((id) => !known.has(id))) {
    for (const contract of await knownContracts(watcher, {})) known.add(contractOf(contract).productId);
  }
  const unknown = given.filter((id) => !known.has(id));
  if (unknown.length === 0) return [...new Set(given)];
  const allowed = known.size === 0 ? 'there is none' : `expected one of ${[...known].toSorted().join(', ')}`;
  throw misuse(`--product is ${unknown.map((id) => JSON.stringify(id)).join(', ')}; ${allowed}`);
}
