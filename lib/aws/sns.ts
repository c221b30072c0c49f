import type { Subscription } from '../domain/notice/reachability.ts';
import type { Publication, Topics } from '../domain/ports.ts';
import { describe, errorName } from './judge.ts';
import type { Answer, SignedCall } from './signed-call.ts';

/** SNS takes 256 KiB in all: bodies, subject and attributes. */
const LARGEST_MESSAGE = 256 * 1024;

/** Pages of 100 subscriptions each, the most that SNS answers. A buyer's topic has a handful, and no topic may hold us up. */
const MOST_PAGES = 10;

/** Refusals of a topic that will be the same next time, by SNS's own names. */
const REFUSALS: Readonly<Record<string, string>> = {
  AuthorizationError: 'the topic does not let the watcher in',
  EndpointDisabled: 'the endpoint is disabled',
  NotFound: 'the topic is gone',
  KMSAccessDenied: 'the topic is encrypted with a key the watcher may not use',
  KMSDisabled: 'the key of the topic is disabled',
  KMSInvalidState: 'the key of the topic cannot be used now',
  KMSNotFound: 'the key of the topic is gone',
  KMSOptInRequired: 'the key of the topic cannot be used',
  PlatformApplicationDisabled: 'the platform application is disabled',
};

/** Denied by the topic's policy or by our own: SNS's answer is the same. */
const NOT_ALLOWED = 'AuthorizationError';

/** `Topics` that call SNS. Each call is made once: if an answer was lost, a second publish would send a person the notice twice. */
export function snsTopics(call: SignedCall): Topics {
  const topics: Topics = {
    standing: async (TopicArn) => {
      try {
        const { members } = await call('GetTopicAttributes', { TopicArn });
        const subscriptions = listOf(members['Attributes']).find(
          ({ key }) => key === 'SubscriptionsConfirmed',
        );
        return {
          kind: 'open',
          confirmedSubscriptions: confirmed(subscriptions?.['value'], TopicArn),
        };
      } catch (error) {
        return {
          kind: 'closed',
          reason: refusal(error, `asking for the subscriptions of ${TopicArn}`),
        };
      }
    },

    readers: async (TopicArn) => {
      const subscriptions: Subscription[] = [];
      try {
        let token: string | undefined;
        for (let page = 0; page < MOST_PAGES; page += 1) {
          const { members }: Answer = await call('ListSubscriptionsByTopic', {
            TopicArn,
            ...(token !== undefined && { NextToken: token }),
          });
          subscriptions.push(...listOf(members['Subscriptions']).map(subscriptionOf));
          token = textOf(members['NextToken']);
          if (token === undefined) return { kind: 'listed', subscriptions, complete: true };
        }
        return { kind: 'listed', subscriptions, complete: false };
      } catch (error) {
        const reason = refusal(error, `listing the subscriptions of ${TopicArn}`);
        if (errorName(error) !== NOT_ALLOWED) return { kind: 'closed', reason };
        const standing = await topics.standing(TopicArn);
        return standing.kind === 'closed'
          ? standing
          : { kind: 'counted', confirmed: standing.confirmedSubscriptions };
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
        const { members } = await call('Publish', {
          TopicArn,
          MessageStructure: 'json',
          Message,
          ...(mail === null ? {} : { Subject: mail.subject }),
          ...flatAttributes(attributes),
        });
        const messageId = textOf(members['MessageId']);
        if (messageId === undefined)
          throw new Error('SNS accepted the message without naming its ID');
        return { kind: 'accepted', messageId };
      } catch (error) {
        return { kind: 'refused', reason: refusal(error, `publishing to ${TopicArn}`) };
      }
    },
  };
  return topics;
}

/** Says why the topic refuses for good. Throws if the error may pass or is our own mistake. */
function refusal(error: unknown, doing: string): string {
  const name = errorName(error);
  const meaning = Object.hasOwn(REFUSALS, name) ? REFUSALS[name] : undefined;
  if (meaning !== undefined) return meaning;
  throw new Error(`${doing}: ${describe(error)}`, { cause: error });
}

/** SNS writes the state in place of the ARN if there is no ARN. An unknown state is not taken for confirmed. */
function subscriptionOf({
  Protocol: protocol,
  Endpoint: endpoint,
  SubscriptionArn: arn,
}: Texts): Subscription {
  const state =
    arn === 'Deleted' ? 'deleted' : arn?.startsWith('arn:') === true ? 'confirmed' : 'pending';
  return { protocol: protocol ?? '', endpoint: endpoint ?? '', state };
}

type Texts = Readonly<Record<string, string | undefined>>;

function listOf(value: unknown): readonly Texts[] {
  return Array.isArray(value) ? (value as readonly Texts[]) : [];
}

/** Undefined if it is no text or an empty one. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Throws rather than take a topic for unconfirmed, which would hold back its notices for nothing. */
function confirmed(attribute: string | undefined, topicArn: string): number {
  if (attribute === undefined || !/^\d+$/.test(attribute)) {
    throw new Error(
      `${topicArn}: SubscriptionsConfirmed is ${attribute ?? 'not told'}, expected a number`,
    );
  }
  return Number(attribute);
}

function attributesOf(publication: Publication): Record<string, Attribute> {
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

/** Names the members of a map one by one, as the query protocol does. */
function flatAttributes(attributes: Readonly<Record<string, Attribute>>): Record<string, string> {
  const flat = Object.entries(attributes).flatMap(([name, { DataType, StringValue }], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, DataType],
      [`${entry}.Value.StringValue`, StringValue],
    ];
  });
  return Object.fromEntries(flat) as Record<string, string>;
}

interface Attribute {
  readonly DataType: string;
  readonly StringValue: string;
}

/** One value becomes a string, several an array: a filter policy matches both alike. SNS takes no empty one, so none is omitted. */
function several(name: string, values: readonly string[]): Record<string, Attribute> {
  const [only, ...more] = new Set(values);
  if (only === undefined) return {};
  // `change` is an array always: consumers read it as one.
  if (more.length === 0 && name !== 'change') return { [name]: text(only) };
  return { [name]: { DataType: 'String.Array', StringValue: JSON.stringify([only, ...more]) } };
}

function text(value: string): Attribute {
  return { DataType: 'String', StringValue: value };
}
