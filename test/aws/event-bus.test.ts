import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HttpCall } from '../../lib/aws/connections.ts';
import { eventBridgeBus } from '../../lib/aws/event-bus.ts';
import { signedCalls } from '../../lib/aws/signed-call.ts';
import { plainQueue } from '../../lib/aws/sqs.ts';

const EVENTS = [
  { detailType: 'LicenseExpired', detail: { entry: 1 } },
  { detailType: 'Reminder', detail: { entry: 2, buyerName: 'Ünïcode 株式会社' } },
];

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

/** A service that answers so to everything, and what it was asked. */
function answering(service: 'events' | 'sqs', status: number, body: unknown) {
  const asked: HttpCall[] = [];
  const call = signedCalls(service, {
    environment: ENVIRONMENT,
    send: (asking) => {
      asked.push(asking);
      if (body instanceof Error) return Promise.reject(body);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return Promise.resolve({ status, headers: {}, text });
    },
    now: () => Date.now(),
  })();
  return { call, asked };
}

/** What becomes of two events where EventBridge answers so. */
async function put(status: number, body: unknown) {
  const { call, asked } = answering('events', status, body);
  return { outcomes: await eventBridgeBus(call, 'license-watcher-default').put(EVENTS), asked };
}

it('puts all events by one signed request, once', async () => {
  const { outcomes, asked } = await put(200, {
    FailedEntryCount: 0,
    Entries: [{ EventId: 'a' }, { EventId: 'b' }],
  });
  expect(outcomes).toEqual([
    { kind: 'accepted', eventId: 'a' },
    { kind: 'accepted', eventId: 'b' },
  ]);
  expect(asked.map(({ url }) => url.href)).toEqual(['https://events.eu-central-1.amazonaws.com/']);
  expect(asked[0]).toMatchObject({
    headers: {
      'x-amz-target': 'AWSEvents.PutEvents',
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/events\/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*x-amz-target, Signature=[0-9a-f]{64}$/,
      ) as string,
    },
  });
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    Entries: EVENTS.map(({ detailType, detail }) => ({
      EventBusName: 'license-watcher-default',
      Source: 'license-watcher',
      DetailType: detailType,
      Detail: JSON.stringify(detail),
    })),
  });
});

it('reads what became of each', async () => {
  const { outcomes } = await put(200, {
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'oh' }, { EventId: 'b' }],
  });
  expect(outcomes).toEqual([
    { kind: 'refused', reason: 'InternalFailure: oh', forItself: false },
    { kind: 'accepted', eventId: 'b' },
  ]);
});

it.each([
  ['MalformedDetail', true],
  ['InvalidArgument', true],
  ['ThrottlingException', false],
  ['NotAuthorizedForSourceException', false],
])('tells of an entry with %s whether the event is the cause', async (ErrorCode, forItself) => {
  const entry = { ErrorCode, ErrorMessage: 'oh' };
  const { outcomes } = await put(200, { FailedEntryCount: 2, Entries: [entry, entry] });
  expect(outcomes).toMatchObject([{ forItself }, { forItself }]);
});

it('takes the events for the cause of a request that is not valid', async () => {
  const body = { __type: 'com.amazonaws.events#ValidationException', message: 'too large' };
  const { outcomes } = await put(400, body);
  expect(outcomes).toMatchObject([{ forItself: true }, { forItself: true }]);
});

it.each([
  [
    'the whole request is refused',
    400,
    { __type: 'com.amazonaws.events#AccessDeniedException', Message: 'not authorized' },
    'AccessDeniedException: not authorized',
  ],
  ['the answer is no JSON', 503, '<html>', 'UnknownError: HTTP 503'],
  [
    'fewer are named than were put',
    200,
    { FailedEntryCount: 0, Entries: [{ EventId: 'a' }] },
    'EventBridge says that 0 of 2 events failed, and shows 1',
  ],
  [
    'the count says otherwise',
    200,
    { FailedEntryCount: 1, Entries: [{ EventId: 'a' }, { EventId: 'b' }] },
    'EventBridge says that 1 of 2 events failed, and shows 0',
  ],
  ['nothing comes back', 0, new TypeError('fetch failed'), 'TypeError: fetch failed'],
])('takes none for put where %s', async (_, status, body, reason) => {
  const { outcomes } = await put(status, body);
  expect(outcomes).toEqual(EVENTS.map(() => ({ kind: 'refused', reason, forItself: false })));
});

it('sends and hides messages of a queue, and throws unless SQS did', async () => {
  const MD5OfMessageBody = hash('md5', '{"kind":"buyer"}');
  const { call, asked } = answering('sqs', 200, { MessageId: 'm-1', MD5OfMessageBody });
  const queue = plainQueue(call, 'https://sqs.eu-central-1.amazonaws.com/1/checks');
  await queue.send({ kind: 'buyer' });
  await queue.hide('handle', 0);
  const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/1/checks';
  expect(asked.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { QueueUrl, MessageBody: '{"kind":"buyer"}' },
    { QueueUrl, ReceiptHandle: 'handle', VisibilityTimeout: 0 },
  ]);
  expect(asked.map((each) => ({ ...each, url: each.url.href }))).toMatchObject(
    ['SendMessage', 'ChangeMessageVisibility'].map((operation) => ({
      url: 'https://sqs.eu-central-1.amazonaws.com/',
      headers: {
        'x-amz-target': `AmazonSQS.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
      },
    })),
  );
  const refusing = answering('sqs', 400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist' });
  await expect(plainQueue(refusing.call, 'https://q').send({})).rejects.toThrow(
    'SendMessage to https://q: QueueDoesNotExist',
  );
  const odd = answering('sqs', 200, {});
  await expect(plainQueue(odd.call, 'https://q').send({})).rejects.toThrow(
    'SendMessage to https://q: the queue did not say that it took the message',
  );
  await expect(plainQueue(call, 'https://q').send({ kind: 'other' })).rejects.toThrow(
    'SendMessage to https://q: what the queue says it took (MD5) is not the text that was sent',
  );
});
