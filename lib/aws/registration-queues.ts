import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { CheckBuyers } from '../messages/check-buyers.ts';
import type { EnrolmentLook } from '../messages/registration-message.ts';
import { sendEveryMessage } from './sqs.ts';

export interface RegistrationQueueUrls {
  readonly checks: string;
  readonly registrations: string;
}

/** The two queues as register-buyer uses them. */
export function registrationQueues(client: SQSClient, urls: RegistrationQueueUrls) {
  return {
    queueCheck: (body: CheckBuyers): Promise<void> =>
      sendEveryMessage(client, urls.checks, [{ body, delaySeconds: 0 }]),
    queueLook: (body: EnrolmentLook, delaySeconds: number): Promise<void> =>
      sendEveryMessage(client, urls.registrations, [{ body, delaySeconds }]),
    /** The new visibility timeout counts from now; for a message that is a batch item failure it decides when it comes again. */
    postpone: async (receiptHandle: string, seconds: number): Promise<void> => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: urls.registrations,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    },
  };
}
