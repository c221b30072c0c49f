import { compare } from '../../../../domain/license/canonical-state.ts';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { contractKey, contractOf } from '../../../../domain/license/contract.ts';
import type { Head } from '../../../../domain/check/head.ts';
import { mailStanding, type MailStanding } from '../../../../domain/notice/mail-standing.ts';
import type { Unrecorded } from '../../../../domain/check/unrecorded.ts';
import { inOrder } from '../../../in-order.ts';
import type { Watcher } from '../../io.ts';

export interface WatchedProduct {
  readonly id: string;
  /** Undefined: not looked at yet. */
  readonly head: Head | undefined;
  /** Undefined: what is seen of it is recorded. */
  readonly unrecorded: Unrecorded | undefined;
}

export interface Overview {
  readonly buyer: Buyer;
  readonly products: readonly WatchedProduct[];
  readonly mail: MailStanding;
}

/** Buyers that are read side by side, a query for each. */
const WIDTH = 10;

export async function everyBuyer(watcher: Watcher): Promise<readonly Overview[]> {
  const overviews: Overview[] = [];
  const each = inOrder(watcher.buyers.list(), WIDTH, (buyer) => overview(buyer, watcher));
  for await (const one of each) overviews.push(one);
  return overviews.toSorted((a, b) => compare(a.buyer.buyerAccountId, b.buyer.buyerAccountId));
}

/** Products of an earlier invitation, too, where they were looked at. */
export async function overview(buyer: Buyer, { register }: Watcher): Promise<Overview> {
  const { heads, notices, unrecorded } = await register.recordsOf(buyer.buyerAccountId);
  const ofHeads = [...heads, ...unrecorded]
    .map(({ contract }) => contractOf(contract).productId)
    .toSorted(compare);
  const products = [...new Set([...buyer.productIds, ...ofHeads])].map((id) => ({
    id,
    head: heads.find(({ contract }) => contract === contractKey(buyer.buyerAccountId, id)),
    unrecorded: unrecorded.find(
      ({ contract }) => contract === contractKey(buyer.buyerAccountId, id),
    ),
  }));
  return { buyer, products, mail: mailStanding(notices) };
}
