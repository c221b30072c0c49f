import { immediate, listedPolicy, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import { protocolOf, subscriptionSettings } from './subscription.ts';
import type { TopicIdentity, Topics } from './topics.ts';

export function topicHandlers(topics: Topics): ResourceHandler[] {
  return [
    topicHandler(topics),
    listedPolicy({
      type: 'AWS::SNS::TopicPolicy',
      list: 'Topics',
      nameLength: 256,
      find: (arn) => topics.byArn(arn),
      existing: (arn) => topics.existing(arn),
    }),
    subscriptionHandler(topics),
  ];
}

interface InlineSubscription {
  readonly Protocol: string;
  readonly Endpoint: string;
}

function topicHandler(topics: Topics): ResourceHandler {
  const create = (properties: Properties, context: ResourceContext): CreatedResource => {
    const identity = identityOf(properties, context);
    topics.create(identity, textProperty(properties, 'DisplayName', ''));
    for (const each of inlineOf(properties)) subscribeInline(topics, identity.arn, each, context);
    return shown(identity);
  };
  return immediate({
    type: 'AWS::SNS::Topic',
    properties: [
      'DisplayName',
      'SignatureVersion',
      'Subscription',
      'Tags',
      'TopicName',
      'TracingConfig',
    ],
    create,
    update: (properties, current, previous, context) => {
      const identity = identityOf(properties, context);
      const topic = topics.byArn(current.physicalId);
      if (topic?.arn !== identity.arn) return create(properties, context);
      topic.displayName = textProperty(properties, 'DisplayName', '');
      const [wanted, had] = [inlineOf(properties), inlineOf(previous)];
      for (const old of had.filter((each) => !wanted.some((other) => isSame(each, other))))
        for (const each of topics.subscriptions(topic.arn))
          if (each.protocol === old.Protocol && each.endpoint === old.Endpoint)
            topics.unsubscribe(each.arn);
      for (const each of wanted.filter((one) => !had.some((other) => isSame(one, other))))
        subscribeInline(topics, topic.arn, each, context);
      return shown(identity);
    },
    remove: ({ physicalId }) => {
      topics.remove(physicalId);
    },
  });
}

function identityOf(properties: Properties, context: ResourceContext): TopicIdentity {
  const { partition, region, accountId } = context;
  const name = textProperty(properties, 'TopicName', context.generatedName(256));
  return { accountId, name, arn: `arn:${partition}:sns:${region}:${accountId}:${name}` };
}

function shown({ arn, name }: TopicIdentity): CreatedResource {
  return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
}

function inlineOf(properties: Properties): readonly InlineSubscription[] {
  return (properties['Subscription'] ?? []) as InlineSubscription[];
}

function isSame(one: InlineSubscription, other: InlineSubscription): boolean {
  return one.Protocol === other.Protocol && one.Endpoint === other.Endpoint;
}

function subscribeInline(
  topics: Topics,
  topicArn: string,
  each: InlineSubscription,
  context: ResourceContext,
): void {
  topics.subscribe({
    topicArn,
    protocol: protocolOf(each.Protocol),
    endpoint: each.Endpoint,
    ownerAccountId: context.accountId,
    settings: subscriptionSettings({}),
  });
}

/** AWS::SNS::Subscription. One that is not confirmed yet has its later ARN as physical ID, so that it can be removed. */
function subscriptionHandler(topics: Topics): ResourceHandler {
  const create = (properties: Properties, { accountId }: ResourceContext): CreatedResource => {
    const subscription = topics.subscribe({
      topicArn: textProperty(properties, 'TopicArn'),
      protocol: protocolOf(properties['Protocol']),
      endpoint: textProperty(properties, 'Endpoint'),
      ownerAccountId: accountId,
      settings: subscriptionSettings(properties),
    });
    return { physicalId: subscription.arn, attributes: { Arn: subscription.arn } };
  };
  return immediate({
    type: 'AWS::SNS::Subscription',
    properties: [
      'Endpoint',
      'FilterPolicy',
      'FilterPolicyScope',
      'Protocol',
      'RawMessageDelivery',
      'RedrivePolicy',
      'Region',
      'TopicArn',
    ],
    create,
    update: (properties, current, _previous, context) => {
      const existing = topics.subscription(current.physicalId);
      const { topicArn, protocol, endpoint } = existing ?? {};
      const isReplaced =
        topicArn !== properties['TopicArn'] ||
        protocol !== properties['Protocol'] ||
        endpoint !== properties['Endpoint'];
      if (existing === undefined || isReplaced) return create(properties, context);
      existing.settings = subscriptionSettings(properties);
      return current;
    },
    remove: ({ physicalId }) => {
      topics.unsubscribe(physicalId);
    },
  });
}
