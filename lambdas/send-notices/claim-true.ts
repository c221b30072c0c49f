import { untrue } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { type Notice, noticeToBuyer } from '../../lib/domain/notice/notice.ts';
import { type Buyer, sellersOwn } from '../../lib/domain/registration/buyer.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
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
import { type ToldToSeller, undeliveredOf } from './publications.ts';

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

/** All that the words to the seller's people speak of. `lastSeen`: of the contract; read by the side of the claim, as each read takes its time. */
export async function digestEntryOf(
  { told, head, product, buyer }: Claimed,
  lastSeen: Instant | null,
  { contracts }: Dependencies,
): Promise<DigestEntry> {
  const { note } = head;
  const noteText = note === null ? undefined : await contracts.noteText(head.contract, note.entry);
  return {
    ...{ entry: told.entry, product, head, lastSeen, noteText, toBuyer: told.toBuyer },
    undelivered: undeliveredOf(told),
    isWithoutStack: buyer?.registration?.stackId === null,
    sellersOwn: sellersOwn(buyer ?? {}),
  };
}
