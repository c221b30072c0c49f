import type { Topics } from '../../cloud/sns/topics.ts';
import type { Books } from '../ledger-news.ts';
import { dueOf, dueOfNotices, first } from './due.ts';

/** What the watcher's books say of all contracts: how many entries there are, and when there is something to do. */
export async function lookAhead(
  { buyers, register }: Books,
  topics: Pick<Topics, 'subscriptions'>,
  now: number,
): Promise<{ readonly entries: number; readonly due: number | null }> {
  let [entries, due] = [0, null as number | null];
  for await (const { buyerAccountId, registration } of buyers.list()) {
    const { heads, notices } = await register.recordsOf(buyerAccountId);
    const topicArn = registration?.noticeTopicArn;
    const isReached =
      topicArn !== undefined && topics.subscriptions(topicArn).some(({ confirmed }) => confirmed);
    entries += heads.reduce((sum, head) => sum + head.entries, 0);
    due = first([
      due,
      ...heads.map((head) => dueOf(head, now)),
      dueOfNotices(notices, isReached, now),
    ]);
  }
  return { entries, due };
}
