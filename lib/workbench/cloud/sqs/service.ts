import type { Access } from '../access.ts';
import type { AwsCall, AwsService, Caller } from '../call.ts';
import { AwsFault, requireKnownMembers } from '../fault.ts';
import {
  jsonService,
  type JsonInput,
  type JsonOperation,
  withQueryCode,
} from '../json-protocol.ts';
import { invalidValue, QUERY_CODES, type Queues } from './queues.ts';
import { namesOf, outgoingOf, secondsOf, textOf, maxMessagesOf } from './input.ts';
import { MAX_BYTES, md5 } from './message.ts';
import type { HandleState, Queue } from './queue.ts';
import { startMoveTask } from './start-move-task.ts';
import { settingAttributes } from './queue-settings.ts';

/** The endpoint `sqs`. ReceiveMessage never waits (`WaitTimeSeconds`), because the cloud's time stands still while it is in flight. */
export function sqsService(queues: Queues, access: Access): AwsService {
  const json = jsonService({
    name: 'sqs',
    protocol: { version: '1.0', targetPrefix: 'AmazonSQS', namespace: 'com.amazonaws.sqs' },
    operations: operations(queues, access),
  });
  return {
    name: 'sqs',
    handle: async (call) => withQueryCode(await json.handle(call), QUERY_CODES),
  };
}

type QueueOperation = (queue: Queue, input: JsonInput, call: AwsCall) => object;

function operations(queues: Queues, access: Access): Record<string, JsonOperation> {
  /** Authorizes a batch as the single action: only that has a permission (service authorization reference). */
  const on =
    (action: string, perform: QueueOperation): JsonOperation =>
    async (input, call) => {
      const queue = queues.byUrl(textOf(input, 'QueueUrl'));
      if (queue === undefined) throw noSuchQueue();
      await queue.require(access, call, `sqs:${action}`);
      return perform(queue, input, call);
    };
  return {
    SendMessage: on('SendMessage', send),
    SendMessageBatch: on('SendMessage', sendBatch),
    ReceiveMessage: on('ReceiveMessage', receive),
    ChangeMessageVisibility: on('ChangeMessageVisibility', changeVisibility),
    GetQueueAttributes: on('GetQueueAttributes', attributes),
    PurgeQueue: on('PurgeQueue', (queue) => {
      queue.purge();
      return {};
    }),
    StartMessageMoveTask: (input, call) => startMoveTask(queues, access, input, call),
  };
}

function send(queue: Queue, input: JsonInput, call: AwsCall): object {
  const message = outgoingOf(input);
  const traceHeader = call.headers['x-amzn-trace-id'];
  const messageId = queue.send({ ...message, traceHeader }, senderIdOf(call.caller));
  return { MessageId: messageId, MD5OfMessageBody: md5(message.body) };
}

function sendBatch(queue: Queue, input: JsonInput, call: AwsCall): object {
  const bytes = entriesOf(input).reduce(
    (sum, { MessageBody: body }) => sum + Buffer.byteLength(String(body)),
    0,
  );
  if (bytes > MAX_BYTES)
    throw new AwsFault(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  return batch(input, (entry) => send(queue, entry, call));
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
  const asked = chosen(all, namesOf(input, 'AttributeNames'));
  return Object.keys(asked).length === 0 ? {} : { Attributes: asked };
}

/** The SenderId: a role's session ARN, where AWS has the role's ID and the session's name. */
export function senderIdOf(caller: Caller): string {
  return caller.kind === 'role' ? caller.sessionArn : caller.accountId;
}

function noSuchQueue(): AwsFault {
  return new AwsFault('QueueDoesNotExist', 'The specified queue does not exist.');
}

interface BatchResult {
  readonly Successful: readonly object[];
  readonly Failed: readonly object[];
}

const MAX_ENTRIES = 10;

/** Calls `perform` for each entry. A refusal fails only that entry; the call succeeds all the same. */
function batch(input: JsonInput, perform: (entry: JsonInput) => object): BatchResult {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entriesOf(input)) {
    const id = { Id: entry['Id'] };
    try {
      successful.push({ ...id, ...perform(entry) });
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      failed.push({
        ...id,
        SenderFault: error.status < 500,
        Code: error.code,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, Failed: failed };
}

/** The entries of a batch. Throws if their number or IDs are invalid. */
function entriesOf(input: JsonInput): JsonInput[] {
  const entries = (input['Entries'] ?? []) as JsonInput[];
  if (entries.length === 0)
    throw new AwsFault('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES)
    throw new AwsFault(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  const ids = entries.map(({ Id: id }) => (typeof id === 'string' ? id : ''));
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id)))
    throw new AwsFault(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined)
    throw new AwsFault('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  return entries;
}

const MAX_VISIBILITY_SECONDS = 43_200;

const RECEIVED = [
  ...['AttributeNames', 'MaxNumberOfMessages', 'MessageSystemAttributeNames', 'QueueUrl'],
  ...['VisibilityTimeout', 'WaitTimeSeconds'],
];

/** ReceiveMessage: returns only the system attributes that the caller asked for, and no others. */
function receive(queue: Queue, input: JsonInput): object {
  requireKnownMembers('sqs:ReceiveMessage', Object.keys(input), RECEIVED);
  const visibility = secondsOf(input, 'VisibilityTimeout', MAX_VISIBILITY_SECONDS);
  const received = queue.receive(maxMessagesOf(input), visibility);
  const names = namesOf(input, 'AttributeNames', 'MessageSystemAttributeNames');
  const messages = received.map(({ messageId, receiptHandle, body, systemAttributes }) => {
    const Attributes = chosen(systemAttributes, names);
    return {
      ...{ MessageId: messageId, ReceiptHandle: receiptHandle, Body: body, MD5OfBody: md5(body) },
      ...(Object.keys(Attributes).length > 0 && { Attributes }),
    };
  });
  return messages.length === 0 ? {} : { Messages: messages };
}

/** The attributes that a caller asks for, by name or all of them. */
function chosen<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  const isAll = names.includes('All');
  return Object.fromEntries(Object.entries(all).filter(([name]) => isAll || names.includes(name)));
}
