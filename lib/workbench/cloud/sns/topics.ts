import type { PolicyDocument } from '../authorizer.ts';
import type { Caller } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { uuid } from '../templates/custom-resources.ts';
import { Delivery, type DeliveryFailure, type DeliverySurroundings } from './delivery.ts';
import { invalid, publication, type PublishRequest } from './publication.ts';
import { assertEndpoint, type Subscription, type SubscribeRequest } from './subscription.ts';

export interface TopicIdentity {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
}

export interface Topic extends TopicIdentity {
  displayName: string;
  /** Undefined: nobody is let in. Every topic of our templates has a policy in place of SNS's default. */
  policy: PolicyDocument | undefined;
  /** The number of subscriptions that were confirmed and are gone. */
  deleted: number;
}

/** "Confirmation tokens are valid for two days" (API reference, ConfirmSubscription); after that the pending subscription is gone. */
const PENDING_MS = 48 * 3_600_000;
/** "the subscription goes into a "Deleted" state for 72 hours" (knowledge center) if not its owner but a link in a mail ended it. */
const DELETED_MS = 72 * 3_600_000;

/** The topics of all accounts and their subscriptions. */
export class Topics {
  readonly #surroundings: DeliverySurroundings;
  readonly #delivery: Delivery;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  #ids = 0;

  constructor(surroundings: DeliverySurroundings) {
    this.#surroundings = surroundings;
    this.#delivery = new Delivery(surroundings, {
      confirm: ({ topicArn, token }) => {
        this.#confirmQuietly(topicArn, token);
      },
      unsubscribe: (subscription) => {
        if (this.subscription(subscription.arn) === undefined) return;
        subscription.deletedAt = surroundings.clock.now();
        this.#countDeleted(subscription);
      },
    });
  }

  /** The failed deliveries. */
  get failures(): readonly DeliveryFailure[] {
    return this.#delivery.failures;
  }

  create(identity: TopicIdentity, displayName: string): Topic {
    if (this.#topics.has(identity.arn))
      throw new Error(`Topic ${identity.name} already exists in ${identity.accountId}`);
    const topic: Topic = { ...identity, displayName, policy: undefined, deleted: 0 };
    this.#topics.set(topic.arn, topic);
    return topic;
  }

  remove(arn: string): void {
    for (const each of this.#all(arn)) this.#subscriptions.delete(each.arn);
    this.#topics.delete(arn);
  }

  byArn(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** The topic of this ARN; throws SNS's refusal if there is none. */
  existing(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (topic === undefined) throw new AwsFault('NotFound', 'Topic does not exist', 404);
    return topic;
  }

  all(): Topic[] {
    return [...this.#topics.values()];
  }

  /** Throws `AccessDenied` unless the caller may do `action` (`sns:Publish`) here. */
  async require(
    topic: Topic,
    caller: Caller,
    action: string,
    context: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { arn, accountId, policy } = topic;
    await this.#surroundings.access.require({ caller }, action, arn, accountId, policy, context);
  }

  /** Publishes in the caller's name. Returns the message's ID as soon as SNS has the message; deliveries follow later. */
  async publish(topicArn: string, request: PublishRequest, caller: Caller): Promise<string> {
    const topic = this.existing(topicArn);
    await this.require(topic, caller, 'sns:Publish');
    const accepted = publication(request, {
      messageId: this.#nextId('message'),
      topicArn,
      at: this.#surroundings.clock.now(),
    });
    for (const subscription of this.subscriptions(topicArn))
      if (subscription.confirmed)
        this.#surroundings.clock.run(() => this.#delivery.deliver(accepted, subscription));
    return accepted.messageId;
  }

  /** Returns the existing subscription of an endpoint, if there is one. Asks a pending one for confirmation, also again. */
  subscribe(request: SubscribeRequest): Subscription {
    this.existing(request.topicArn);
    assertEndpoint(request);
    const subscription = this.#find(request) ?? this.#add(request);
    if (!subscription.confirmed)
      this.#surroundings.clock.run(() => {
        this.#delivery.requestConfirmation(subscription);
        return Promise.resolve();
      });
    return subscription;
  }

  confirm(topicArn: string, token: string): Subscription {
    const subscription = this.subscriptions(topicArn).find((each) => each.token === token);
    if (subscription === undefined) throw invalid('Token');
    subscription.confirmed = true;
    return subscription;
  }

  /**
   * Deletes a subscription for its owner, without a trace. One that is already gone is no error, as with AWS. A pending one cannot be
   * deleted and disappears after two days (developer guide, "Deleting a topic and subscription").
   */
  unsubscribe(arn: string): void {
    const subscription = this.subscription(arn);
    if (subscription?.confirmed !== true) return;
    this.#subscriptions.delete(arn);
    this.#countDeleted(subscription);
  }

  subscription(arn: string): Subscription | undefined {
    const subscription = this.#subscriptions.get(arn);
    return subscription?.deletedAt === undefined ? subscription : undefined;
  }

  /** The confirmed and the pending subscriptions. */
  subscriptions(topicArn: string): Subscription[] {
    return this.listed(topicArn).filter(({ deletedAt }) => deletedAt === undefined);
  }

  /** All subscriptions, including those that ended lately. */
  listed(topicArn: string): Subscription[] {
    const now = this.#surroundings.clock.now();
    for (const { arn, confirmed, createdAt, deletedAt } of this.#all(topicArn)) {
      const isOver =
        deletedAt === undefined
          ? !confirmed && createdAt + PENDING_MS <= now
          : deletedAt + DELETED_MS <= now;
      if (isOver) this.#subscriptions.delete(arn);
    }
    return this.#all(topicArn);
  }

  #countDeleted({ topicArn }: Subscription): void {
    const topic = this.#topics.get(topicArn);
    if (topic !== undefined) topic.deleted += 1;
  }

  /** Confirms by a link. A link that is too old does nothing and tells its reader nothing. */
  #confirmQuietly(topicArn: string, token: string): void {
    if (this.subscriptions(topicArn).some((each) => each.token === token))
      this.confirm(topicArn, token);
  }

  #all(topicArn: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((each) => each.topicArn === topicArn);
  }

  #find(request: SubscribeRequest): Subscription | undefined {
    return this.subscriptions(request.topicArn).find((each) => isSame(each, request));
  }

  /** Adds a subscription. A queue is confirmed at once; an address must confirm. */
  #add(request: SubscribeRequest): Subscription {
    for (const each of this.listed(request.topicArn))
      if (isSame(each, request)) this.#subscriptions.delete(each.arn);
    const id = this.#nextId('subscription');
    const subscription: Subscription = {
      ...request,
      settings: request.settings ?? { filterPolicy: undefined },
      arn: `${request.topicArn}:${id}`,
      token: id.replaceAll('-', '').padEnd(64, '0'),
      createdAt: this.#surroundings.clock.now(),
      confirmed: request.take !== undefined || request.protocol === 'sqs',
    };
    this.#subscriptions.set(subscription.arn, subscription);
    return subscription;
  }

  #nextId(kind: string): string {
    return uuid(`sns ${kind} ${(this.#ids += 1)}`);
  }
}

function isSame(one: SubscribeRequest, other: SubscribeRequest): boolean {
  return (
    one.protocol === other.protocol && one.endpoint === other.endpoint && one.owner === other.owner
  );
}
