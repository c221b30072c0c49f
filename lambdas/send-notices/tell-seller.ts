import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import { untrue } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import { dueShards, type Notice, noticeToBuyer } from '../../lib/domain/notice/notice.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import {
  headOf,
  productOf,
  pendingNoticeOf,
  claim,
  markTold,
  supersede,
  isStillNeeded,
} from './pending-notices.ts';
import {
  digestPublication,
  singlePublication,
  undeliveredOf,
  type ToldToSeller,
} from './publications.ts';

/** Notices of one digest: what can be read, and published one by one in the function's 60 seconds. The next tick has the rest. */
const MOST_NOTICES = 100;

interface SellerNotice extends ToldToSeller {
  readonly head: Head;
}

/**
 * Tells the seller all that is due: one e-mail for people, then each notice by itself for machines. What fails of one notice
 * keeps none of the others back, and has this one told again by the next tick's digest; it is thrown when all are done.
 */
export async function tellSeller(tick: Instant, dependencies: Dependencies): Promise<void> {
  const { settings, topics, sellerTopicArn, ticks, lastSeen, now, log } = dependencies;
  const due = await dueToSeller(dependencies);
  // The claim of the tick comes last: nothing to tell must not use it up.
  if (due.length === 0 || !(await ticks.claimDigest(tick))) {
    log.info(MESSAGES.digestLeft, { tick });
    return;
  }
  const errors: unknown[] = [];
  const pendingNotices = await claimTrue(due, errors, dependencies);
  if (pendingNotices.length > 0) await tell(pendingNotices);
  if (errors.length > 0) {
    // The logger writes causes and no `errors`: the first stands for all.
    throw new AggregateError(errors, `${errors.length} of ${due.length} notices failed`, {
      cause: errors[0],
    });
  }

  async function tell(pendingNotices: readonly SellerNotice[]): Promise<void> {
    const entries = await Promise.all(
      pendingNotices.map(async (pendingNotice) => ({
        entry: pendingNotice.entry,
        product: productOf(pendingNotice.entry, dependencies),
        head: pendingNotice.head,
        lastSeen: await lastSeen.of(pendingNotice.head.contract),
        toBuyer: pendingNotice.toBuyer,
        undelivered: undeliveredOf(pendingNotice),
        isWithoutStack: await isWithoutStack(pendingNotice.entry, dependencies),
      })),
    );
    const mail = sellerDigest({ entries, now: now() });
    const digest = digestPublication(pendingNotices, mail, { tick, now: now() }, settings);
    const delivered = { mail, json: digest.json, messageId: await publish(digest) };
    for (const pendingNotice of pendingNotices) {
      await attempt(errors, async () => {
        const alone = singlePublication(pendingNotice, settings, now());
        const single = { json: alone.json, messageId: await publish(alone) };
        await markTold(pendingNotice, { ...delivered, single }, null, dependencies);
      });
    }
    log.info(MESSAGES.digestTold, {
      tick,
      notices: pendingNotices.length,
      messageId: delivered.messageId,
    });
  }

  async function publish(publication: Parameters<typeof topics.publish>[1]): Promise<string> {
    const published = await topics.publish(sellerTopicArn, publication);
    if (published.kind === 'refused')
      throw new Error(`the seller's topic refuses: ${published.reason}`);
    return published.messageId;
  }
}

/** Asked only where it makes a difference: of a lost watch, which the buyer is to mend. */
async function isWithoutStack(
  { buyerAccountId, changes }: SealedEntry,
  { buyers }: Dependencies,
): Promise<boolean> {
  if (!changes.some(({ type }) => type === 'WatchLost')) return false;
  return (await buyers.find(buyerAccountId))?.registration?.stackId === null;
}

async function dueToSeller({ notices, now }: Dependencies): Promise<readonly Notice[]> {
  const due: Notice[] = [];
  for (const part of dueShards('seller')) {
    for await (const notice of notices.due(part, now())) {
      due.push(notice);
      if (due.length === MOST_NOTICES) return due;
    }
  }
  return due;
}

/** Claims what is still true and supersedes what is not; leaves what somebody else is at. */
async function claimTrue(
  due: readonly Notice[],
  errors: unknown[],
  dependencies: Dependencies,
): Promise<readonly SellerNotice[]> {
  const claimed: SellerNotice[] = [];
  for (const notice of due) {
    await attempt(errors, async () => {
      const pendingNotice = await pendingNoticeOf(notice, dependencies);
      const head = await headOf(notice.contract, dependencies);
      const reason = untrue(
        pendingNotice,
        head,
        productOf(pendingNotice.entry, dependencies),
        dependencies.now(),
      );
      if (reason !== null) {
        await supersede(notice, reason, dependencies);
        return;
      }
      if (await isStillNeeded(notice, dependencies)) {
        const mine = await claim(pendingNotice, dependencies);
        if (mine === undefined) return;
        // As late as can be: what the seller reads of the buyer is of the moment of sending.
        const toBuyer = await dependencies.notices.find(noticeToBuyer(notice));
        claimed.push({ ...mine, head, toBuyer });
      }
    });
  }
  return claimed;
}

async function attempt(errors: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    errors.push(error);
  }
}
