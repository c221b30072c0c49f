import { AwsFault } from '../fault.ts';

const MAX_BYTES = 262_144;

/** `https` reaches only AWS services within the local cloud. */
export type Protocol = 'email' | 'email-json' | 'sqs' | 'https';

export interface PublishedAttribute {
  /** `String` or `String.Array` */
  readonly dataType: string;
  /** JSON for `String.Array`. */
  readonly value: string;
}
export type PublishedAttributes = Readonly<Record<string, PublishedAttribute>>;

/** A message to publish. */
export interface PublishRequest {
  readonly message: string;
  readonly subject?: string;
  readonly messageStructure?: string;
  readonly attributes?: PublishedAttributes;
}

/** A message that SNS has accepted. */
export interface Publication {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly attributes: PublishedAttributes;
  /** Epoch milliseconds of the cloud's time. */
  readonly at: number;
  bodyFor(protocol: Protocol): string;
}

/** Throws `InvalidParameter` for a request that SNS would refuse. */
export function publication(
  request: PublishRequest,
  accepted: Pick<Publication, 'messageId' | 'topicArn' | 'at'>,
): Publication {
  const { message, subject, messageStructure, attributes = {} } = request;
  if (message === '') throw invalid('Empty message');
  if (Buffer.byteLength(message) + bytesOf(attributes) > MAX_BYTES)
    throw invalid('Message too long');
  if (subject !== undefined && !isSubject(subject)) throw invalid('Subject');
  if (messageStructure !== undefined && messageStructure !== 'json')
    throw invalid('MessageStructure');
  const bodies = messageStructure === 'json' ? bodiesOf(message) : undefined;
  for (const [name, attribute] of Object.entries(attributes)) assertAttribute(name, attribute);
  return {
    ...accepted,
    subject,
    attributes,
    bodyFor: (protocol) =>
      bodies === undefined ? message : (bodies[protocol] ?? bodies['default'] ?? ''),
  };
}

/**
 * True for "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters; and must
 * be less than 100 characters long" (API reference of Publish, for years; newer wording allows UTF-8, which we do not rely on).
 */
function isSubject(subject: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject);
}

function bodiesOf(message: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const bodies = (typeof parsed === 'object' ? (parsed ?? {}) : {}) as Record<string, unknown>;
  if (typeof bodies['default'] !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
  return Object.fromEntries(
    Object.entries(bodies).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function assertAttribute(name: string, { dataType, value }: PublishedAttribute): void {
  if (!/^[\w.-]{1,256}$/.test(name) || /^(aws|amazon)\.|^\.|\.$|\.\./i.test(name))
    throw invalid(`The message attribute name '${name}' is not allowed`);
  if (dataType !== 'String' && dataType !== 'String.Array')
    throw invalid(
      `The message attribute '${name}' has a message attribute type that the local cloud does not know; it knows String and String.Array, got ${dataType}`,
    );
  if (value === '')
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  if (dataType === 'String.Array' && !isArray(value))
    throw invalid(
      `The message attribute '${name}' must be a JSON array of strings, numbers, true, false or null for message attribute type 'String.Array'.`,
    );
}

function isArray(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return (
      Array.isArray(parsed) && parsed.every((each) => each === null || typeof each !== 'object')
    );
  } catch {
    return false;
  }
}

function bytesOf(attributes: PublishedAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { dataType, value }]) => sum + Buffer.byteLength(name + dataType + value),
    0,
  );
}

export function invalid(what: string): AwsFault {
  return new AwsFault('InvalidParameter', `Invalid parameter: ${what}`);
}
