import { contractKey, type ContractKey, contractOf } from '../../domain/license/contract.ts';
import type { KnownBuyer } from '../ledger/archive.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import type { Watcher } from './io.ts';
import { CommandFailure, misuse } from './output/failure.ts';
import { allQuoted, quoted } from '../../domain/outside-text.ts';

/** The contracts that a person names; all, if nothing is named. */
interface ContractChoice {
  readonly account?: string | undefined;
  readonly productIds?: readonly string[] | undefined;
}

/** The parts of a watcher that tell which contracts exist. */
type ContractSource = Pick<Watcher, 'buyers' | 'register' | 'productIds' | 'deployment'>;

/**
 * Every contract that the watch table knows, sorted: those of the buyers' products, and those that have a head, because a buyer who was
 * invited again may have had other products before. Throws if what is named is not among them.
 */
export async function knownContracts(
  watcher: ContractSource,
  { account, productIds = [] }: ContractChoice,
): Promise<readonly ContractKey[]> {
  const all: ContractKey[] = [];
  if (account === undefined) {
    all.push(...contractsOfAll(await watcher.register.everyBuyer()));
  } else {
    all.push(...(await ofAccount(account, await watcher.buyers.findReadable(account), watcher)));
    if (all.length === 0) throw unknownAccount(account, watcher);
  }
  return chosenOf(all, { account, productIds }, watcher);
}

/** Those of the contracts whose product was chosen, sorted. Throws if a chosen product is unknown. */
function chosenOf(
  contracts: readonly ContractKey[],
  { account, productIds = [] }: ContractChoice,
  watcher: Pick<Watcher, 'productIds'>,
): readonly ContractKey[] {
  const ofContracts = contracts.map((contract) => contractOf(contract).productId);
  const known = new Set(
    account === undefined ? [...ofContracts, ...watcher.productIds] : ofContracts,
  );
  requireKnown(productIds, known, account);
  const chosen = contracts.filter(
    (contract) => productIds.length === 0 || productIds.includes(contractOf(contract).productId),
  );
  return [...new Set(chosen)].sort();
}

/** Includes contracts that nobody has looked at yet, and those whose head cannot be read. */
export function contractsOfAll(buyers: readonly KnownBuyer[]): readonly ContractKey[] {
  return buyers.flatMap(({ buyerAccountId, buyer, heads, unrecorded }) => [
    ...[...heads, ...unrecorded].map(({ contract }) => contract),
    ...(buyer?.productIds ?? []).map((productId) => contractKey(buyerAccountId, productId)),
  ]);
}

async function ofAccount(
  account: string,
  buyer: Buyer | undefined,
  { register }: Pick<Watcher, 'register'>,
): Promise<readonly ContractKey[]> {
  const heads = await register.ofBuyer(account);
  const configured = (buyer?.productIds ?? []).map((productId) => contractKey(account, productId));
  return [...new Set([...heads.map(({ contract }) => contract), ...configured])];
}

function requireKnown(
  productIds: readonly string[],
  known: ReadonlySet<string>,
  account: string | undefined,
): void {
  const unknown = productIds.filter((id) => !known.has(id)).map((id) => quoted(id));
  if (unknown.length === 0) return;
  const whose = account === undefined ? 'this watcher knows' : `${account} has`;
  const names = [...known].sort().join(', ');
  throw misuse(
    `the product is ${unknown.join(', ')}; ${whose} ${names === '' ? 'none' : names}: name one of these`,
  );
}

function unknownAccount(
  account: string,
  { deployment }: Pick<Watcher, 'deployment'>,
): CommandFailure {
  return new CommandFailure(
    `${account} was never invited by the deployment ${quoted(deployment)}, and has no ledger: see "license-watcher buyers", or name another --deployment`,
  );
}

/**
 * The products that a person named, each once. One that is no longer watched must be some buyer's now or earlier; only to check that are
 * the contracts of all buyers read.
 */
export async function knownProducts(
  given: readonly string[],
  watcher: ContractSource,
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
  throw misuse(`--product is ${allQuoted(unknown)}; ${allowed}`);
}
