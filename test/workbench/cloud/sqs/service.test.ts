import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { queueHandlers } from '../../../../lib/workbench/cloud/sqs/resources.ts';
import {
  clientOf,
  deploy,
  smallCloud,
  START,
  type SmallCloud,
} from '../../../support/small-cloud.ts';

let cloud: SmallCloud;
let client: SQSClient;
let QueueUrl: string;

async function queue(
  name: string,
  properties: Properties = {},
): Promise<{ url: string; arn: string }> {
  const { physicalId, attributes } = await deploy(
    queueHandlers(cloud.queues),
    'AWS::SQS::Queue',
    name,
    properties,
  );
  return { url: physicalId, arn: attributes['Arn'] as string };
}

async function receive(options: object = {}) {
  const answer = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      ...options,
    }),
  );
  return answer.Messages ?? [];
}

async function receivedBodies(): Promise<(string | undefined)[]> {
  return (await receive()).map(({ Body }) => Body);
}

beforeEach(async () => {
  cloud = await smallCloud();
  client = new SQSClient(clientOf(cloud));
  QueueUrl = (await queue('work', { VisibilityTimeout: 30 })).url;
});
afterEach(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

describe('sending and receiving', () => {
  it('hands out body, attributes and times', async () => {
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'héllo' }));
    await cloud.advance(5);
    const [message] = await receive();
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'héllo',
      Attributes: {
        SentTimestamp: String(START),
        ApproximateFirstReceiveTimestamp: String(START + 5000),
        ApproximateReceiveCount: '1',
      },
    });
  });

  it('hides a message for its visibility timeout, then hands it out with another handle and a higher count', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [first] = await receive();
    await cloud.advance(29);
    expect(await receive()).toEqual([]);
    await cloud.advance(1);
    const [second] = await receive();
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(second?.Attributes).toMatchObject({
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: String(START),
    });
  });

  it('delays a message that wants it', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late', DelaySeconds: 900 }));
    await cloud.advance(899);
    expect(await receivedBodies()).toEqual([]);
    await cloud.advance(1);
    expect(await receivedBodies()).toEqual(['late']);
  });

  it('forgets a message after its retention', async () => {
    ({ url: QueueUrl } = await queue('short', { MessageRetentionPeriod: 60 }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await cloud.advance(59);
    expect(await receivedBodies()).toEqual(['x']);
    await cloud.advance(31);
    expect(await receivedBodies()).toEqual([]);
  });
});

describe('deleting and changing visibility', () => {
  it('deletes by the latest handle; an older one deletes nothing, quietly', async () => {
    const queue = cloud.queues.byUrl(QueueUrl)!;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [first, second] = [queue.receive(1, 0), queue.receive(1, 30)].map(([each]) => each!);
    expect(queue.delete(first!.receiptHandle)).toBe('outdated');
    expect(queue.peek()).toHaveLength(1);
    expect(queue.delete(second!.receiptHandle)).toBe('current');
    expect(queue.peek()).toEqual([]);
  });

  it('moves the end of a message’s hiding, and refuses when it is over', async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [{ ReceiptHandle } = { ReceiptHandle: '' }] = await receive();
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 100 }),
    );
    await cloud.advance(99);
    expect(await receivedBodies()).toEqual([]);
    await cloud.advance(1);
    const late = client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 5 }),
    );
    await expect(late).rejects.toMatchObject({
      name: 'MessageNotInflight',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('counts what is visible, hidden and delayed; purges all of it', async () => {
    for (const DelaySeconds of [0, 0, 10])
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds }));
    await receive({ MaxNumberOfMessages: 1 });
    const count = async (): Promise<Record<string, string> | undefined> =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
        .Attributes;
    expect(await count()).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
    });
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await count()).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });
});

