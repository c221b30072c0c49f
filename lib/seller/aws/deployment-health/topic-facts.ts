import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { WATCHER_OUTPUTS } from '../../../messages/names.ts';
import type { Subscription, TopicFacts } from './deployment-health.ts';
import { reading } from './reading.ts';
import type { Outputs } from './stack-facts.ts';

export function topicFacts(client: SNSClient, outputs: Outputs): Promise<readonly TopicFacts[]> {
  const topics = [
    ['seller', outputs.get(WATCHER_OUTPUTS.sellerTopicArn)],
    ['operations', outputs.get(WATCHER_OUTPUTS.operationsTopicArn)],
  ] as const;
  return Promise.all(
    topics.flatMap(([topic, arn]) => {
      if (arn === undefined) return [];
      const subscriptions = reading('sns:ListSubscriptionsByTopic', () =>
        readSubscriptions(client, arn),
      );
      return [subscriptions.then((read) => ({ topic, arn, subscriptions: read }))];
    }),
  );
}

async function readSubscriptions(
  client: SNSClient,
  topicArn: string,
): Promise<readonly Subscription[]> {
  const found: Subscription[] = [];
  for await (const { Subscriptions } of paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topicArn },
  )) {
    for (const {
      Protocol: protocol = '',
      Endpoint: endpoint = '',
      SubscriptionArn: arn = '',
    } of Subscriptions ?? [])
      found.push({ protocol, endpoint, confirmed: arn.startsWith('arn:') });
  }
  return found;
}
