import { untrue } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import { NO_SUBSCRIPTION, type Notice, noticeToBuyer } from '../../lib/domain/notice/notice.ts';
import { type Buyer, sellersOwn } from '../../lib/domain/registration/buyer.ts';
import { HOUR, type Instant, plus } from '../../lib/domain/time.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import type { Dependencies } from './dependencies.ts';
import {
  claim,
  headOf,
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
 * False if the seller need not tell the buyer after all, because the undelivered notice was taken up again. Once it reached the buyer, the
 * question to the seller is superseded; until it did or failed again, the question waits. A notice that waits for a subscription reaches
 * nobody, so the seller is still needed.
 */
async function isStillNeeded(notice: Notice, dependencies: Dependencies): Promise<boolean> {
  if (notice.about !== 'undelivered') return true;
  const { notices, now } = dependencies;
  const { contract, entry } = notice;
  const toBuyer = await notices.find({ contract, entry, audience: 'buyer' });
  switch (toBuyer?.state) {
    case undefined:
    case 'undeliverable':
      return true;
    case 'settling':
    case 'waiting':
    case 'due': {
      if (toBuyer.reason === NO_SUBSCRIPTION) return true;
      const reason =
        'the notice to the buyer was taken up again: asked of the seller only if it dies again';
      await notices.changeState(
        notice,
        { state: 'waiting', notBefore: plus(now(), HOUR), reason },
        null,
      );
      return false;
    }
    case 'told':
    case 'superseded':
    case 'withdrawn':
      await supersede(
        notice,
        `taken up again, the notice to the buyer is ${toBuyer.state} by now`,
        dependencies,
      );
      return false;
  }
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
