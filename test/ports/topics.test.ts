import { afterEach, describe } from 'vitest';
import { snsTopics } from '../../lib/aws/sns.ts';
import type { Subscription } from '../../lib/domain/notice/reachability.ts';
import { Mailbox } from '../../lib/workbench/cloud/mailbox.ts';
import { snsService } from '../../lib/workbench/cloud/sns/service.ts';
import { Topics } from '../../lib/workbench/cloud/sns/topics.ts';
import { Queues } from '../../lib/workbench/cloud/sqs/queues.ts';
import { allow, BUYER, member, openBareCloud, policy, REGION } from '../support/bare-cloud.ts';
import { serviceAt } from '../support/looking.ts';
import { BUYER_TOPIC, FakeTopics } from '../support/send-notices-fixture.ts';
import { topicsContract } from './topics.contract.ts';

const MAY_LIST = ['sns:Publish', 'sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('SNS, by the adapter of the Lambdas', () => {
  topicsContract(async () => {
    const mailbox = new Mailbox();
    let topics: Topics | undefined;
    const bare = await openBareCloud(({ clock, access }) => {
      topics = new Topics({ clock, access, mailbox, queues: new Queues(clock, () => '') });
      return [snsService(topics)];
    });
    closing.push(() => bare.front.close());
    const ofCloud = topics!;
    const topicArn = `arn:aws:sns:${REGION}:${BUYER}:Stack-NoticeTopic-1`;
    const topic = ofCloud.create({ accountId: BUYER, name: 'notices', arn: topicArn }, 'Seller');
    // Our own role may: the topic's policy decides, as with the buyer template.
    const { role } = member(bare.iam, { name: 'default-send-notices' }, allow(MAY_LIST, '*'));
    const grant = (actions: readonly string[]): void => {
      topic.policy = policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${role.accountId}:root` },
        Action: actions,
        Resource: topicArn,
        Condition: { ArnEquals: { 'aws:PrincipalArn': [role.arn] } },
      });
    };
    grant(MAY_LIST);
    const sns = serviceAt('sns', bare.front.url);
    return {
      topics: snsTopics(sns(bare.credentials.session(role, 'session', 900))),
      topicArn,
      subscribe: async (endpoint) => {
        ofCloud.subscribe({ topicArn, protocol: 'email', endpoint, ownerAccountId: BUYER });
        await bare.clock.settled();
      },
      confirm: (address) => {
        mailbox.confirm(address, topicArn);
        return Promise.resolve();
      },
      leave: async (address) => {
        const owner = {
          kind: 'root',
          accountId: BUYER,
          arn: `arn:aws:iam::${BUYER}:root`,
        } as const;
        await ofCloud.publish(topicArn, { message: 'hello' }, owner);
        await bare.clock.settled();
        mailbox.unsubscribe(address, topicArn);
      },
      forbidListing: () => {
        grant(MAY_LIST.slice(0, 2));
      },
      remove: () => {
        ofCloud.remove(topicArn);
      },
    };
  });
});

describe('topics that do as the tests tell them', () => {
  topicsContract(() => {
    const topics = new FakeTopics();
    topics.subscribers = [];
    const becomes = (address: string, state: Subscription['state']): Promise<void> => {
      const others = topics.subscribers.filter(({ endpoint }) => endpoint !== address);
      topics.subscribers = [...others, { protocol: 'email', endpoint: address, state }];
      return Promise.resolve();
    };
    return Promise.resolve({
      topics,
      topicArn: BUYER_TOPIC,
      subscribe: (address) => becomes(address, 'pending'),
      confirm: (address) => becomes(address, 'confirmed'),
      leave: (address) => becomes(address, 'deleted'),
      forbidListing: () => {
        topics.mayList = false;
      },
      remove: () => {
        topics.refusal = 'the topic is gone';
      },
    });
  });
});
