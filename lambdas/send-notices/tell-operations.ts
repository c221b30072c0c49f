import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { operationsNotice } from '../../lib/mail/operations-notice.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { productOf, tellingOf } from './lookup.ts';
import { claim, markTold } from './marks.ts';
import { operationsPublication } from './publications.ts';

/** Tells operations of one entry, unless it was told or its time has not come. */
export async function tellOperations(key: NoticeKey, dependencies: Dependencies): Promise<void> {
  const { notices, topics, operationsTopicArn, settings, now, log } = dependencies;
  const { contract, entry } = key;
  const notice = await notices.find({ contract, entry, audience: 'operations' });
  const isDue =
    notice !== undefined && ['waiting', 'due'].includes(notice.state) && notice.notBefore <= now();
  const telling = isDue
    ? await claim(await tellingOf(notice, dependencies), dependencies)
    : undefined;
  if (telling === undefined) {
    log.info(MESSAGES.noticeLeft, { contract, entry, audience: 'operations' });
    return;
  }
  const mail = operationsNotice(telling.entry, productOf(telling.entry, dependencies));
  const published = await topics.publish(
    operationsTopicArn,
    operationsPublication(telling, mail, settings),
  );
  if (published.kind === 'refused')
    throw new Error(`the operations topic refuses: ${published.reason}`);
  await markTold(telling, { mail, messageId: published.messageId }, null, dependencies);
}
