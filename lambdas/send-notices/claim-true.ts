import { untrue } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { type Notice, noticeToBuyer } from '../../lib/domain/notice/notice.ts';
import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import type { Dependencies } from './dependencies.ts';
import {
  claim,
  headOf,
  isStillNeeded,
  pendingNoticeOf,
  productOf,
  profileOf,
  supersede,
} from './pending-notices.ts';
import type { ToldToSeller } from './publications.ts';

/** A notice of the seller's, to its people or to its machines, that is claimed; and by what it was found true. */
export interface Claimed {
  readonly told: ToldToSeller;
  readonly head: Head;
  readonly product: Product;
  readonly buyer: Buyer | undefined | null;
}

/** Claims what is still true, as late as can be: what is told of the buyer is of the moment of sending. Undefined: it is not, or somebody else is at it. */
export async function claimTrue(
  notice: Notice,
  dependencies: Dependencies,
): Promise<Claimed | undefined> {
  const { now, notices } = dependencies;
  const [pendingNotice, head] = await Promise.all([
    pendingNoticeOf(notice, dependencies),
    headOf(notice.contract, dependencies),
  ]);
  const product = productOf(pendingNotice.entry, dependencies);
  const reason = untrue(pendingNotice, head, product, now());
  if (reason !== null) {
    await supersede(notice, reason, dependencies);
    return undefined;
  }
  if (!(await isStillNeeded(notice, dependencies))) return undefined;
  const [mine, toBuyer, buyer] = await Promise.all([
    claim(pendingNotice, dependencies),
    notices.find(noticeToBuyer(notice)),
    profileOf(pendingNotice.entry, dependencies),
  ]);
  if (mine === undefined) return undefined;
  return { told: { ...mine, toBuyer, owner: buyer?.owner }, head, product, buyer };
}
