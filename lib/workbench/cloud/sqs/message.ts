import { createHash } from 'node:crypto';

/** The limit for a message and for a batch (developer guide, "Quotas"; raised from 256 KiB in 2025). */
export const MAX_BYTES = 1_048_576;

/** An attribute that SNS or EventBridge gave a message: callers send none here. */
export interface MessageAttribute {
  /** `String` or `String.Array` */
  readonly DataType: string;
  readonly StringValue: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Default: none. */
  readonly delaySeconds?: number;
  /** The X-Ray header of the call that sent it. */
  readonly traceHeader?: string | undefined;
}

/** A message as one receive hands it out. */
export interface ReceivedMessage {
  readonly messageId: string;
  /** A new one at every receive. */
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** `SentTimestamp`, `ApproximateReceiveCount`, ...: all as text. */
  readonly systemAttributes: Readonly<Record<string, string>>;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
