import { contractOf } from '../../../domain/license/contract.ts';
import { knownContracts, type Knowing } from '../known-contracts.ts';
import { misuse } from './failure.ts';

/**
 * The products that a person named, each once. One that the watcher does not watch any more has to be some buyer's, or have been: to
 * see that the contracts of all buyers are read, which otherwise nobody does.
 */
export async function knownProducts(
  given: readonly string[],
  watcher: Knowing,
): Promise<readonly string[]> {
  const known = new Set(watcher.productIds);
  if (given.some((id) => !known.has(id))) {
    for (const contract of await knownContracts(watcher, {}))
      known.add(contractOf(contract).productId);
  }
  const unknown = given.filter((id) => !known.has(id));
  if (unknown.length === 0) return [...new Set(given)];
  const allowed =
    known.size === 0 ? 'there is none' : `expected one of ${[...known].toSorted().join(', ')}`;
  throw misuse(`--product is ${unknown.map((id) => JSON.stringify(id)).join(', ')}; ${allowed}`);
}
