import { SubscriptionFilter, Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { LETTER } from '../../messages/names.ts';

/**
 * What the seller hears of the buyers' licenses: single notices as JSON for machines, digests and the letter of Mondays for people. The
 * e-mail gets these alone: SNS disables an address above 10 messages a second.
 */
export class SellerTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { displayName: 'License Watcher', enforceSSL: true });
    if (email !== null) {
      const filterPolicy = {
        kind: SubscriptionFilter.stringFilter({ allowlist: ['digest', LETTER] }),
      };
      topic.addSubscription(new EmailSubscription(email, { filterPolicy }));
    }
    this.topic = topic;
  }
}
