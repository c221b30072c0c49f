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

/**
 * The digest of the attributes; SDKs compare it with their own and throw on a difference. Sorted by name, each attribute adds length and
 * bytes of name, data type and value; before the value, a byte of 1 says that it is text. Lengths are four bytes, big-endian (developer
 * guide, "Calculating the MD5 message digest for message attributes").
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (sorted.length === 0) return undefined;
  const digest = createHash('md5');
  for (const [name, { DataType: dataType, StringValue: text }] of sorted)
    for (const part of [sized(name), sized(dataType), Buffer.of(1), sized(text)])
      digest.update(part);
  return digest.digest('hex');
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
