import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  type MessageAttributeValue,
  type Subscription as ListedSubscription,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Subscription } from '../domain/notice/reachability.ts';
import type { Publication, Topics } from '../domain/ports.ts';
import { describe, errorName } from './judge.ts';
import type { Revocation } from '../messages/registration.ts';

/** SNS takes 256 KiB in all: bodies, subject and attributes. */
const LARGEST_MESSAGE = 256 * 1024;

/** Of 100 subscriptions each, which is what SNS answers at most: a buyer's topic has a handful, and nobody's may hold us up. */
const MOST_PAGES = 10;

/** What a topic answers that will answer so again; by the names that the SDK gives the errors. */
const REFUSALS: Readonly<Record<string, string>> = {
  AuthorizationError: 'the topic does not let the watcher in',
  AuthorizationErrorException: 'the topic does not let the watcher in',
  EndpointDisabledException: 'the endpoint is disabled',
  NotFoundException: 'the topic is gone',
  KMSAccessDeniedException: 'the topic is encrypted with a key the watcher may not use',
  KMSDisabledException: 'the key of the topic is disabled',
  KMSInvalidStateException: 'the key of the topic cannot be used now',
  KMSNotFoundException: 'the key of the topic is gone',
  KMSOptInRequired: 'the key of the topic cannot be used',
  PlatformApplicationDisabledException: 'the platform application is disabled',
};

/** The topic's policy, or our own: SNS answers the same. */
const NOT_ALLOWED = ['AuthorizationError', 'AuthorizationErrorException'];

/**
 * Topics by SNS. `client` must be built with one attempt (`maxAttempts: 1`): the SDK's own second one repeats a publish whose
 * answer was lost (measured), and a person would read the notice twice.
 */
export function snsTopics(client: SNSClient): Topics {
  return {
    standing: async (TopicArn) => {
      try {
        const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
        return {
          kind: 'open',
          confirmedSubscriptions: confirmed(Attributes?.['SubscriptionsConfirmed'], TopicArn),
        };
      } catch (error) {
        return {
          kind: 'closed',
          reason: refusal(error, `asking for the subscriptions of ${TopicArn}`),
        };
      }
    },

    subscriptions: async (TopicArn) => {
      const subscriptions: Subscription[] = [];
      try {
        let NextToken: string | undefined;
        for (let page = 0; page < MOST_PAGES; page += 1) {
          const answer = await client.send(
            new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }),
          );
          subscriptions.push(...(answer.Subscriptions ?? []).map(subscriptionOf));
          NextToken = answer.NextToken;
          if (NextToken === undefined) return { kind: 'listed', subscriptions, complete: true };
        }
        return { kind: 'listed', subscriptions, complete: false };
      } catch (error) {
        const reason = refusal(error, `listing the subscriptions of ${TopicArn}`);
        return { kind: NOT_ALLOWED.includes(errorName(error)) ? 'not-allowed' : 'closed', reason };
      }
    },

    publish: async (TopicArn, publication) => {
      const { mail, json } = publication;
      const bodies = {
        default: JSON.stringify(json),
        ...(mail === null ? {} : { email: mail.text }),
      };
      const Message = JSON.stringify(bodies);
      const attributes = attributesOf(publication);
      const size = [Message, mail?.subject ?? '', JSON.stringify(attributes)]
        .map((text) => Buffer.byteLength(text))
        .reduce((sum, bytes) => sum + bytes);
      if (size > LARGEST_MESSAGE) {
        throw new Error(
          `a message of ${size} bytes to ${TopicArn}: SNS takes ${LARGEST_MESSAGE} with attributes`,
        );
      }
      try {
        const { MessageId } = await client.send(
          new PublishCommand({
            TopicArn,
            MessageStructure: 'json',
            Message,
            ...(mail === null ? {} : { Subject: mail.subject }),
            MessageAttributes: attributes,
          }),
        );
        if (MessageId === undefined)
          throw new Error('SNS accepted the message without naming its ID');
        return { kind: 'accepted', messageId: MessageId };
      } catch (error) {
        return { kind: 'refused', reason: refusal(error, `publishing to ${TopicArn}`) };
      }
    },
  };
}

/** Why the topic refuses for good; what may pass, and what is our own mistake, is thrown. */
function refusal(error: unknown, doing: string): string {
  const name = errorName(error);
  const meaning = Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined;
  if (meaning !== undefined) return meaning;
  throw new Error(`${doing}: ${describe(error)}`, { cause: error });
}

/** SNS writes the state in the place of the ARN where there is none. What is not told is not taken for confirmed. */
function subscriptionOf({
  Protocol: protocol,
  Endpoint: endpoint,
  SubscriptionArn: arn,
}: ListedSubscription): Subscription {
  const state =
    arn === 'Deleted' ? 'deleted' : arn?.startsWith('arn:') === true ? 'confirmed' : 'pending';
  return { protocol: protocol ?? '', endpoint: endpoint ?? '', state };
}

/** Throws rather than take a topic for unconfirmed: its notices would be held for nothing. */
function confirmed(attribute: string | undefined, topicArn: string): number {
  if (attribute === undefined || !/^\d+$/.test(attribute)) {
    throw new Error(
      `${topicArn}: SubscriptionsConfirmed is ${attribute ?? 'not told'}, expected a number`,
    );
  }
  return Number(attribute);
}

function attributesOf(publication: Publication): Record<string, MessageAttributeValue> {
  const { kind, changes, severity, productIds, buyerAccountIds, owners, test } = publication;
  return {
    kind: text(kind),
    severity: text(severity),
    ...several('change', changes),
    ...several('productId', productIds),
    ...several('buyerAccountId', buyerAccountIds),
    ...several('owner', owners ?? []),
    // Absent otherwise: `{"test": [{"exists": false}]}` drops tests, `{"test": ["true"]}` takes nothing else.
    ...(test === true ? { test: text('true') } : {}),
  };
}

/** One value as a string, several as an array: a filter policy matches both alike. None: no attribute, SNS takes no empty one. */
function several(name: string, values: readonly string[]): Record<string, MessageAttributeValue> {
  const [only, ...more] = new Set(values);
  if (only === undefined) return {};
  // `change` is an array always: consumers read it as one.
  if (more.length === 0 && name !== 'change') return { [name]: text(only) };
  return { [name]: { DataType: 'String.Array', StringValue: JSON.stringify([only, ...more]) } };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

/** Asks register-buyer to end the watch of a buyer whose profile says `revoked`. Harmless when repeated. */
export async function publishRevocation(
  client: Pick<SNSClient, 'send'>,
  topicArn: string,
  buyerAccountId: string,
): Promise<void> {
  const message: Revocation = { format: 1, kind: 'revoked', buyerAccountId };
  await client.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(message) }));
}
