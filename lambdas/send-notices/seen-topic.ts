import type { TopicSeen } from '../../lib/domain/notice/reachability.ts';
import type { Dependencies } from './dependencies.ts';

/** Who reads a topic, as far as it lets us see. */
export async function seenTopic(
  topicArn: string,
  topics: Pick<Dependencies['topics'], 'standing' | 'subscriptions'>,
): Promise<TopicSeen> {
  const listed = await topics.subscriptions(topicArn);
  if (listed.kind !== 'not-allowed') return listed;
  const standing = await topics.standing(topicArn);
  return standing.kind === 'closed'
    ? standing
    : { kind: 'counted', confirmed: standing.confirmedSubscriptions };
}
