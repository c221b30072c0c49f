import type {
  DeploymentHealth,
  TopicFacts,
} from '../../../../aws/deployment-health/deployment-health.ts';
import { SUBSCRIBE_AGAIN } from '../../../aws-sentences.ts';
import { cleanText } from '../../../../../mail/clean-text.ts';
import { ok, warning, type Finding } from './finding.ts';
import { unread } from './unread.ts';

const TOPICS = {
  seller: { says: 'the digests of what changed', setting: 'sellerEmail' },
  operations: {
    says: 'alarms and what the watcher has to tell of itself',
    setting: 'operationsEmail',
  },
} as const;

export function mailFindings({ topics }: DeploymentHealth): readonly Finding[] {
  return topics.flatMap(topicFindings);
}

function topicFindings({ topic, arn, subscriptions }: TopicFacts): readonly Finding[] {
  if (subscriptions.kind !== 'read')
    return [unread('mail', `who is subscribed to the ${topic} topic`, subscriptions)];
  const pending = subscriptions.value.filter(({ confirmed }) => !confirmed);
  const confirmed = subscriptions.value.filter((each) => each.confirmed);
  const byMail = confirmed.filter(({ protocol }) => protocol.startsWith('email'));
  return [
    ...pending.map(({ endpoint }) =>
      warning(
        'mail',
        `${cleanText(endpoint)} has not confirmed its subscription to the ${topic} topic`,
        {
          detail: `it does not get ${TOPICS[topic].says}`,
          remedy: SUBSCRIBE_AGAIN,
        },
      ),
    ),
    ...(byMail.length > 0
      ? [
          ok(
            'mail',
            `the ${topic} topic reaches ${byMail.map(({ endpoint }) => cleanText(endpoint)).join(', ')}`,
          ),
        ]
      : pending.length > 0 && confirmed.length === 0
        ? []
        : [nobody(topic, arn, confirmed.length)]),
  ];
}

function nobody(topic: TopicFacts['topic'], arn: string, machines: number): Finding {
  const { says, setting } = TOPICS[topic];
  return warning('mail', `the ${topic} topic has no e-mail address that is confirmed`, {
    detail:
      machines === 0
        ? `nobody hears ${says}`
        : `only machines hear ${says}: ${machines} subscribed`,
    remedy: `set ${setting} in cdk.json and deploy again, or: aws sns subscribe --protocol email --topic-arn ${cleanText(arn, 300)} --notification-endpoint <address>`,
  });
}