describe('dead letters', () => {
  it('moves a message at the receive after the last one allowed, with its ID and its count', async () => {
    const dead = await queue('dead');
    const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 };
    ({ url: QueueUrl } = await queue('fragile', { RedrivePolicy }));
    const { MessageId } = await client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }),
    );
    for (let count = 0; count < 2; count += 1) {
      expect(await receivedBodies()).toEqual(['poison']);
      await cloud.advance(30);
    }
    expect(cloud.queues.byArn(dead.arn)?.counts().visible).toBe(0);
    expect(await receivedBodies()).toEqual([]);
    QueueUrl = dead.url;
    const [letter] = await receive();
    expect(letter).toMatchObject({
      MessageId,
      Attributes: { ApproximateReceiveCount: '3', SentTimestamp: String(START) },
    });
  });
});

describe('batches', () => {
  it('reports each entry for itself', async () => {
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'late', MessageBody: 'y', DelaySeconds: 901 },
    ];
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([
      { Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
  });

  const entries = (Ids: readonly string[], MessageBody = 'x') =>
    Ids.map((Id) => ({ Id, MessageBody }));
  const eleven = Array.from({ length: 11 }, (_, index) => `${index}`);
  test.each([
    ['none', [], 'EmptyBatchRequest'],
    ['eleven', entries(eleven), 'TooManyEntriesInBatchRequest'],
    ['twice the same ID', entries(['a', 'a']), 'BatchEntryIdsNotDistinct'],
    ['an ID with a space', entries(['a b']), 'InvalidBatchEntryId'],
    ['more than 1 MiB together', entries(['a', 'b'], 'x'.repeat(524_289)), 'BatchRequestTooLong'],
  ])('refuses a batch of %s', async (_name, Entries, name) => {
    const sent = client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(sent).rejects.toMatchObject({ name, Code: `AWS.SimpleQueueService.${name}` });
    expect(cloud.queues.byUrl(QueueUrl)?.peek()).toEqual([]);
  });
});

describe('refusals', () => {
  test.each([
    [
      'a queue that is not there',
      { QueueUrl: 'http://x/111111111111/nowhere', MessageBody: 'x' },
      'QueueDoesNotExist',
    ],
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a control character', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    ['too long a delay', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['more than 1 MiB', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
    [
      'attributes',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } } },
      'NotImplemented',
    ],
  ])('refuses %s', async (_name, input, name) => {
    await expect(client.send(new SendMessageCommand({ QueueUrl, ...input }))).rejects.toMatchObject(
      { name },
    );
  });

  it('refuses to hand out the attributes of messages', async () => {
    await expect(receive({ MessageAttributeNames: ['All'] })).rejects.toThrow(
      'cannot honor MessageAttributeNames',
    );
  });

  it('asks for the single action of every operation, and refuses in SQS’s form', async () => {
    const Entries = [{ Id: 'a', MessageBody: 'x' }];
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const arn = 'arn:aws:sqs:us-east-1:111111111111:stack-work';
    expect(cloud.requested.at(-1)).toMatchObject({ action: 'sqs:SendMessage', resource: arn });
    cloud.deny = ({ action }) => action === 'sqs:SendMessage';
    await expect(
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
    ).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
      name: 'AccessDenied',
      Code: 'AccessDenied',
    });
    expect(cloud.queues.byUrl(QueueUrl)?.peek()).toHaveLength(1);
  });
});

describe('templates', () => {
  it('refuses a setting out of its range', async () => {
    await expect(queue('wrong', { VisibilityTimeout: 43_201 })).rejects.toThrow(
      /VisibilityTimeout must be a whole number from 0 to 43200, got 43201/,
    );
  });

  it('sets and clears a queue’s policy', async () => {
    const handlers = queueHandlers(cloud.queues);
    const PolicyDocument = { Version: '2012-10-17', Statement: [] };
    const properties = { Queues: [QueueUrl], PolicyDocument };
    const created = await deploy(handlers, 'AWS::SQS::QueuePolicy', 'policy', properties);
    await receive();
    expect(cloud.requested.at(-1)?.resourcePolicy).toEqual(PolicyDocument);
    await handlers[1]?.remove(created, {} as never);
    await receive();
    expect(cloud.requested.at(-1)?.resourcePolicy).toBeUndefined();
  });
});
