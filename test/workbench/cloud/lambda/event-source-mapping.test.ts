import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { failedItems } from '../../../../lib/workbench/cloud/lambda/event-source-mapping.ts';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import type { Queue } from '../../../../lib/workbench/cloud/sqs/queue.ts';
import { deploy, smallCloud, START, type SmallCloud } from '../../../support/small-cloud.ts';
import {
  deployFunction,
  deployQueue,
  ROLE_ARN,
  smallLambda,
  type SmallLambda,
} from '../../../support/small-function.ts';

let cloud: SmallCloud;
let lambda: SmallLambda;
let queue: Queue;
let dead: Queue;

/** Logs the bodies of each batch; fails what the bodies say. */
const SOURCE = `let running = 0;
export const handler = async (event) => {
  running += 1;
  console.log(JSON.stringify({ batch: event.Records.map(({ body }) => body), at: Date.now(), counts: event.Records.map((r) => r.attributes.ApproximateReceiveCount) }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  running -= 1;
  if (event.Records.some(({ body }) => body === 'throw')) throw new Error('all of it');
  const failed = event.Records.filter(({ body }) => body === 'fail');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

interface Batch {
  readonly batch: string[];
  readonly at: number;
  readonly counts: string[];
}

function batches(): Batch[] {
  return cloud.logs.lines('/aws/lambda/stack-work').map(({ text }) => JSON.parse(text) as Batch);
}

async function map(properties: Properties = {}, source = SOURCE): Promise<void> {
  await deployFunction(lambda, source);
  await deploy(lambda.handlers, 'AWS::Lambda::EventSourceMapping', 'source', {
    EventSourceArn: queue.identity.arn,
    FunctionName: 'stack-work',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...properties,
  });
}

function send(body: string, delaySeconds = 0): void {
  queue.send({ body, attributes: {}, delaySeconds }, 'sender');
}

beforeEach(async () => {
  cloud = await smallCloud();
  lambda = smallLambda(cloud);
  dead = cloud.queues.byArn(await deployQueue(cloud, 'dead'))!;
  const RedrivePolicy = { deadLetterTargetArn: dead.identity.arn, maxReceiveCount: 2 };
  queue = cloud.queues.byArn(
    await deployQueue(cloud, 'queue', { VisibilityTimeout: 60, RedrivePolicy }),
  )!;
});
afterEach(() => cloud[Symbol.asyncDispose]());

it('hands over messages that wait already, and deletes what succeeded', async () => {
  send('early');
  await map();
  await cloud.clock.settled();
  send('late');
  await cloud.clock.settled();
  expect(batches().map(({ batch }) => batch)).toEqual([['early'], ['late']]);
  expect(queue.peek()).toEqual([]);
});

it('gives the record its documented shape', async () => {
  await map(
    {},
    'export const handler = async (event) => console.log(JSON.stringify({ batch: event.Records }));',
  );
  queue.send(
    { body: 'x', attributes: { kind: { DataType: 'String', StringValue: 'a' } } },
    'sender',
  );
  await cloud.clock.settled();
  expect(batches()[0]?.batch).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      receiptHandle: expect.any(String) as string,
      body: 'x',
      attributes: {
        SenderId: 'sender',
        SentTimestamp: String(START),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(START),
      },
      messageAttributes: {
        kind: { stringValue: 'a', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: '9dd4e461268c8034f5c8564e155c67a6',
      eventSource: 'aws:sqs',
      eventSourceARN: queue.identity.arn,
      awsRegion: 'us-east-1',
    },
  ]);
});

describe('batches', () => {
  it('takes at most the batch size', async () => {
    for (let n = 0; n < 5; n += 1) send(`${n}`);
    await map({ BatchSize: 2 });
    await cloud.clock.settled();
    // The three run side by side: which logs first is chance.
    const sizes = batches().map(({ batch }) => batch.length);
    expect(sizes.sort()).toEqual([1, 2, 2]);
  });

  it('runs at most its maximum concurrency, and leaves the rest unreceived', async () => {
    // One clock for all threads; `performance` has one for each.
    const source = `const now = () => Number(process.hrtime.bigint() / 1000n);
      export const handler = async () => {
        const start = now();
        await new Promise((resolve) => setTimeout(resolve, 60));
        console.log(JSON.stringify({ start, end: now() }));
      };`;
    for (let n = 0; n < 7; n += 1) send(`${n}`);
    await map({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }, source);
    await cloud.clock.settled();
    const spans = cloud.logs
      .lines('/aws/lambda/stack-work')
      .map(({ text }) => JSON.parse(text) as { start: number; end: number });
    expect(spans).toHaveLength(7);
    const atOnce = spans.map(
      ({ start }) => spans.filter((other) => other.start <= start && start < other.end).length,
    );
    expect(Math.max(...atOnce)).toBe(2);
  });
});

describe('failures', () => {
  it('leaves failed items to their visibility timeout, then to the dead letters', async () => {
    await map();
    send('fine');
    send('fail');
    await cloud.clock.settled();
    expect(queue.peek().map(({ body }) => body)).toEqual(['fail']);
    await cloud.advance(59);
    expect(batches()).toHaveLength(1);
    await cloud.advance(1);
    expect(batches()[1]).toEqual({ batch: ['fail'], at: START + 60_000, counts: ['2'] });
    await cloud.advance(60);
    expect(batches()).toHaveLength(2);
    expect(queue.peek()).toEqual([]);
    expect(dead.peek()).toMatchObject([{ body: 'fail', deadLetterSourceArn: queue.identity.arn }]);
  });

  it('brings the whole batch back when the function fails', async () => {
    await map();
    send('fine');
    send('throw');
    await cloud.clock.settled();
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
    await cloud.advance(60);
    expect(batches()[1]?.batch).toEqual(['fine', 'throw']);
  });

  it('reads no item failures unless told to', async () => {
    await map({ FunctionResponseTypes: [] });
    send('fail');
    await cloud.clock.settled();
    expect(queue.peek()).toEqual([]);
  });
});

describe('a chain that leads from the function to its own queue', () => {
  const TRACED = `export const handler = async (event) => {
    console.log(JSON.stringify({ batch: [process.env._X_AMZN_TRACE_ID] }));
  };`;
  /** What the SDK does in a function: the header of the invocation goes with its calls. */
  const sendOn = () => {
    const traceHeader = batches().at(-1)?.batch[0];
    queue.send({ body: 'again', attributes: {}, traceHeader }, 'sender');
  };

  it('is ended after 16 rounds, and its message is a dead letter', async () => {
    await map({}, TRACED);
    send('first');
    await cloud.clock.settled();
    for (let n = 0; n < 20; n += 1) {
      sendOn();
      await cloud.clock.settled();
    }
    expect(batches()).toHaveLength(16);
    expect(dead.peek().map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => 'again'));
    expect(queue.peek()).toEqual([]);
  });

  it('is told from messages that come from elsewhere', async () => {
    await map({}, TRACED);
    for (let n = 0; n < 20; n += 1) {
      send('from elsewhere');
      await cloud.clock.settled();
    }
    expect(batches()).toHaveLength(20);
    expect(dead.peek()).toEqual([]);
  });
});

describe('the role', () => {
  test.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])(
    'must be allowed %s',
    async (action) => {
      cloud.deny = (question) => question.action === action;
      await expect(map()).rejects.toThrow(
        `does not have permissions to call ${action.slice(4)} on SQS`,
      );
      send('x');
      await cloud.clock.settled();
      expect(batches()).toEqual([]);
    },
  );

  it('is who receives and deletes; a permission lost is found again within a minute', async () => {
    await map();
    send('x');
    await cloud.clock.settled();
    expect(cloud.requested.at(-1)).toMatchObject({
      action: 'sqs:DeleteMessage',
      caller: { kind: 'role', arn: ROLE_ARN },
    });
    cloud.deny = ({ action }) => action === 'sqs:ReceiveMessage';
    send('y');
    await cloud.advance(30);
    expect(batches()).toHaveLength(1);
    cloud.deny = () => false;
    await cloud.advance(31);
    expect(batches().map(({ batch }) => batch)).toEqual([['x'], ['y']]);
  });

  it('that may not delete gets its messages again', async () => {
    await map();
    cloud.deny = ({ action }) => action === 'sqs:DeleteMessage';
    send('x');
    await cloud.advance(60);
    expect(batches().map(({ counts }) => counts)).toEqual([['1'], ['2']]);
  });
});

test.each([
  [{ BatchSize: 11 }, /BatchSize must be .* from 1 to 10, got 11/],
  [{ ScalingConfig: { MaximumConcurrency: 1 } }, /from 2 to 1000, got 1/],
])('refuses the settings %j', async (properties, message) => {
  await expect(map(properties)).rejects.toThrow(message);
});

it('refuses a queue that shows messages again before the function’s timeout', async () => {
  const short = await deployQueue(cloud, 'short', { VisibilityTimeout: 9 });
  await expect(map({ EventSourceArn: short })).rejects.toThrow(
    /9 seconds is less than Function timeout: 10 seconds/,
  );
});

test.each([
  ['null', []],
  ['{}', []],
  ['{"batchItemFailures":null}', []],
  ['{"batchItemFailures":[]}', []],
  ['{"batchItemFailures":[{"itemIdentifier":"a"}]}', ['a']],
  ['{"batchItemFailures":[{"itemIdentifier":""}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":null}]}', 'all'],
  ['{"batchItemFailures":[{"messageId":"a"}]}', 'all'],
  ['{"batchItemFailures":[{"itemIdentifier":"c"}]}', 'all'],
  ['{"batchItemFailures":"a"}', 'all'],
  ['"fine"', 'all'],
])('reads the answer %s', (payload, expected) => {
  const failed = failedItems(payload, ['a', 'b']);
  expect(failed === 'all' ? failed : [...failed]).toEqual(expected);
});
