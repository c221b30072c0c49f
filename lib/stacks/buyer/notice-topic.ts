import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { accountRoot, functionRoleArn } from '../watcher/access.ts';
import type { BuyerTerms } from './buyer-terms.ts';
import { Choice } from '../choice.ts';

/** The topic's logical ID, which CloudFormation writes into its name: the watcher's permission to publish depends on it. */
export const NOTICE_TOPIC_ID = 'NoticeTopic';

export interface NoticeTopicProps {
  readonly terms: BuyerTerms;
  /** As the sender of the e-mails shows it. */
  readonly sellerName: string;
}

/** The topic in the buyer's account that carries the buyer's notices; the buyer decides who else subscribes. */
export class NoticeTopic extends CfnTopic {
  readonly policy: CfnTopicPolicy;
  /** One for each address that is given, or that a parameter could give. */
  readonly emailSubscriptions: readonly CfnSubscription[];

  constructor(scope: Construct, { terms, sellerName }: NoticeTopicProps) {
    super(scope, NOTICE_TOPIC_ID, { displayName: displayName(sellerName) });
    const watcher = terms.watcherAccountId;
    const role = (name: 'send-notices' | 'register-buyer'): string =>
      functionRoleArn(watcher, terms.deployment, name);

    this.policy = new CfnTopicPolicy(scope, `${NOTICE_TOPIC_ID}Policy`, {
      topics: [this.ref],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          this.#allow('WatcherTells', watcher, 'sns:Publish', [role('send-notices')]),
          this.#allow('WatcherSeesSubscriptions', watcher, 'sns:GetTopicAttributes', [
            role('send-notices'),
            role('register-buyer'),
          ]),
          this.#allow('WatcherSeesAddresses', watcher, 'sns:ListSubscriptionsByTopic', [
            role('send-notices'),
          ]),
          {
            Sid: 'OnlyEncrypted',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: this.ref,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });

    this.emailSubscriptions = terms.noticeEmails.flatMap((endpoint, at) => {
      const place = at === 0 ? '' : String(at + 1);
      const given = new Choice(scope, `HasNoticeEmail${place}`, { value: endpoint, not: '' });
      if (given.condition === 'never') return [];
      const topic = { topicArn: this.ref, protocol: 'email' };
      // If an address changes, CloudFormation subscribes the new one and ends the old subscription once all else is done.
      const email = new CfnSubscription(scope, `NoticeSubscription${place}`, {
        ...topic,
        endpoint,
      });
      if (given.condition !== undefined) email.cfnOptions.condition = given.condition;
      return [email];
    });
  }

  /** Names the roles in a condition on the account: a principal that does not exist yet would make the topic's creation fail. */
  #allow(sid: string, accountId: string, action: string, roles: readonly string[]): object {
    return {
      Sid: sid,
      Effect: 'Allow',
      Principal: { AWS: accountRoot(accountId) },
      Action: action,
      Resource: this.ref,
      Condition: { ArnEquals: { 'aws:PrincipalArn': roles } },
    };
  }
}

/** SNS documents letters, digits, hyphens, underscores and spaces, at most 100: an accent must not fail a buyer's stack. */
function displayName(sellerName: string): string {
  const plain = sellerName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9 _-]+/g, ' ');
  return `${plain.replace(/ +/g, ' ').trim().slice(0, 80).trim()} licenses`.trim();
}
