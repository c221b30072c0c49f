import type { Buyer } from '../../../domain/buyer.ts';
import { contractOf, type ContractKey } from '../../../domain/contract.ts';
import type { Head } from '../../../domain/head.ts';
import { plus, type Instant } from '../../../domain/time.ts';
import { inOrder } from '../../../in-order.ts';
import type { Watcher } from '../../io.ts';

/** A contract that is watched. */
export interface WatchedContract {
  readonly buyer: Buyer;
  readonly head: Head;
}

/** Buyers that are read side by side. */
const WIDTH = 10;

/** `only`: of one buyer. */
export async function everyContract(
  only: Buyer | undefined,
  { buyers, register }: Watcher,
): Promise<readonly WatchedContract[]> {
  const whose = only === undefined ? buyers.active() : [{ buyer: only }];
  return all(
    inOrder(whose, WIDTH, async ({ buyer }) =>
      watched(await register.ofBuyer(buyer.buyerAccountId)).map((head) => ({ buyer, head })),
    ),
  );
}

/** By the index of ends: of the others nothing is read. `only`: of one buyer. */
export async function contractsEnding(
  only: Buyer | undefined,
  now: Instant,
  within: number,
  { buyers, register }: Watcher,
): Promise<readonly WatchedContract[]> {
  const ending = new Set<ContractKey>();
  for await (const { contract } of register.ending(now, plus(now, within))) ending.add(contract);
  const ofAll = [...ending].map((contract) => contractOf(contract).buyerAccountId);
  const accounts = new Set(ofAll.filter((account) => only === undefined || account === only.buyerAccountId));
  return all(
    inOrder(accounts, WIDTH, async (account) => {
      const [buyer, heads] = await Promise.all([buyers.find(account), register.ofBuyer(account)]);
      const found = watched(heads).filter(({ contract }) => ending.has(contract));
      return buyer === undefined ? [] : found.map((head) => ({ buyer, head }));
    }),
  );
}

async function all(groups: AsyncIterable<readonly WatchedContract[]>): Promise<readonly WatchedContract[]> {
  const contracts: WatchedContract[] = [];
  for await (const group of groups) contracts.push(...group);
  return contracts;
}

function watched(heads: readonly Head[]): readonly Head[] {
  return heads.filter(({ watchEnded }) => watchEnded === null);
}
