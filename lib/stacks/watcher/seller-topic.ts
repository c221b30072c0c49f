import { SubscriptionFilter, Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { PIPELINE } from '../../messages/names.ts';

/**
 * The topic that tells the seller about the buyers' licenses: single notices as JSON for machines, digests and the weekly pipeline for
 * people. The e-mail gets only what is for people: SNS disables an address above 10 messages a second.
 */
export class SellerTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { displayName: 'License Watcher', enforceSSL: true });
    if (email !== null) {
      const filterPolicy = {
        kind: SubscriptionFilter.stringFilter({ allowlist: ['digest', PIPELINE] }),
      };
      topic.addSubscription(new EmailSubscription(email, { filterPolicy }));
    }
    this.topic = topic;
  }
}
