import type { Access } from '../access.ts';
import { AccessDenied } from '../fault.ts';
import type { CloudClock } from '../clock.ts';
import type { Mailbox } from '../mailbox.ts';
import type { MessageAttributes } from '../sqs/message.ts';
import type { Queues } from '../sqs/queues.ts';
import { isMatch } from './filter-policy.ts';
import type { Publication, PublishedAttributes } from './publication.ts';
import type { Subscription } from './subscription.ts';

export interface DeliverySurroundings {
  readonly clock: CloudClock;
  readonly queues: Queues;
  readonly mailbox: Mailbox;
  readonly access: Access;
}

export interface DeliveryFailure {
  readonly subscriptionArn: string;
  readonly endpoint: string;
  readonly reason: string;
}

/** The actions behind the links of a mail. */
export interface SubscriptionLinks {
  confirm(subscription: Subscription): void;
  unsubscribe(subscription: Subscription): void;
}

/** Delivers messages to subscribers. */
export class Delivery {
  readonly #surroundings: DeliverySurroundings;
  readonly #links: SubscriptionLinks;
  /** The undelivered messages: SNS counts them as NumberOfNotificationsFailed and loses them. */
  readonly failures: DeliveryFailure[] = [];

  constructor(surroundings: DeliverySurroundings, links: SubscriptionLinks) {
    this.#surroundings = surroundings;
    this.#links = links;
  }

  async deliver(publication: Publication, subscription: Subscription): Promise<void> {
    const { filterPolicy } = subscription.settings;
    if (filterPolicy !== undefined && !isMatch(filterPolicy, publication.attributes)) return;
    if (subscription.take !== undefined) subscription.take(publication.bodyFor('https'));
    else if (subscription.protocol === 'sqs') await this.#toQueue(publication, subscription);
    else this.#toMailbox(publication, subscription);
  }

  /** Asks the owner of an address whether it wants to be subscribed. */
  requestConfirmation(subscription: Subscription): void {
    const { topicArn, token } = subscription;
    this.#surroundings.mailbox.deliver(
      {
        kind: 'confirmation',
        to: subscription.endpoint,
        topicArn,
        subscriptionArn: subscription.arn,
        subject: 'AWS Notification - Subscription Confirmation',
        text: `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, use the token ${token}`,
        footer: '',
        attributes: {},
        at: this.#surroundings.clock.now(),
      },
      {
        confirm: () => {
          this.#links.confirm(subscription);
        },
      },
    );
  }

  /** Sends as SNS on behalf of the topic, if the queue's policy allows it. */
  async #toQueue(publication: Publication, subscription: Subscription): Promise<void> {
    const { topicArn, endpoint } = subscription;
    const body = publication.bodyFor('sqs');
    const attributes = queueAttributes(publication.attributes);
    const { queues, access } = this.#surroundings;
    const accountId = topicArn.split(':')[4] ?? '';
    const caller = {
      kind: 'service',
      service: 'sns.amazonaws.com',
      accountId,
      sourceArn: topicArn,
    } as const;
    const queue = queues.byArn(endpoint);
    try {
      if (queue === undefined) throw new AccessDenied('there is no such queue');
      await queue.require(access, { caller }, 'sqs:SendMessage');
      queue.send({ body, attributes }, 'AIDAISDL7DDQ2NOTIFY');
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      this.failures.push({ subscriptionArn: subscription.arn, endpoint, reason: error.message });
    }
  }

  #toMailbox(publication: Publication, subscription: Subscription): void {
    const { arn, endpoint, topicArn, protocol } = subscription;
    const url = unsubscribeUrl(topicArn, arn, endpoint);
    this.#surroundings.mailbox.deliver(
      {
        kind: 'notification',
        to: endpoint,
        topicArn,
        subscriptionArn: arn,
        subject: publication.subject ?? 'AWS Notification Message',
        text: protocol === 'email' ? publication.bodyFor('email') : envelope(publication, url),
        footer: protocol === 'email' ? footer(url) : '',
        attributes: publication.attributes,
        at: publication.at,
      },
      {
        unsubscribe: () => {
          this.#links.unsubscribe(subscription);
        },
      },
    );
  }
}

function footer(url: string): string {
  return `--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n${url}`;
}

/** The attributes as those of the queue's message: delivery to a queue is raw. */
function queueAttributes(attributes: PublishedAttributes): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, value }]) => [
      name,
      { DataType: dataType, StringValue: value },
    ]),
  );
}

/** The JSON around a message for `email-json` (developer guide, "Amazon SNS message format"). No verification accepts its signature. */
function envelope(publication: Publication, unsubscribeUrl: string): string {
  const { messageId, topicArn, subject, attributes, at } = publication;
  const shown = Object.entries(attributes).map(([name, { dataType, value }]) => [
    name,
    { Type: dataType, Value: value },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: publication.bodyFor('email-json'),
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: '1',
    Signature: 'LOCAL',
    SigningCertURL: `${host(topicArn)}/SimpleNotificationService-local.pem`,
    UnsubscribeURL: unsubscribeUrl,
    ...(shown.length > 0 && { MessageAttributes: Object.fromEntries(shown) as object }),
  });
}

function unsubscribeUrl(topicArn: string, subscriptionArn: string, endpoint: string): string {
  return `${host(topicArn)}/unsubscribe.html?SubscriptionArn=${subscriptionArn}&Endpoint=${endpoint}`;
}

function host(topicArn: string): string {
  return `https://sns.${topicArn.split(':')[3] ?? ''}.amazonaws.com`;
}
