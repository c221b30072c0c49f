import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/**
 * The topic on which the watcher tells about itself: alarms, and notices that are ours to mend. Without a KMS key: with AWS's own key
 * CloudWatch cannot publish, and nothing says so. A topic's own policy replaces the default one, so it names the alarms.
 */
export class OperationsTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | null }) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { displayName: 'License Watcher', enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': alarmsOf(this) },
        },
      }),
    );
    if (email !== null) topic.addSubscription(new EmailSubscription(email));
    this.topic = topic;
  }
}

function alarmsOf(scope: Construct): string {
  const parts = {
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  };
  return Stack.of(scope).formatArn(parts);
}
