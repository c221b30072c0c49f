import { hash } from 'node:crypto';
import { sideBySide } from '../domain/side-by-side.ts';
import { batchesOf } from '../messages/batches.ts';
import { ANY_SERVICE, describe, type ErrorTable } from './judge.ts';
import type { Members } from './protocols.ts';
import type { SignedCall } from './signed-call.ts';

export const SQS_ERRORS: ErrorTable = { rows: ANY_SERVICE, byMessage: [] };

export interface QueueMessage {
  /** Sent as JSON. */
  readonly body: unknown;
  /** 0 to 900. */
  readonly delaySeconds: number;
}

/** A message that the queue did not take, and why. */
export interface Unsent {
  readonly message: QueueMessage;
  readonly reason: string;
}

/** A sweep of 100,000 buyers sends about 50 batches. One after the other, at 100 ms each, they would take half of a sweep's 10 seconds. */
const BATCHES_AT_ONCE = 10;

/**
 * Sends in batches and reads the outcome of each entry: SQS answers HTTP 200 even if it refused some of them. Entries refused for SQS's own
 * reasons are sent once more. Throws if a whole call fails; what was sent before then stays sent.
 */
export async function sendMessages(
  call: SignedCall,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<readonly Unsent[]> {
  const first = await sendBatches(call, queueUrl, messages);
  const again = first.filter(({ senderFault }) => !senderFault).map(({ message }) => message);
  const second = again.length === 0 ? [] : await sendBatches(call, queueUrl, again);
  return [...first.filter(({ senderFault }) => senderFault), ...second].map(
    ({ message, reason }) => ({
      message,
      reason,
    }),
  );
}

/** Sends like `sendMessages`, but throws if any message was not taken. */
export async function sendEveryMessage(
  call: SignedCall,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<void> {
  const unsent = await sendMessages(call, queueUrl, messages);
  if (unsent.length === 0) return;
  const reasons = [...new Set(unsent.map(({ reason }) => reason))].join('; ');
  throw new Error(
    `${unsent.length} of ${messages.length} messages were not taken by ${queueUrl}: ${reasons}`,
  );
}

interface Failure {
  readonly Id?: string;
  readonly SenderFault?: boolean;
  readonly Code?: string;
  readonly Message?: string;
}

interface BatchAnswer {
  readonly Failed?: readonly Failure[];
  readonly Successful?: readonly { readonly Id?: string; readonly MD5OfMessageBody?: string }[];
}

const OTHER_BODY = 'what the queue says it took (MD5) is not the text that was sent';

type Refused = Unsent & { readonly senderFault: boolean };

async function sendBatches(
  call: SignedCall,
  QueueUrl: string,
  messages: readonly QueueMessage[],
): Promise<Refused[]> {
  const refused: Refused[] = [];
  await sideBySide(
    batchesOf(messages, ({ body }) => body),
    BATCHES_AT_ONCE,
    async (batch) => {
      const sent = batch.map((message, index) => ({
        message,
        Id: String(index),
        MessageBody: JSON.stringify(message.body),
      }));
      const Entries = sent.map(({ message: { delaySeconds: DelaySeconds }, ...entry }) => ({
        ...entry,
        DelaySeconds,
      }));
      const { members } = await call('SendMessageBatch', { QueueUrl, Entries });
      const { Failed = [], Successful = [] } = members as BatchAnswer;
      const failures = new Map(Failed.map((failure) => [failure.Id, failure]));
      const taken = new Map(Successful.map(({ Id, MD5OfMessageBody: md5 }) => [Id, md5]));
      for (const { message, Id, MessageBody } of sent) {
        const failure = failures.get(Id);
        // An answer that makes no sense must not pass for success: a message in neither list, or another text (as AWS's own client compares).
        if (failure === undefined && taken.get(Id) === hash('md5', MessageBody)) continue;
        const reason = failure === undefined && taken.has(Id) ? OTHER_BODY : reasonOf(failure);
        refused.push({ message, reason, senderFault: failure?.SenderFault === true });
      }
    },
  );
  return refused;
}

function reasonOf(failure: Failure | undefined): string {
  if (failure === undefined) return 'the queue did not say what became of the message';
  return [failure.Code, failure.Message].filter((part) => part !== undefined).join(': ');
}

/** Sends one message to a queue, or hides a received one. Each throws unless SQS did it. */
export function plainQueue(call: SignedCall, QueueUrl: string) {
  const must = async (operation: string, input: object): Promise<Members> => {
    try {
      return (await call(operation, { QueueUrl, ...input })).members;
    } catch (error) {
      throw new Error(`${operation} to ${QueueUrl}: ${describe(error)}`, { cause: error });
    }
  };
  return {
    send: async (body: object): Promise<void> => {
      const MessageBody = JSON.stringify(body);
      const { MessageId, MD5OfMessageBody } = await must('SendMessage', { MessageBody });
      // An answer that makes no sense must not pass for success.
      if (typeof MessageId !== 'string')
        throw new Error(
          `SendMessage to ${QueueUrl}: the queue did not say that it took the message`,
        );
      if (MD5OfMessageBody !== hash('md5', MessageBody))
        throw new Error(`SendMessage to ${QueueUrl}: ${OTHER_BODY}`);
    },
    /** `VisibilityTimeout`: seconds from now, 0 for at once. For a message that is a batch item failure they decide when it comes again. */
    hide: async (ReceiptHandle: string, VisibilityTimeout: number): Promise<void> => {
      await must('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout });
    },
  };
}
