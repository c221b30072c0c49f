import type { Access } from '../access.ts';
import type { PolicyDocument } from '../authorizer.ts';
import type { Caller } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import type { OutgoingMessage, MessageAttributes, ReceivedMessage } from './message.ts';
import type { QueueSettings } from './queue-settings.ts';

export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAt: number;
  readonly deadLetterSourceArn?: string;
  readonly traceHeader?: string | undefined;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Ends the wait for `visibleAt`. */
  cancel?: () => void;
}

export interface QueueIdentity {
  readonly accountId: string;
  readonly name: string;
  readonly arn: string;
}

/** What a queue needs from the cloud around it. */
export interface QueueSurroundings {
  readonly clock: CloudClock;
  nextMessageId(): string;
  /** Takes a message that was received too often; false if the dead-letter queue does not exist. */
  deadLetter(targetArn: string, message: StoredMessage, sourceArn: string): boolean;
}

/** The state of a receipt handle. `unknown`: this queue never gave it; `outdated`: its message is gone, or was received again. */
export type HandleState = 'current' | 'outdated' | 'unknown';

/**
 * One standard queue, in the cloud's time. It returns the oldest message first, which AWS only tries to do. Messages past their retention
 * are removed only when the queue is read, so an idle queue costs nothing however long time runs.
 */
export class Queue {
  readonly identity: QueueIdentity;
  settings: QueueSettings;
  policy: PolicyDocument | undefined;
  readonly #surroundings: QueueSurroundings;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #listeners = new Set<() => void>();

  constructor(identity: QueueIdentity, settings: QueueSettings, surroundings: QueueSurroundings) {
    this.identity = identity;
    this.settings = settings;
    this.#surroundings = surroundings;
  }

  /** Throws `AccessDenied` unless the caller may do `action` (`sqs:SendMessage`) here. */
  require(access: Access, who: { readonly caller: Caller }, action: string): Promise<void> {
    const { arn, accountId } = this.identity;
    return access.require(who, action, arn, accountId, this.policy);
  }

  /** Returns the message's ID. */
  send(message: OutgoingMessage, senderId: string): string {
    const now = this.#surroundings.clock.now();
    const messageId = this.#surroundings.nextMessageId();
    this.add({
      messageId,
      body: message.body,
      attributes: message.attributes,
      senderId,
      sentAt: now,
      visibleAt: now + (message.delaySeconds ?? 0) * 1000,
      receiveCount: 0,
      traceHeader: message.traceHeader,
    });
    return messageId;
  }

  add(message: StoredMessage): void {
    this.#messages.set(message.messageId, message);
    this.#awaitVisible(message);
  }

  /**
   * Returns up to `max` visible messages and hides them for `visibilityTimeout` seconds. A message that was already received
   * `maxReceiveCount` times goes to the dead-letter queue instead: only now, as with AWS.
   */
  receive(max: number, visibilityTimeout = this.settings.visibilityTimeout): ReceivedMessage[] {
    const received: ReceivedMessage[] = [];
    for (const message of this.#visible()) {
      if (received.length === max) break;
      if (this.#redriven(message)) continue;
      const now = this.#surroundings.clock.now();
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + visibilityTimeout * 1000;
      this.#awaitVisible(message);
      received.push(asReceived(message));
    }
    return received;
  }

  /** Moves a message to the dead-letter queue at once, however often it was received. Without such a queue the message is lost. */
  giveUp(receiptHandle: string): void {
    const [, message] = this.#held(receiptHandle);
    if (message === undefined) return;
    const { redrive } = this.settings;
    if (redrive !== undefined)
      this.#surroundings.deadLetter(redrive.deadLetterTargetArn, message, this.identity.arn);
    this.#drop(message);
  }

  /** Deletes a message. An outdated handle deletes nothing and is no error (API reference, DeleteMessage). */
  delete(receiptHandle: string): HandleState {
    const [state, message] = this.#held(receiptHandle);
    if (state === 'current' && message !== undefined) this.#drop(message);
    return state;
  }

  /** Hides a message for `seconds` from now; 0 shows it at once. `outdated`: the message is gone, or this receive no longer hides it. */
  changeVisibility(receiptHandle: string, seconds: number): HandleState {
    const [state, message] = this.#held(receiptHandle);
    const now = this.#surroundings.clock.now();
    if (state !== 'current' || message === undefined) return state;
    if (message.visibleAt <= now) return 'outdated';
    message.visibleAt = now + seconds * 1000;
    this.#awaitVisible(message);
    return state;
  }

  /** Removes all visible messages and returns them, to move them to another queue. This does not count as a receive. */
  take(): readonly StoredMessage[] {
    const taken = this.#visible();
    for (const message of taken) this.#drop(message);
    return taken;
  }

  purge(): void {
    for (const message of this.#messages.values()) this.#drop(message);
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const kept = this.#kept();
    const now = this.#surroundings.clock.now();
    const hidden = kept.filter(({ visibleAt }) => visibleAt > now);
    const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: kept.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  /** All messages, without receiving them: for tests and scenarios. */
  peek(): readonly Readonly<StoredMessage>[] {
    return this.#kept();
  }

  /** Calls `listener` whenever a message becomes visible; returns a function that ends this. */
  onVisible(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #awaitVisible(message: StoredMessage): void {
    message.cancel?.();
    const { clock } = this.#surroundings;
    if (message.visibleAt <= clock.now()) {
      this.#tellListeners();
      return;
    }
    message.cancel = clock.schedule(message.visibleAt, () => {
      this.#tellListeners();
    });
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }

  #visible(): StoredMessage[] {
    const now = this.#surroundings.clock.now();
    return this.#kept().filter(({ visibleAt }) => visibleAt <= now);
  }

  /** The messages within their retention, oldest first. */
  #kept(): StoredMessage[] {
    const oldest = this.#surroundings.clock.now() - this.settings.retentionSeconds * 1000;
    for (const message of this.#messages.values())
      if (message.sentAt <= oldest) this.#drop(message);
    return [...this.#messages.values()];
  }

  #redriven(message: StoredMessage): boolean {
    const { redrive } = this.settings;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    if (!this.#surroundings.deadLetter(redrive.deadLetterTargetArn, message, this.identity.arn))
      return false;
    this.#drop(message);
    return true;
  }

  #held(receiptHandle: string): [HandleState, StoredMessage?] {
    const [messageId = '', count] = Buffer.from(receiptHandle, 'base64').toString().split('#');
    if (count === undefined || !/^[0-9a-f-]{36}$/.test(messageId)) return ['unknown'];
    const message = this.#messages.get(messageId);
    return message?.receiveCount === Number(count) ? ['current', message] : ['outdated'];
  }

  #drop(message: StoredMessage): void {
    message.cancel?.();
    this.#messages.delete(message.messageId);
  }
}

function asReceived(message: StoredMessage): ReceivedMessage {
  const {
    messageId,
    body,
    attributes,
    senderId,
    sentAt,
    receiveCount,
    firstReceivedAt,
    deadLetterSourceArn,
    traceHeader,
  } = message;
  return {
    messageId,
    receiptHandle: Buffer.from(`${messageId}#${receiveCount}`).toString('base64'),
    body,
    attributes,
    systemAttributes: {
      SenderId: senderId,
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: String(receiveCount),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
      ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
    },
  };
}
