import type { Buyer } from '../../../domain/buyer.ts';
import { contractKey } from '../../../domain/contract.ts';
import type { Head } from '../../../domain/head.ts';
import type { Instant } from '../../../domain/time.ts';
import { CommandFailure } from '../../talk/failure.ts';
import type { Watcher } from '../../io.ts';

export interface WatchedProduct {
  readonly id: string;
  /** Undefined: not looked at yet. */
  readonly head: Head | undefined;
}

export interface Overview {
  readonly buyer: Buyer;
  readonly products: readonly WatchedProduct[];
}

export async function everyBuyer(watcher: Watcher): Promise<readonly Overview[]> {
  const overviews: Overview[] = [];
  for await (const buyer of watcher.buyers.list()) overviews.push(await overview(buyer, watcher));
  return overviews.toSorted((a, b) => (a.buyer.buyerAccountId < b.buyer.buyerAccountId ? -1 : 1));
}

export async function oneBuyer(accountId: string, watcher: Watcher): Promise<Overview> {
  const buyer = await watcher.buyers.find(accountId);
  if (buyer !== undefined) return overview(buyer, watcher);
  throw new CommandFailure(
    `${accountId} was never invited by the deployment ${JSON.stringify(watcher.deployment)}: see "license-watcher buyers" for those who were`,
  );
}

async function overview(buyer: Buyer, { contracts }: Watcher): Promise<Overview> {
  const products = buyer.productIds.map(async (id) => ({
    id,
    head: await contracts.head(contractKey(buyer.buyerAccountId, id)),
  }));
  return { buyer, products: await Promise.all(products) };
}

/** Why the watcher cannot see the contract now; null: it can, or the watch has ended. */
export function blindOf(head: Head | undefined) {
  const blind = head?.watchEnded === null ? head.blind : null;
  return blind === null ? null : { cause: blind.cause, since: blind.since, detail: blind.detail };
}

export function latestEnd({ state }: Head): Instant | null {
  const ends = state.map(({ validity }) => validity.end);
  return ends.includes(null) ? null : (ends.toSorted().at(-1) ?? null);
}
