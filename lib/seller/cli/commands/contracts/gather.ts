import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { contractOf, type ContractKey } from '../../../../domain/license/contract.ts';
import type { Head } from '../../../../domain/check/head.ts';
import type { BuyerRecords } from '../../../../domain/ledger/archive.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import { plus, type Instant } from '../../../../domain/time.ts';
import { inOrder } from '../../../in-order.ts';
import type { Watcher } from '../../io.ts';

/** A contract that is watched. */
export interface WatchedContract {
  readonly buyer: Buyer;
  readonly head: Head;
  /** Undefined: what is seen of it is recorded. */
  readonly unrecorded: Unrecorded | undefined;
}

export interface Gathered {
  readonly contracts: readonly WatchedContract[];
  /** Also of contracts of which there is no head, or none that can be read. */
  readonly unrecorded: readonly (Unrecorded & { readonly buyer: Buyer })[];
}

/** Buyers that are read side by side. */
const WIDTH = 10;

/** `only`: of one buyer. */
export async function everyContract(
  only: Buyer | undefined,
  { buyers, register }: Watcher,
): Promise<Gathered> {
  const whose = only === undefined ? buyers.active() : [{ buyer: only }];
  return all(
    inOrder(whose, WIDTH, async ({ buyer }) =>
      gathered(buyer, await register.contractsOf(buyer.buyerAccountId), () => true),
    ),
  );
}

/** By the index of ends: of the others nothing is read. `only`: of one buyer. */
export async function contractsEnding(
  only: Buyer | undefined,
  now: Instant,
  within: number,
  { buyers, register }: Watcher,
): Promise<Gathered> {
  const ending = new Set<ContractKey>();
  for await (const { contract } of register.ending(now, plus(now, within))) ending.add(contract);
  const ofAll = [...ending].map((contract) => contractOf(contract).buyerAccountId);
  const accounts = new Set(
    ofAll.filter((account) => only === undefined || account === only.buyerAccountId),
  );
  return all(
    inOrder(accounts, WIDTH, async (account) => {
      const [buyer, found] = await Promise.all([
        buyers.find(account),
        register.contractsOf(account),
      ]);
      return buyer === undefined
        ? NONE
        : gathered(buyer, found, (contract) => ending.has(contract));
    }),
  );
}

const NONE: Gathered = { contracts: [], unrecorded: [] };

function gathered(
  buyer: Buyer,
  { heads, unrecorded }: Pick<BuyerRecords, 'heads' | 'unrecorded'>,
  isWanted: (contract: ContractKey) => boolean,
): Gathered {
  const wanted = unrecorded.filter(({ contract }) => isWanted(contract));
  return {
    contracts: heads
      .filter(({ watchEnded, contract }) => watchEnded === null && isWanted(contract))
      .map((head) => ({
        buyer,
        head,
        unrecorded: wanted.find(({ contract }) => contract === head.contract),
      })),
    unrecorded: wanted.map((each) => ({ ...each, buyer })),
  };
}

async function all(groups: AsyncIterable<Gathered>): Promise<Gathered> {
  const found: Gathered[] = [];
  for await (const group of groups) found.push(group);
  return {
    contracts: found.flatMap((each) => each.contracts),
    unrecorded: found.flatMap((each) => each.unrecorded),
  };
}
