import { SubscriptionFilter, Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/**
 * What the seller hears of the buyers' licenses: single notices as JSON for machines, a digest a sweep for people. The
 * e-mail gets the digests alone: SNS disables an address above 10 messages a second.
 */
export class SellerTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { displayName: 'License Watcher', enforceSSL: true });
    if (email !== null) {
      const filterPolicy = { kind: SubscriptionFilter.stringFilter({ allowlist: ['digest'] }) };
      topic.addSubscription(new EmailSubscription(email, { filterPolicy }));
    }
    this.topic = topic;
  }
}
