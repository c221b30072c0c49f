import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  GetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { stackResources } from './stack-resources.ts';
import { watcherQueue, type WatcherQueue } from './deployment-health.ts';
import { quoted } from '../../domain/outside-text.ts';

/** A queue for messages that another queue gave up. */
export interface DeadLetters {
  readonly content: WatcherQueue['content'];
  readonly url: string;
  readonly arn: string;
  /** About how many messages are in it: SQS promises no more. */
  readonly waiting: number;
}

/** The messages that the watcher's queues gave up. */
export interface DeadLetterQueues {
  list(): Promise<readonly DeadLetters[]>;
  /** Has SQS move all messages back to the queue they came from, where each counts as new. The move goes on by itself. */
  moveBack(queue: DeadLetters): Promise<void>;
}

/** Finds the queues in the list of the stack's resources. */
export function sqsDeadLetters(
  clients: { readonly cloudFormation: CloudFormationClient; readonly sqs: SQSClient },
  stackName: string,
): DeadLetterQueues {
  const { cloudFormation, sqs } = clients;
  return {
    list: async () => {
      const resources = await stackResources(cloudFormation, stackName);
      const queues = resources.flatMap(({ type, logicalId, physicalId: url }) => {
        const queue = type === 'AWS::SQS::Queue' ? watcherQueue(logicalId) : undefined;
        return queue?.deadLetters === true ? [{ content: queue.content, url }] : [];
      });
      return Promise.all(
        queues.map(async (queue) => ({ ...queue, ...(await attributesOf(sqs, queue.url)) })),
      );
    },
    moveBack: async ({ arn }) => {
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
    },
  };
}

async function attributesOf(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<Pick<DeadLetters, 'arn' | 'waiting'>> {
  const { Attributes: attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'],
    }),
  );
  const { QueueArn: arn, ApproximateNumberOfMessages: waiting } = attributes ?? {};
  if (arn !== undefined && waiting !== undefined && /^\d+$/.test(waiting))
    return { arn, waiting: Number(waiting) };
  throw new Error(
    `${QueueUrl} answers ${quoted(attributes)} where it names itself and counts its messages`,
  );
}
