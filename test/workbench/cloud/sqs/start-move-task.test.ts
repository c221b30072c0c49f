import {
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import {
  ACCOUNT,
  clientOf,
  smallCloud,
  START,
  type SmallCloud,
} from '../../../support/small-cloud.ts';
import { deployQueue } from '../../../support/small-function.ts';

let cloud: SmallCloud;
let client: SQSClient;
/** ARNs. */
let [letters, work] = ['', ''];

beforeEach(async () => {
  cloud = await smallCloud();
  client = new SQSClient(clientOf(cloud));
  letters = await deployQueue(cloud, 'letters');
  const RedrivePolicy = { deadLetterTargetArn: letters, maxReceiveCount: 1 };
  work = await deployQueue(cloud, 'work', { VisibilityTimeout: 30, RedrivePolicy });
});
afterEach(async () => {
  client.destroy();
  await cloud[Symbol.asyncDispose]();
});

/** Received once too often. */
async function deadLetters(count: number): Promise<void> {
  const QueueUrl = urlOf(work);
  for (let n = 1; n <= count; n += 1)
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: `m${n}` }));
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
function start(SourceArn = letters, more: object = {}) {
  return client.send(new StartMessageMoveTaskCommand({ SourceArn, ...more }));
}

it('brings dead letters back to where they came from, as new messages, but those that somebody has received', async () => {
  await deadLetters(3);
  const before = messages(letters).map(({ messageId }) => messageId);
  await client.send(
    new ReceiveMessageCommand({ QueueUrl: urlOf(letters), MaxNumberOfMessages: 1 }),
  );
  expect((await start()).TaskHandle).toBeTruthy();
  expect([bodies(letters), bodies(work)]).toEqual([['m1'], ['m2', 'm3']]);
  expect(messages(work)[0]).toMatchObject({ receiveCount: 0, sentAt: START + 120_000 });
  expect(before).not.toContain(messages(work)[0]?.messageId);
});

it('leaves what tells not whence it came', async () => {
  await client.send(new SendMessageCommand({ QueueUrl: urlOf(letters), MessageBody: 'x' }));
  await start();
  expect(bodies(letters)).toEqual(['x']);
});

it('leaves what its starter may not send there', async () => {
  await deadLetters(2);
  cloud.deny = ({ action }) => action === 'sqs:SendMessage';
  await start();
  expect([bodies(letters), bodies(work)]).toEqual([['m1', 'm2'], []]);
});

test.each([
  ['no such source', () => [`${letters}-2`], 'ResourceNotFoundException', /SourceArn parameter/],
  ['no dead-letter queue', () => [work], 'InvalidParameterValue', /as a Dead Letter Queue/],
  [
    'what it does not do',
    () => [letters, { DestinationArn: work }],
    'NotImplemented',
    /DestinationArn/,
  ],
] as const)('refuses %s', async (_what, input, name, message) => {
  const [source, more] = input() as [string, object?];
  await expect(start(source, more)).rejects.toMatchObject({
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
