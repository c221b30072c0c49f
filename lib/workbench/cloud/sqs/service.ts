import { AccessDenied, type Access } from '../access.ts';
import type { AwsCall, AwsService, Caller } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { jsonService, type JsonInput, type JsonOperation } from '../json-protocol.ts';
import { batch, entriesOf } from './batch.ts';
import { withQueryCode } from '../query-compatible.ts';
import { invalidValue, QUERY_CODES } from './faults.ts';
import { namesOf, outgoingOf, secondsOf, textOf } from './input.ts';
import { bytesOf, MAX_BYTES, md5, md5OfAttributes, type MessageAttributes } from './message.ts';
import { MAX_VISIBILITY_SECONDS, receive } from './receive.ts';
import type { HandleState, Queue } from './queue.ts';
import { moveTaskOperations } from './move-task-operations.ts';
import { settingAttributes } from './queue-settings.ts';
import type { Queues } from './queues.ts';

/** The endpoint `sqs`. A ReceiveMessage never waits (`WaitTimeSeconds`): the cloud's time stands still while it is in flight. */
export function sqsService(queues: Queues, access: Access): AwsService {
  const json = jsonService({
    name: 'sqs',
    protocol: { version: '1.0', targetPrefix: 'AmazonSQS', namespace: 'com.amazonaws.sqs' },
    operations: operations(queues, access),
    faultOf,
  });
  return {
    name: 'sqs',
    handle: async (call) => withQueryCode(await json.handle(call), QUERY_CODES),
  };
}

function faultOf(error: unknown): AwsFault {
  if (error instanceof AccessDenied)
    return new AwsFault('AccessDeniedException', error.message, 403);
  throw error;
}

type QueueOperation = (queue: Queue, input: JsonInput, call: AwsCall) => object;

function operations(queues: Queues, access: Access): Record<string, JsonOperation> {
  /** A batch is authorized as the single action, for which alone there is a permission (service authorization reference). */
  const on =
    (action: string, perform: QueueOperation): JsonOperation =>
    async (input, call) => {
      const queue = queues.byUrl(textOf(input, 'QueueUrl'));
      if (queue === undefined) throw noSuchQueue();
      await queue.require(access, call, `sqs:${action}`);
      return perform(queue, input, call);
    };
  return {
    SendMessage: on('SendMessage', (queue, input, call) => send(queue, input, call)),
    SendMessageBatch: on('SendMessage', (queue, input, call) =>
      sendBatch(queues, queue, input, call),
    ),
    ReceiveMessage: on('ReceiveMessage', receive),
    DeleteMessage: on('DeleteMessage', remove),
    DeleteMessageBatch: on('DeleteMessage', (queue, input) =>
      batch(input, (entry) => remove(queue, entry)),
    ),
    ChangeMessageVisibility: on('ChangeMessageVisibility', changeVisibility),
    ChangeMessageVisibilityBatch: on('ChangeMessageVisibility', (queue, input) =>
      batch(input, (entry) => changeVisibility(queue, entry)),
    ),
    GetQueueAttributes: on('GetQueueAttributes', attributes),
    PurgeQueue: on('PurgeQueue', (queue) => {
      queue.purge();
      return {};
    }),
    GetQueueUrl: async (input, call) => {
      const name = textOf(input, 'QueueName');
      const accountId =
        (input['QueueOwnerAWSAccountId'] as string | undefined) ?? call.caller.accountId;
      const queue = queues.byUrl(`${accountId}/${name}`);
      if (queue === undefined) throw noSuchQueue();
      await queue.require(access, call, 'sqs:GetQueueUrl');
      return { QueueUrl: queues.url(queue.identity) };
    },
    ...moveTaskOperations(queues, access),
  };
}

function send(queue: Queue, input: JsonInput, call: AwsCall): object {
  const message = outgoingOf(input, queue.settings.maximumMessageSize);
  const traceHeader = call.headers['x-amzn-trace-id'];
  const messageId = queue.send({ ...message, traceHeader }, senderIdOf(call.caller));
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(message.body),
    MD5OfMessageAttributes: md5OfAttributes(message.attributes),
  };
}

function sendBatch(queues: Queues, queue: Queue, input: JsonInput, call: AwsCall): object {
  const bytes = entriesOf(input).reduce(
    (sum, { MessageBody: body, MessageAttributes: each }) =>
      sum + bytesOf({ body: String(body), attributes: (each ?? {}) as MessageAttributes }),
    0,
  );
  if (bytes > MAX_BYTES)
    throw new AwsFault(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  return batch(input, (entry) => {
    const fault = queues.entryFault(queue.identity.arn, String(entry['MessageBody']));
    if (fault !== undefined) throw new AwsFault(fault.code, fault.message, 500);
    return send(queue, entry, call);
  });
}

function remove(queue: Queue, input: JsonInput): object {
  assertKnown(queue.delete(textOf(input, 'ReceiptHandle')));
  return {};
}

function changeVisibility(queue: Queue, input: JsonInput): object {
  const handle = textOf(input, 'ReceiptHandle');
  const seconds = secondsOf(input, 'VisibilityTimeout', MAX_VISIBILITY_SECONDS);
  if (seconds === undefined)
    throw invalidValue('VisibilityTimeout', undefined, 'Must be provided.');
  const state = queue.changeVisibility(handle, seconds);
  assertKnown(state);
  if (state === 'outdated')
    throw new AwsFault(
      'MessageNotInflight',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  return {};
}

function assertKnown(state: HandleState): void {
  if (state === 'unknown')
    throw new AwsFault('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
}

function attributes(queue: Queue, input: JsonInput): object {
  const { visible, inFlight, delayed } = queue.counts();
  const all: Record<string, string> = {
    QueueArn: queue.identity.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...settingAttributes(queue.settings, queue.policy),
  };
  const names = namesOf(input, 'AttributeNames');
  const chosen = Object.entries(all).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
}

/** AWS gives the role's ID and the session's name; the local cloud has no role IDs and gives the session's ARN. */
export function senderIdOf(caller: Caller): string {
  return caller.kind === 'role' ? caller.sessionArn : caller.accountId;
}

function noSuchQueue(): AwsFault {
  return new AwsFault('QueueDoesNotExist', 'The specified queue does not exist.');
}
