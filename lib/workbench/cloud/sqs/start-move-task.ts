import type { Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import { AccessDenied, AwsFault, requireKnownMembers } from '../fault.ts';
import type { JsonInput } from '../json-protocol.ts';
import { uuid } from '../templates/custom-resources.ts';
import { textOf } from './input.ts';
import type { StoredMessage } from './queue.ts';
import type { Queues } from './queues.ts';

/** The permissions for a redrive on the dead-letter queue; on each destination it needs `sqs:SendMessage` (developer guide). */
const ON_SOURCE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/**
 * Moves dead letters back to the queues they came from, all before it answers; AWS does so in the background. A redriven message counts as
 * new: new message ID, new sending time, no receives (developer guide, "Configuring a dead-letter queue redrive"). A message that cannot be
 * moved ends the task and stays, with all messages after it.
 */
export async function startMoveTask(
  queues: Queues,
  access: Access,
  input: JsonInput,
  call: AwsCall,
): Promise<object> {
  requireKnownMembers('sqs:StartMessageMoveTask', Object.keys(input), ['SourceArn']);
  const sourceArn = textOf(input, 'SourceArn');
  const source = queues.byArn(sourceArn);
  if (source === undefined) {
    const message = "The resource that you specified for the SourceArn parameter doesn't exist.";
    throw new AwsFault('ResourceNotFoundException', message, 404);
  }
  for (const action of ON_SOURCE) await source.require(access, call, `sqs:${action}`);
  if (!queues.all().some(({ settings }) => settings.redrive?.deadLetterTargetArn === sourceArn))
    throw new AwsFault(
      'InvalidParameterValue',
      'Source queue must be configured as a Dead Letter Queue.',
    );
  const messages = source.take();
  const moved = await movedBack(messages, queues, access, call);
  for (const message of messages.slice(moved)) source.add(message);
  const task = { taskId: uuid(`move task ${call.requestId ?? ''} ${sourceArn}`), sourceArn };
  return { TaskHandle: Buffer.from(JSON.stringify(task)).toString('base64') };
}

/** Moves messages up to the first that cannot be moved; returns how many. */
async function movedBack(
  messages: readonly StoredMessage[],
  queues: Queues,
  access: Access,
  call: AwsCall,
): Promise<number> {
  for (const [index, { body, attributes, senderId, deadLetterSourceArn }] of messages.entries()) {
    const origin = queues.byArn(deadLetterSourceArn ?? '');
    if (origin === undefined) return index;
    try {
      await origin.require(access, call, 'sqs:SendMessage');
    } catch (error) {
      if (error instanceof AccessDenied) return index;
      throw error;
    }
    origin.send({ body, attributes }, senderId);
  }
  return messages.length;
}
