import {
  SendMessageBatchCommand,
  type BatchResultErrorEntry,
  type SQSClient,
  ChangeMessageVisibilityCommand,
} from '@aws-sdk/client-sqs';
import type { CheckBuyers } from '../messages/check-buyers.ts';
import { sideBySide } from '../domain/side-by-side.ts';
import { batchesOf } from '../messages/batches.ts';

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
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<readonly Unsent[]> {
  const first = await sendBatches(client, queueUrl, messages);
  const again = first.filter(({ senderFault }) => !senderFault).map(({ message }) => message);
  const second = again.length === 0 ? [] : await sendBatches(client, queueUrl, again);
  return [...first.filter(({ senderFault }) => senderFault), ...second].map(
    ({ message, reason }) => ({
      message,
      reason,
    }),
  );
}

/** Sends like `sendMessages`, but throws if any message was not taken. */
export async function sendEveryMessage(
  client: SQSClient,
  queueUrl: string,
  messages: readonly QueueMessage[],
): Promise<void> {
  const unsent = await sendMessages(client, queueUrl, messages);
  if (unsent.length === 0) return;
  const reasons = [...new Set(unsent.map(({ reason }) => reason))].join('; ');
  throw new Error(
    `${unsent.length} of ${messages.length} messages were not taken by ${queueUrl}: ${reasons}`,
  );
}

type Refused = Unsent & { readonly senderFault: boolean };

async function sendBatches(
  client: SQSClient,
  QueueUrl: string,
  messages: readonly QueueMessage[],
): Promise<Refused[]> {
  const refused: Refused[] = [];
  await sideBySide(
    batchesOf(messages, ({ body }) => body),
    BATCHES_AT_ONCE,
    async (batch) => {
      const Entries = batch.map(({ body, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(body),
        DelaySeconds: delaySeconds,
      }));
      const { Failed = [], Successful = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl, Entries }),
      );
      const failures = new Map(Failed.map((failure) => [failure.Id, failure]));
      const taken = new Set(Successful.map(({ Id }) => Id));
      batch.forEach((message, index) => {
        const failure = failures.get(String(index));
        // In neither list: an answer that makes no sense must not pass for success.
        if (failure === undefined && taken.has(String(index))) return;
        refused.push({
          message,
          reason: reasonOf(failure),
          senderFault: failure?.SenderFault === true,
        });
      });
    },
  );
  return refused;
}

function reasonOf(failure: BatchResultErrorEntry | undefined): string {
  if (failure === undefined) return 'the queue did not say what became of the message';
  return [failure.Code, failure.Message].filter((part) => part !== undefined).join(': ');
}

/** The new visibility timeout counts from now; for a message that is a batch item failure it decides when it comes again. */
async function postpone(
  client: SQSClient,
  QueueUrl: string,
  ReceiptHandle: string,
  VisibilityTimeout: number,
): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
  );
}

export interface RegistrationQueueUrls {
  readonly checks: string;
  readonly registrations: string;
}

/** The two queues as register-buyer uses them. */
export function registrationQueues(client: SQSClient, urls: RegistrationQueueUrls) {
  return {
    queueCheck: (body: CheckBuyers): Promise<void> =>
      sendEveryMessage(client, urls.checks, [{ body, delaySeconds: 0 }]),
    postpone: (receiptHandle: string, seconds: number): Promise<void> =>
      postpone(client, urls.registrations, receiptHandle, seconds),
  };
}
