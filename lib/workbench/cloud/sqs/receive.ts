import type { JsonInput } from '../json-protocol.ts';
import { maxMessagesOf, namesOf, secondsOf } from './input.ts';
import { md5, md5OfAttributes, type ReceivedMessage } from './message.ts';
import type { Queue } from './queue.ts';

export const MAX_VISIBILITY_SECONDS = 43_200;

/** ReceiveMessage: what the caller asked to see of each message, and no more. */
export function receive(queue: Queue, input: JsonInput): object {
  const visibility = secondsOf(input, 'VisibilityTimeout', MAX_VISIBILITY_SECONDS);
  const received = queue.receive(maxMessagesOf(input), visibility);
  const systemNames = namesOf(input, 'AttributeNames', 'MessageSystemAttributeNames');
  const messages = received.map((message) =>
    shown(message, systemNames, namesOf(input, 'MessageAttributeNames')),
  );
  return messages.length === 0 ? {} : { Messages: messages };
}

function shown(
  message: ReceivedMessage,
  systemNames: readonly string[],
  names: readonly string[],
): object {
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      names.some((wanted) => isMeant(name, wanted)),
    ),
  );
  const system = Object.fromEntries(
    Object.entries(message.systemAttributes).filter(
      ([name]) => systemNames.includes('All') || systemNames.includes(name),
    ),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
    }),
  };
}

/** `All`, `.*`, `prefix.*` or the name itself. */
function isMeant(name: string, wanted: string): boolean {
  if (wanted === 'All' || wanted === '.*') return true;
  return wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}
