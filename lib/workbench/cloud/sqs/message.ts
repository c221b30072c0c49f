import { createHash } from 'node:crypto';

/** The limit for a message and for a batch, body and attributes together (developer guide, "Quotas"; raised from 256 KiB in 2025). */
export const MAX_BYTES = 1_048_576;

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional label from the sender: `Number.int`. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** In base64. */
  readonly BinaryValue?: string;
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
 * bytes of name, data type and value; before the value, a byte tells text (1) from binary (2). Lengths are four bytes, big-endian
 * (developer guide, "Calculating the MD5 message digest for message attributes").
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  for (const name of names) {
    const {
      DataType: dataType,
      StringValue: text,
      BinaryValue: binary,
    } = attributes[name] ?? { DataType: '' };
    digest.update(sized(Buffer.from(name)));
    digest.update(sized(Buffer.from(dataType)));
    digest.update(Buffer.of(text === undefined ? 2 : 1));
    digest.update(
      sized(text === undefined ? Buffer.from(binary ?? '', 'base64') : Buffer.from(text)),
    );
  }
  return digest.digest('hex');
}

/** The size that counts towards the limit: body, attribute names, types and values. */
export function bytesOf({
  body,
  attributes,
}: Pick<OutgoingMessage, 'body' | 'attributes'>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType: dataType, StringValue: text = '', BinaryValue: binary = '' }]) =>
      sum +
      [name, dataType, text].reduce(
        (all, part) => all + Buffer.byteLength(part),
        Buffer.byteLength(binary, 'base64'),
      ),
    Buffer.byteLength(body),
  );
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
