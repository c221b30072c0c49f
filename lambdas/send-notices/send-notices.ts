import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Dependencies } from './dependencies.ts';
import { tellBuyer } from './tell-buyer.ts';
import { tellSeller } from './tell-seller.ts';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { operationsNotice } from '../../lib/mail/operations-notice.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import { productOf, pendingNoticeOf, claim, markTold } from './pending-notices.ts';
import { operationsPublication } from './publications.ts';

/**
 * Works one message off. The mark is read before anything is published and written after: a message that comes twice tells
 * nothing twice, and a process that dies between the two leaves a notice that is told again, never one that is lost.
 */
export async function sendNotices(message: SendNotices, dependencies: Dependencies): Promise<void> {
  if (message.kind === 'digest') return tellSeller(message.tick, dependencies);
  switch (message.audience) {
    case 'buyer':
      return tellBuyer(message.contract, dependencies);
    case 'operations':
      return tellOperations(message, dependencies);
  }
}

/** Tells operations of one entry, unless it was told or its time has not come. */
async function tellOperations(key: NoticeKey, dependencies: Dependencies): Promise<void> {
  const { notices, topics, operationsTopicArn, settings, now, log } = dependencies;
  const { contract, entry } = key;
  const notice = await notices.find({ contract, entry, audience: 'operations' });
  const isDue =
    notice !== undefined && ['waiting', 'due'].includes(notice.state) && notice.notBefore <= now();
  const pendingNotice = isDue
    ? await claim(await pendingNoticeOf(notice, dependencies), dependencies)
    : undefined;
  if (pendingNotice === undefined) {
    log.info(MESSAGES.noticeLeft, { contract, entry, audience: 'operations' });
    return;
  }
  const mail = operationsNotice(pendingNotice.entry, productOf(pendingNotice.entry, dependencies));
  const publication = operationsPublication(pendingNotice, mail, settings);
  const published = await topics.publish(operationsTopicArn, publication);
  if (published.kind === 'refused')
    throw new Error(`the operations topic refuses: ${published.reason}`);
  const { messageId } = published;
  await markTold(pendingNotice, { mail, messageId, json: publication.json }, null, dependencies);
}
