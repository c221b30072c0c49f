import { AwsFault } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import { invalidValue, missing } from './queues.ts';
import {
  bytesOf,
  MAX_BYTES,
  type MessageAttribute,
  type MessageAttributes,
  type OutgoingMessage,
} from './message.ts';

/** Reads a text member of a request; throws SQS's own refusal if it is missing. */

export function textOf(input: JsonInput, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw missing(name);
  return value;
}

/** Reads seconds from 0 to `max`; undefined if the member is left out. */
export function secondsOf(input: JsonInput, name: string, max: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max)
    return value;
  throw invalidValue(name, value, `Must be between 0 and ${max}, if provided.`);
}

export function maxMessagesOf(input: JsonInput): number {
  const value = input['MaxNumberOfMessages'] ?? 1;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 10)
    return value;
  throw invalidValue('MaxNumberOfMessages', value, 'Must be between 1 and 10, if provided.');
}

export function namesOf(input: JsonInput, ...members: readonly string[]): string[] {
  return members.flatMap((member) => (input[member] ?? []) as string[]);
}

/** One SendMessage, or one entry of a batch. */
export function outgoingOf(input: JsonInput): OutgoingMessage {
  const body = textOf(input, 'MessageBody');
  // SQS still accepts only the characters of XML 1.0, which its older protocol could carry.
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body))
    throw new AwsFault(
      'InvalidMessageContents',
      'The message contains characters outside the allowed set.',
    );
  const attributes = attributesOf(input['MessageAttributes']);
  const delaySeconds = secondsOf(input, 'DelaySeconds', 900);
  if (bytesOf({ body, attributes }) > MAX_BYTES)
    throw new AwsFault(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
    );
  return { body, attributes, ...(delaySeconds !== undefined && { delaySeconds }) };
}

function attributesOf(value: unknown): MessageAttributes {
  const attributes = (value ?? {}) as Record<string, MessageAttribute>;
  if (Object.keys(attributes).length > 10)
    throw new AwsFault(
      'InvalidParameterValue',
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [10].`,
    );
  for (const [
    name,
    { DataType: dataType, StringValue: text, BinaryValue: binary },
  ] of Object.entries(attributes)) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(dataType))
      throw new AwsFault(
        'InvalidParameterValue',
        `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
      );
    if ((text ?? binary ?? '') === '')
      throw new AwsFault(
        'InvalidParameterValue',
        `Message (user) attribute '${name}' must contain a non-empty value of type '${dataType}'.`,
      );
  }
  return attributes;
}
