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

/** A claimed notice to the seller's people or machines, with the data that showed it to be true. */
export interface Claimed {
  readonly told: ToldToSeller;
  readonly head: Head;
  readonly product: Product;
  readonly buyer: Buyer | undefined | null;
}

/**
 * Claims a notice if it is still true. Does so as late as possible, so that what is told about the buyer is as of sending. Undefined: it is
 * not true, or another sender has it.
 */
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

/**
 * Collects everything for the words to the seller's people. `lastSeen` is the contract's; the caller reads it in parallel with the claim to
 * save time.
 */
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
