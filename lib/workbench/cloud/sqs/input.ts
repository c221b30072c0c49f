import { AwsFault, requireKnownMembers } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import { invalidValue, missing } from './queues.ts';
import { MAX_BYTES, type OutgoingMessage } from './message.ts';

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
  const known = ['DelaySeconds', 'Id', 'MessageBody', 'QueueUrl'];
  requireKnownMembers('sqs:SendMessage', Object.keys(input), known);
  const body = textOf(input, 'MessageBody');
  // SQS still accepts only the characters of XML 1.0, which its older protocol could carry.
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body))
    throw new AwsFault(
      'InvalidMessageContents',
      'The message contains characters outside the allowed set.',
    );
  const delaySeconds = secondsOf(input, 'DelaySeconds', 900);
  if (Buffer.byteLength(body) > MAX_BYTES)
    throw new AwsFault(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`,
    );
  return { body, attributes: {}, ...(delaySeconds !== undefined && { delaySeconds }) };
}
