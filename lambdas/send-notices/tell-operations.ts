import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { operationsNotice } from '../../lib/mail/operations-notice.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { claim, markTold, pendingNoticeOf, productOf } from './pending-notices.ts';
import { operationsPublication } from './publications.ts';

/** Tells operations of one entry, unless it was told or its time has not come. */
export async function tellOperations(
  key: Pick<NoticeKey, 'contract' | 'entry'>,
  dependencies: Dependencies,
): Promise<void> {
  const { notices, topics, operationsTopicArn, untilNextMail, settings, now, log } = dependencies;
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
  await untilNextMail();
  const published = await topics.publish(operationsTopicArn, publication);
  if (published.kind === 'refused')
    throw new Error(`the operations topic refuses: ${published.reason}`);
  const { messageId } = published;
  await markTold(pendingNotice, { mail, messageId, json: publication.json }, null, dependencies);
}
