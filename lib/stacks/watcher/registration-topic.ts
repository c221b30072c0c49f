import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { registrationTopicName } from '../../messages/names.ts';

export interface RegistrationTopicProps {
  readonly deployment: string;
  readonly registrations: IQueue;
}

/**
 * The topic to which buyers' stacks publish. CloudFormation uses the credentials of the person who deploys in the buyer's account, so
 * anyone may publish; register-buyer believes nothing of what it reads. The topic's name is a public contract.
 */
export class RegistrationTopic extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, { deployment, registrations }: RegistrationTopicProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', {
      topicName: registrationTopicName(deployment),
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'BuyersStacksPublish',
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    // Raw: the body of the queue's message is CloudFormation's request itself.
    topic.addSubscription(new SqsSubscription(registrations, { rawMessageDelivery: true }));
    this.topic = topic;
  }
}
