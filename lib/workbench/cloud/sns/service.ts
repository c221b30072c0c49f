import type { AwsService } from '../call.ts';
import { requireKnownMembers } from '../fault.ts';
import { pageOf } from '../paging.ts';
import {
  queryService,
  type QueryInput,
  type QueryOperation,
  type QueryValue,
} from '../query-protocol.ts';
import { invalid, type PublishedAttributes } from './publication.ts';
import { protocolOf, subscriptionSettings, type Subscription } from './subscription.ts';
import type { Topic, Topics } from './topics.ts';

/** "Each call returns a limited list of subscriptions, up to 100" (API reference). */
const PAGE = 100;

/** The endpoint `sns`. */
export function snsService(topics: Topics): AwsService {
  return queryService({
    name: 'sns',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: {
      Publish: (input, { caller }) => publish(topics, input, caller),
      Subscribe: (input, { caller }) => subscribe(topics, input, caller),
      ConfirmSubscription: (input) => {
        const known = ['TopicArn', 'Token'];
        requireKnownMembers('sns:ConfirmSubscription', Object.keys(input), known);
        return { SubscriptionArn: topics.confirm(topicArnOf(input), text(input, 'Token')).arn };
      },
      ListSubscriptionsByTopic: async (input, { caller }) => {
        const topic = topics.existing(topicArnOf(input));
        await topics.require(topic, caller, 'sns:ListSubscriptionsByTopic');
        return listSubscriptions(topics.listed(topic.arn), input['NextToken']);
      },
      GetTopicAttributes: async (input, { caller }) => {
        const topic = topics.existing(topicArnOf(input));
        await topics.require(topic, caller, 'sns:GetTopicAttributes');
        return { Attributes: new Map(Object.entries(attributesOf(topic, topics))) };
      },
    },
    denial: ['AuthorizationError', 403],
  });
}

type Caller = Parameters<QueryOperation>[1]['caller'];

async function publish(topics: Topics, input: QueryInput, caller: Caller) {
  const { Subject: subject, MessageStructure: messageStructure } = input;
  const arn = input['TopicArn'] ?? input['TargetArn'];
  if (typeof arn !== 'string')
    throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  const messageId = await topics.publish(
    arn,
    {
      message: typeof input['Message'] === 'string' ? input['Message'] : '',
      attributes: attributes(input['MessageAttributes']),
      ...(typeof subject === 'string' && { subject }),
      ...(typeof messageStructure === 'string' && { messageStructure }),
    },
    caller,
  );
  return { MessageId: messageId };
}

function attributes(value: QueryValue | undefined): PublishedAttributes {
  const entries = Object.entries((value ?? {}) as Record<string, Record<string, string>>);
  return Object.fromEntries(
    entries.map(([name, { DataType: dataType = '', StringValue: value = '' }]) => [
      name,
      { dataType, value },
    ]),
  );
}

async function subscribe(topics: Topics, input: QueryInput, caller: Caller) {
  const topic = topics.existing(topicArnOf(input));
  const protocol = protocolOf(input['Protocol']);
  const endpoint = text(input, 'Endpoint');
  await topics.require(topic, caller, 'sns:Subscribe', {
    'sns:Protocol': protocol,
    'sns:Endpoint': endpoint,
  });
  const subscription = topics.subscribe({
    topicArn: topic.arn,
    protocol,
    endpoint,
    ownerAccountId: caller.accountId,
    settings: subscriptionSettings(
      protocol,
      (input['Attributes'] ?? {}) as Record<string, unknown>,
    ),
  });
  const arnAlways = input['ReturnSubscriptionArn'] === 'true';
  return {
    SubscriptionArn:
      subscription.confirmed || arnAlways ? subscription.arn : 'pending confirmation',
  };
}

function attributesOf(topic: Topic, topics: Topics): Record<string, string> {
  const all = topics.subscriptions(topic.arn);
  const confirmed = all.filter((each) => each.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: topic.accountId,
    DisplayName: topic.displayName,
    ...(topic.policy && { Policy: JSON.stringify(topic.policy) }),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(all.length - confirmed),
    SubscriptionsDeleted: String(topic.deleted),
  };
}

function listSubscriptions(all: readonly Subscription[], token: QueryValue | undefined) {
  const page = pageOf(all, PAGE, token, invalid('NextToken'));
  return { Subscriptions: page.items.map(listed), NextToken: page.next };
}

function listed(subscription: Subscription) {
  const { arn, ownerAccountId, protocol, endpoint, topicArn, confirmed, deletedAt } = subscription;
  const live = confirmed ? arn : 'PendingConfirmation';
  return {
    SubscriptionArn: deletedAt === undefined ? live : 'Deleted',
    Owner: ownerAccountId,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}

function topicArnOf(input: QueryInput): string {
  return text(input, 'TopicArn');
}

function text(input: QueryInput, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${name} Reason: no value for required parameter`);
}
