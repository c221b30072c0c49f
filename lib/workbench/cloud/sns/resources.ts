import { arnIn, listedPolicy, textProperty, type ResourceHandler } from '../resource.ts';
import { protocolOf, subscriptionSettings } from './subscription.ts';
import type { Topics } from './topics.ts';

export function topicHandlers(topics: Topics): ResourceHandler[] {
  const find = (arn: string) => topics.byArn(arn);
  return [
    topicHandler(topics),
    listedPolicy({ type: 'AWS::SNS::TopicPolicy', list: 'Topics', nameLength: 256, find }),
    subscriptionHandler(topics),
  ];
}

function topicHandler(topics: Topics): ResourceHandler {
  return {
    type: 'AWS::SNS::Topic',
    properties: 'DisplayName TopicName',
    put: (properties, context, current) => {
      const { accountId } = context;
      const name = textProperty(properties, 'TopicName', context.generatedName(256));
      const arn = arnIn(context, 'sns', name);
      const displayName = textProperty(properties, 'DisplayName', '');
      if (current?.physicalId === arn) topics.existing(arn).displayName = displayName;
      else topics.create({ accountId, name, arn }, displayName);
      return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
    },
    remove: ({ physicalId }) => {
      topics.remove(physicalId);
    },
  };
}

/** AWS::SNS::Subscription. Before its confirmation its physical ID is already its later ARN, so that it can be removed. */
function subscriptionHandler(topics: Topics): ResourceHandler {
  return {
    type: 'AWS::SNS::Subscription',
    properties: 'Endpoint FilterPolicy Protocol RawMessageDelivery TopicArn',
    put: (properties, { accountId }, current) => {
      const protocol = protocolOf(properties['Protocol']);
      const settings = subscriptionSettings(protocol, properties);
      const existing = current && topics.subscription(current.physicalId);
      const isReplaced = ['TopicArn', 'Protocol', 'Endpoint'].some(
        (name) => properties[name] !== current?.properties[name],
      );
      if (current !== undefined && existing !== undefined && !isReplaced) {
        existing.settings = settings;
        return current;
      }
      const { arn } = topics.subscribe({
        topicArn: textProperty(properties, 'TopicArn'),
        protocol,
        endpoint: textProperty(properties, 'Endpoint'),
        ownerAccountId: accountId,
        settings,
      });
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    remove: ({ physicalId }) => {
      topics.unsubscribe(physicalId);
    },
  };
}
