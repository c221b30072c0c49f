import { contractOf, type ContractKey } from '../../lib/domain/license/contract.ts';
import {
  planDelivery,
  undeliverable,
  type Sending,
  type PendingNotice,
  type UndeliverableNotice,
} from '../../lib/domain/notice/delivery.ts';
import { topicState, type TopicState } from '../../lib/domain/notice/reachability.ts';
import { onBus } from '../../lib/domain/notice/notices.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import { buyerMail } from '../../lib/mail/buyer-mail.ts';
import type { BuyerMail } from '../../lib/mail/mail.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import {
  headOf,
  productOf,
  pendingNoticeOf,
  claim,
  deliveredAs,
  markTold,
  supersede,
} from './pending-notices.ts';
import { buyerPublication } from './publications.ts';

/** Sends a buyer everything pending for one contract in one mail, or holds it, or gives it up, as `planDelivery` says. */
export async function tellBuyer(contract: ContractKey, dependencies: Dependencies): Promise<void> {
  const { buyers, lastSeen: book, notices, topics, settings, now, log } = dependencies;
  const pending = (await notices.pending(contract)).filter(({ audience }) => audience === 'buyer');
  if (pending.length === 0) {
    log.info(MESSAGES.noticeLeft, { contract, entry: null, audience: 'buyer' });
    return;
  }
  const [head, lastSeen, buyer, all] = await Promise.all([
    headOf(contract, dependencies),
    book.of(contract),
    buyers.find(contractOf(contract).buyerAccountId),
    Promise.all(pending.map((notice) => pendingNoticeOf(notice, dependencies))),
  ]);
  const [any] = all;
  if (any === undefined) throw new Error(`${contract}: the entries of its notices went amiss`);
  // The stack of an enrolling account may belong to anybody in it, so it is told nothing before a license is seen.
  const registration = buyer?.status === 'enrolling' ? undefined : buyer?.registration;
  const topic: TopicState =
    registration === undefined || registration === null
      ? { kind: 'closed', reason: 'the buyer has no topic registered' }
      : topicState(await topics.readers(registration.noticeTopicArn), registration.addresses);
  const ofSeller = productOf(any.entry, dependencies);
  const product = { ...ofSeller, chosenDays: registration?.reminderDays ?? null };
  const plan = planDelivery({ pending: all, head, product, topic, now: now() });
  for (const { notice, reason } of plan.supersede) await supersede(notice, reason, dependencies);
  for (const each of plan.undeliverable) await giveUp(each, dependencies);
  for (const { notice, until, reason, sellerNotice } of plan.hold) {
    const asked = await notAskedYet(sellerNotice, dependencies);
    await notices.changeState(notice, { state: 'waiting', notBefore: until, reason }, null, asked);
    log.info(MESSAGES.noticeWaits, {
      contract,
      entry: notice.entry,
      until,
      sellerAsked: asked.length > 0,
    });
  }
  if (plan.send !== null && registration) {
    const isWithoutStack = registration.stackId === null;
    const about = { head, lastSeen, product, sellerName: settings.sellerName, isWithoutStack };
    await send(plan.send, registration.noticeTopicArn, about, dependencies);
  }
}

async function send(
  sending: Sending,
  topicArn: string,
  about: Omit<BuyerMail, 'entry' | 'folded' | 'welcome' | 'now'>,
  dependencies: Dependencies,
): Promise<void> {
  const { settings, topics, now, log } = dependencies;
  const claimed = await claimAll([...sending.folded, sending.lead], dependencies);
  const lead = claimed?.at(-1);
  if (claimed === undefined || lead === undefined) {
    log.info(MESSAGES.noticeLeft, {
      contract: about.head.contract,
      entry: sending.lead.entry.entry,
      audience: 'buyer',
    });
    return;
  }
  const folded = claimed.slice(0, -1);
  const mail = buyerMail({
    ...about,
    entry: lead.entry,
    folded: folded.map(({ entry }) => entry),
    welcome: sending.welcome,
    now: now(),
  });
  const publication = buyerPublication({ ...sending, lead, folded }, mail, settings);
  const published = await topics.publish(topicArn, publication);
  if (published.kind === 'refused') {
    for (const pendingNotice of claimed)
      await giveUp(undeliverable(pendingNotice, published.reason, now()), dependencies);
    return;
  }
  const delivered = deliveredAs(published.messageId, publication, dependencies);
  // The lead is marked last: while it is pending, other senders find it claimed and leave the whole contract alone.
  for (const pendingNotice of folded)
    await markTold(pendingNotice, delivered, lead.entry.entry, dependencies);
  await markTold(lead, delivered, null, dependencies);
}

/**
 * Claims the oldest first, so that two senders who see different sets compete for the same notice. Undefined: the other sender was first.
 */
async function claimAll(
  oldestFirst: readonly PendingNotice[],
  dependencies: Dependencies,
): Promise<readonly PendingNotice[] | undefined> {
  const claimed: PendingNotice[] = [];
  for (const pendingNotice of oldestFirst) {
    const mine = await claim(pendingNotice, dependencies);
    if (mine === undefined) return undefined;
    claimed.push(mine);
  }
  return claimed;
}

/** Empty if the seller was already asked: a notice that still waits, or is given up again, asks only once. */
async function notAskedYet(
  sellerNotice: Notice | null,
  { notices }: Dependencies,
): Promise<readonly Notice[]> {
  return sellerNotice !== null && (await notices.find(sellerNotice)) === undefined
    ? [sellerNotice, ...onBus([sellerNotice])]
    : [];
}

async function giveUp(
  { notice, reason, sellerNotice }: UndeliverableNotice,
  dependencies: Dependencies,
): Promise<void> {
  const { notices, now, log } = dependencies;
  const { contract, entry } = notice;
  const created = await notAskedYet(sellerNotice, dependencies);
  const isMine = await notices.changeState(
    notice,
    { state: 'undeliverable', notBefore: now(), reason },
    null,
    created,
  );
  if (isMine)
    log.warn(MESSAGES.noticeUndeliverable, {
      contract,
      entry,
      reason,
      sellerAsked: created.length > 0,
    });
  else log.info(MESSAGES.noticeLeft, { contract, entry, audience: 'buyer' });
}
