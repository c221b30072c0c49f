import { AccessDenied } from '../access.ts';
import type { AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { pageOf } from '../paging.ts';
import {
  queryService,
  type QueryInput,
  type QueryOperation,
  type QueryValue,
} from '../query-protocol.ts';
import { invalid, type PublishedAttributes } from './publication.ts';
import { protocolOf, subscriptionSettings, type Subscription } from './subscription.ts';
import { defaultPolicy, type Topic, type Topics } from './topics.ts';

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
      ConfirmSubscription: (input) => ({
        SubscriptionArn: topics.confirm(topicArnOf(input), text(input, 'Token')).arn,
      }),
      Unsubscribe: (input, { caller }) => unsubscribe(topics, input, caller),
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
      SetTopicAttributes: (input, { caller }) => setAttribute(topics, input, caller),
    },
    faultOf,
  });
}

type Caller = Parameters<QueryOperation>[1]['caller'];

function faultOf(error: unknown): AwsFault {
  if (error instanceof AccessDenied) return new AwsFault('AuthorizationError', error.message, 403);
  throw error;
}

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
    entries.map(([name, { DataType: dataType = '', StringValue, BinaryValue = '' }]) => [
      name,
      { dataType, value: StringValue ?? BinaryValue },
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
    settings: subscriptionSettings((input['Attributes'] ?? {}) as Record<string, unknown>),
  });
  const arnAlways = input['ReturnSubscriptionArn'] === 'true';
  return {
    SubscriptionArn:
      subscription.confirmed || arnAlways ? subscription.arn : 'pending confirmation',
  };
}

async function unsubscribe(topics: Topics, input: QueryInput, caller: Caller): Promise<undefined> {
  const subscription = topics.subscription(text(input, 'SubscriptionArn'));
  if (subscription === undefined) return;
  if (!subscription.confirmed)
    throw invalid('SubscriptionArn Reason: a subscription that is pending cannot be deleted');
  await topics.require(topics.existing(subscription.topicArn), caller, 'sns:Unsubscribe');
  topics.unsubscribe(subscription.arn);
}

async function setAttribute(topics: Topics, input: QueryInput, caller: Caller): Promise<undefined> {
  const topic = topics.existing(topicArnOf(input));
  await topics.require(topic, caller, 'sns:SetTopicAttributes');
  const name = text(input, 'AttributeName');
  const value = typeof input['AttributeValue'] === 'string' ? input['AttributeValue'] : '';
  if (name === 'DisplayName') topic.displayName = value;
  else if (name === 'Policy') topic.policy = JSON.parse(value) as NonNullable<Topic['policy']>;
  else throw invalid(`AttributeName: the local cloud sets DisplayName and Policy, got ${name}`);
}

function attributesOf(topic: Topic, topics: Topics): Record<string, string> {
  const all = topics.subscriptions(topic.arn);
  const confirmed = all.filter((each) => each.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: topic.accountId,
    DisplayName: topic.displayName,
    Policy: JSON.stringify(topic.policy ?? defaultPolicy(topic)),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(all.length - confirmed),
    SubscriptionsDeleted: String(topic.deleted),
  };
}

function listSubscriptions(all: readonly Subscription[], token: QueryValue | undefined) {
  const page = pageOf(all, PAGE, typeof token === 'string' && token !== '' ? token : undefined);
  if (page === undefined) throw invalid('NextToken');
  return {
    Subscriptions: page.items.map(listed),
    ...(page.next !== undefined && { NextToken: page.next }),
  };
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
