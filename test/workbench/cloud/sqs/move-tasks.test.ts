import {
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  ACCOUNT,
  clientOf,
  REGION,
  smallCloud,
  START,
  type SmallCloud,
} from '../../../support/small-cloud.ts';
import { deployQueue } from '../../../support/small-function.ts';

let cloud: SmallCloud;
let client: SQSClient;
/** ARNs. */
let [letters, work, other] = ['', '', ''];

beforeEach(async () => {
  cloud = await smallCloud();
  client = new SQSClient(clientOf(cloud));
  letters = await deployQueue(cloud, 'letters');
  const RedrivePolicy = { deadLetterTargetArn: letters, maxReceiveCount: 1 };
  work = await deployQueue(cloud, 'work', { VisibilityTimeout: 30, RedrivePolicy });
  other = await deployQueue(cloud, 'other');
});
afterEach(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

/** Received once too often. */
async function deadLetters(count: number): Promise<void> {
  const QueueUrl = urlOf(work);
  for (let n = 1; n <= count; n += 1) {
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: `m${n}`,
        MessageAttributes: { n: { DataType: 'Number', StringValue: String(n) } },
      }),
    );
  }
  for (const _ of ['received', 'given up']) {
    await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    await cloud.advance(60);
  }
  expect(bodies(letters)).toHaveLength(count);
}

function urlOf(arn: string): string {
  return `${cloud.front.url}/${ACCOUNT}/${arn.split(':').at(-1) ?? ''}`;
}

function messages(arn: string) {
  return cloud.queues.byArn(arn)?.peek() ?? [];
}

function bodies(arn: string): string[] {
  return messages(arn).map(({ body }) => body);
}

async function start(
  input: Partial<StartMessageMoveTaskCommandInput> = {},
): Promise<string | undefined> {
  const { TaskHandle } = await client.send(
    new StartMessageMoveTaskCommand({ SourceArn: letters, ...input }),
  );
  return TaskHandle;
}

async function tasks(MaxResults?: number) {
  const { Results = [] } = await client.send(
    new ListMessageMoveTasksCommand({ SourceArn: letters, MaxResults }),
  );
  return Results;
}

describe('a move task', () => {
  it('brings dead letters back to where they came from, as new messages', async () => {
    await deadLetters(2);
    const before = messages(letters).map(({ messageId }) => messageId);
    await start();
    await cloud.advance(0);
    expect(bodies(letters)).toEqual([]);
    expect(messages(work)).toMatchObject([
      {
        body: 'm1',
        receiveCount: 0,
        sentAt: START + 120_000,
        attributes: { n: { StringValue: '1' } },
      },
      { body: 'm2', receiveCount: 0 },
    ]);
    expect(before).not.toContain(messages(work)[0]?.messageId);
    expect(await tasks()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: letters,
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: START + 120_000,
      },
    ]);
  });

  it('or to another queue, so many a second; one at a time', async () => {
    await deadLetters(3);
    const TaskHandle = await start({ DestinationArn: other, MaxNumberOfMessagesPerSecond: 2 });
    await cloud.advance(0);
    expect(await tasks()).toMatchObject([
      {
        TaskHandle,
        Status: 'RUNNING',
        ApproximateNumberOfMessagesMoved: 2,
        MaxNumberOfMessagesPerSecond: 2,
      },
    ]);
    await expect(start()).rejects.toThrow('There is already a task running.');
    await cloud.advance(1);
    expect(bodies(other)).toEqual(['m1', 'm2', 'm3']);
    const [ended] = await tasks();
    expect(ended).toMatchObject({ Status: 'COMPLETED', DestinationArn: other });
    expect(ended).not.toHaveProperty('TaskHandle');
    await start();
    await cloud.advance(0);
    expect((await tasks(10)).map((each) => each.ApproximateNumberOfMessagesMoved)).toEqual([0, 3]);
  });

  it('leaves alone what somebody has received', async () => {
    await deadLetters(2);
    await client.send(
      new ReceiveMessageCommand({ QueueUrl: urlOf(letters), MaxNumberOfMessages: 1 }),
    );
    await start();
    await cloud.advance(0);
    expect([bodies(letters), bodies(work)]).toEqual([['m1'], ['m2']]);
  });

  it('fails where a message tells not whence it came, and keeps it', async () => {
    await client.send(new SendMessageCommand({ QueueUrl: urlOf(letters), MessageBody: 'x' }));
    await start();
    await cloud.advance(0);
    expect(await tasks()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(bodies(letters)).toEqual(['x']);
  });

  it('fails where its starter may not send to that queue', async () => {
    await deadLetters(1);
    cloud.deny = ({ action }) => action === 'sqs:SendMessage';
    await start();
    await cloud.advance(0);
    expect(await tasks()).toMatchObject([{ Status: 'FAILED', FailureReason: 'AccessDenied' }]);
    expect([bodies(letters), bodies(work)]).toEqual([['m1'], []]);
  });
});

const NOWHERE = `arn:aws:sqs:${REGION}:${ACCOUNT}:nowhere`;

test.each([
  [
    'no such source',
    () => ({ SourceArn: NOWHERE }),
    'ResourceNotFoundException',
    /SourceArn parameter doesn't exist/,
  ],
  [
    'no such destination',
    () => ({ DestinationArn: NOWHERE }),
    'ResourceNotFoundException',
    /DestinationArn/,
  ],
  [
    'no dead-letter queue',
    () => ({ SourceArn: other }),
    'InvalidParameterValue',
    /configured as a Dead Letter Queue/,
  ],
  [
    'back to itself',
    () => ({ DestinationArn: letters }),
    'InvalidParameterValue',
    /cannot be the same/,
  ],
  [
    'too fast',
    () => ({ MaxNumberOfMessagesPerSecond: 501 }),
    'InvalidParameterValue',
    /between 1 and 500/,
  ],
])('refuses %s', async (_what, input, name, message) => {
  await expect(start(input())).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message) as string,
  });
});

test.each(['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])(
  'refuses whoever may not %s of the dead letters',
  async (operation) => {
    cloud.deny = ({ action, resource }) => action === `sqs:${operation}` && resource === letters;
    await expect(start()).rejects.toMatchObject({ name: 'AccessDenied' });
    cloud.deny = () => false;
    await start();
  },
);

test('refuses whoever may not list its tasks', async () => {
  cloud.deny = ({ action }) => action === 'sqs:ListMessageMoveTasks';
  await expect(tasks()).rejects.toMatchObject({ name: 'AccessDenied' });
});
