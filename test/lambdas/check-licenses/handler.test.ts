import { createHash } from 'node:crypto';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkAnswer } from '../../../lib/messages/requests.ts';
import type { Settings } from '../../../lib/messages/settings.ts';
import { storeBuyer } from '../../../lib/messages/stored-buyer.ts';
import { placeOf } from '../../../lib/domain/registration/place.ts';
import type { RangeMessage } from '../../../lib/messages/check-buyers.ts';
import { BUYER, checkMessage } from '../../support/checking.ts';
import { floatingProduct } from '../../support/looking.ts';
import {
  assumedRole,
  jsonError,
  queryError,
  startScriptedAws,
  type ScriptedAws,
} from '../../support/scripted-aws.ts';
import { aBuyer, aRegistration } from '../../support/records.ts';
import { checkedOut, gotten, wireLicense } from '../../support/wire-licenses.ts';
import { instant, type Instant, MINUTE } from '../../../lib/domain/time.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const SETTINGS: Settings = {
  deployment: 'default',
  sellerName: 'Example seller',
  products: [floatingProduct()],
  intervalMinutes: 15,
  slack: false,
  spreadMinutes: 5,
  digest: 'each tick',
  timeZone: 'UTC',
  openEnrolment: null,
  agreements: 'on',
};

type Handler = (event: unknown, context: Context) => Promise<unknown>;

let aws: ScriptedAws;
let handler: Handler;
beforeAll(async () => {
  aws = await startScriptedAws();
  const environment = {
    WATCH_TABLE_NAME: 'watch',
    AUDIT_TABLE_NAME: 'audit',
    NOTICES_QUEUE_URL: `${aws.endpoint}/999900001111/notices`,
    CHECKS_QUEUE_URL: `${aws.endpoint}/999900001111/checks`,
    REGISTRATIONS_QUEUE_URL: `${aws.endpoint}/999900001111/registrations`,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAWATCHER',
    AWS_SECRET_ACCESS_KEY: 'secret',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  // What esbuild's `define` does to the bundle.
  vi.stubGlobal('LICENSE_WATCHER_SETTINGS', SETTINGS);
  handler = (await import('../../../lambdas/check-licenses/index.ts')).handler;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await aws.close();
});

const PROFILE = storeBuyer(
  aBuyer({
    productIds: ['example'],
    registration: aRegistration({
      roleArn: `arn:aws:iam::${BUYER}:role/license-watcher-buyer/reading`,
    }),
  }),
);
const PLACE = placeOf(BUYER, sha256);

/** The index has the buyer's profile, and its head as far as a check needs it. */
function scripted(head?: { readonly digest: string; readonly nextDue: Instant | null }) {
  aws.clear();
  const rows = [
    { ...PROFILE, record: 'profile', place: PLACE },
    ...(head === undefined
      ? []
      : [{ buyer: BUYER, record: 'head#example', place: PLACE, ...head }]),
  ];
  // No agreements.
  aws.script('Query', ({ input }) => ({
    body: JSON.stringify(input).includes('agreements#')
      ? { Items: [], Count: 0 }
      : { Items: rows.map(mapped), Count: rows.length },
  }));
  aws.script(
    'AssumeRole',
    assumedRole(`arn:aws:sts::${BUYER}:assumed-role/reading/license-watcher`),
  );
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense({ Validity: LONG })] } });
  aws.script('GetLicense', { body: { License: gotten({ Validity: LONG }) } });
  aws.script('GetLicenseUsage', { body: { LicenseUsage: { EntitlementUsages: [SEATS] } } });
  aws.script('CheckoutLicense', checkedOut());
  aws.script('CheckInLicense', { body: {} });
  aws.script('GetItem', ({ input }) => ({
    body: JSON.stringify(input).includes('"profile"') ? { Item: mapped(PROFILE) } : {},
  }));
  aws.script('TransactWriteItems', { body: {} });
  aws.script('UpdateItem', { body: {} });
  aws.script('SendMessageBatch', ({ input }) => ({
    body: { Successful: idsOf(input), Failed: [] },
  }));
}

/** Far from any reminder day, whenever the test runs. */
const LONG = { Begin: '2020-01-01T00:00:00Z', End: '9998-01-01T00:00:00Z' };
const READS = ['AssumeRole', 'ListReceivedLicenses', 'GetLicense'];
const PROBE = ['CheckoutLicense', 'CheckInLicense'];
const LOOK = [...READS, ...PROBE];
/** Of one look in an hour, and of one that somebody asks for. */
const LOOK_WITH_USAGE = [...READS, 'GetLicenseUsage', ...PROBE];
const SEATS = { Name: 'ReadOnly', Unit: 'Count', ConsumedValue: '3', MaxCount: '5' };

const CONTEXT = {
  getRemainingTimeInMillis: () => 55_000,
  awsRequestId: 'request-1',
  functionName: 'check-licenses',
} as unknown as Context;

/** The SDK compares the hash with what it sent. */
const idsOf = (input: Readonly<Record<string, unknown>>) =>
  (input['Entries'] as { Id: string; MessageBody: string }[]).map(({ Id, MessageBody }) => ({
    Id,
    MessageId: `id-${Id}`,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }));

async function invoked(...bodies: readonly unknown[]): Promise<SQSBatchResponse> {
  const records = bodies.map((body, n) => ({
    messageId: `message-${n + 1}`,
    body: JSON.stringify(body),
    attributes: {},
  }));
  return (await handler({ Records: records }, CONTEXT)) as SQSBatchResponse;
}

const now = () => instant(Date.now());

const message = (changes: Partial<RangeMessage> = {}) =>
  checkMessage({ tick: now(), visibleAt: now(), from: PLACE, to: PLACE, ...changes });

/** What the head written by the last transaction says of itself. */
function headWritten(): { digest: string; nextDue: Instant | null } {
  const transaction = aws.calls.find(({ operation }) => operation === 'TransactWriteItems');
  const digest = /":digest":\{"S":"([^"]*)"\}/.exec(JSON.stringify(transaction?.input))?.[1];
  const nextDue = /":nextDue":\{"S":"([^"]*)"\}/.exec(JSON.stringify(transaction?.input))?.[1];
  return {
    digest: digest ?? expect.fail('expected a head with a digest'),
    nextDue: (nextDue as Instant | undefined) ?? null,
  };
}

test('a first look is one query, six calls, five reads, one transaction, one write and one message; a steady one is the query and five calls, once an hour six, a read and a write', async () => {
  scripted();
  // Not the one tick of six hours in which this contract also writes that it was seen.
  const tick = instant(Date.parse('2026-11-01T00:00:00Z'));
  expect(await invoked(message({ tick }))).toEqual({ batchItemFailures: [] });
  expect(aws.operations()).toEqual([
    ...['Query', ...LOOK_WITH_USAGE, 'GetItem', 'GetItem', 'GetItem', 'Query', 'GetItem'],
    ...['TransactWriteItems', 'UpdateItem', 'SendMessageBatch'],
  ]);
  const head = headWritten();

  // Of the ticks of six hours one writes that it was seen, and of an hour one reads usage: all others touch nothing.
  let [confirming, reading] = [0, 0];
  for (let n = 0; n < 24; n += 1) {
    scripted(head);
    const tick = instant(Date.parse('2026-11-01T00:00:00Z') + n * 15 * MINUTE);
    expect(await invoked(message({ tick }))).toEqual({ batchItemFailures: [] });
    const updates = aws.calls.filter(({ operation }) => operation === 'UpdateItem');
    const [usage, seen] = [':entitlements', ':at'].map((value) =>
      updates.some(({ input }) => value in (input['ExpressionAttributeValues'] as object)),
    );
    if (usage) reading += 1;
    if (seen && (!usage || updates.length > 1)) confirming += 1;
    expect(aws.operations()).toEqual([
      'Query',
      ...(usage ? [...LOOK_WITH_USAGE, 'GetItem'] : LOOK),
      ...updates.map(() => 'UpdateItem'),
    ]);
  }
  expect([confirming, reading]).toEqual([1, 6]);
});

test('a table that refuses sends the buyer again, with a delay; a queue that refuses as well fails the message', async () => {
  scripted();
  aws.script('GetItem', jsonError('ThrottlingException'));
  const asked = message();
  expect(await invoked(asked)).toEqual({ batchItemFailures: [] });
  const sent = aws.calls.find(({ operation }) => operation === 'SendMessageBatch')?.input;
  expect(sent).toMatchObject({
    QueueUrl: `${aws.endpoint}/999900001111/checks`,
    Entries: [{ DelaySeconds: 30 }],
  });
  expect(JSON.parse((sent?.['Entries'] as { MessageBody: string }[])[0]!.MessageBody)).toEqual({
    ...asked,
    round: 1,
  });

  aws.script('SendMessageBatch', ({ input }) => ({
    body: {
      Successful: [],
      Failed: idsOf(input).map(({ Id }) => ({ Id, Code: 'Refused', SenderFault: true })),
    },
  }));
  expect(await invoked(asked)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
});

test('a malformed message fails alone', async () => {
  scripted();
  expect(await invoked({ format: 7 }, message())).toEqual({
    batchItemFailures: [{ itemIdentifier: 'message-1' }],
  });
  expect(aws.operations()).toContain('TransactWriteItems');
});

describe('asked directly', () => {
  const ROLE = `arn:aws:iam::${BUYER}:role/license-watcher-buyer/reading`;
  const profile = storeBuyer(
    aBuyer({
      productIds: ['example'],
      externalId: 'external-id',
      registration: aRegistration({ roleArn: ROLE }),
    }),
  );
  const ask = { format: 1, request: 'check', buyerAccountId: BUYER, productIds: [], dryRun: false };

  function scriptedFor() {
    scripted();
    aws.script('CheckoutLicense', {
      ...checkedOut({ LicenseConsumptionToken: 'consumption-token-9f3c' }),
      headers: { 'x-amzn-requestid': 'request-of-the-checkout' },
    });
    aws.script('GetItem', ({ input }) =>
      JSON.stringify(input).includes('"profile"')
        ? { body: { Item: mapped(profile) } }
        : { body: {} },
    );
    aws.script('Query', { body: { Items: [], Count: 0 } });
  }

  test('it looks as a check of a sweep does, and tells each call with nothing in it that opens anything', async () => {
    scriptedFor();
    const answer = await handler(ask, CONTEXT);
    expect(aws.operations()).toEqual([
      ...['GetItem', 'Query', 'GetItem'],
      ...LOOK_WITH_USAGE,
      ...['GetItem', 'Query', 'GetItem'],
      ...['TransactWriteItems', 'UpdateItem', 'SendMessageBatch'],
    ]);
    const checked = checkAnswer.parse(answer);
    if (checked.outcome !== 'checked') expect.fail(checked.words);
    expect(
      checked.calls.map(({ operation, productId, fact }) => [operation, productId, fact]),
    ).toEqual([
      ['AssumeRole', null, `arn:aws:sts::${BUYER}:assumed-role/reading/license-watcher`],
      ['ListReceivedLicenses', 'example', '1 license'],
      ['GetLicense', 'example', 'version 1, AVAILABLE, ends 9998-01-01T00:00:00Z'],
      ['GetLicenseUsage', 'example', '1 entitlement'],
      ['CheckoutLicense', 'example', 'checked out AWS::Marketplace::Usage, token ...9f3c'],
      ['CheckInLicense', 'example', 'returned token ...9f3c'],
    ]);
    expect(checked.calls.map(({ service }) => service)).toEqual([
      'sts',
      ...LOOK_WITH_USAGE.slice(1).map(() => 'license-manager'),
    ]);
    expect(checked.calls[4]?.requestId).toBe('request-of-the-checkout');
    expect(checked.contracts).toMatchObject([
      {
        productId: 'example',
        observed: 'seen',
        verdict: 'entitled',
        recorded: { entry: 1, leftToSweeps: false },
      },
    ]);
    for (const secret of ['external-id', 'consumption-token', 'ASIASCRIPTED', '"secret"'])
      expect(JSON.stringify(answer)).not.toContain(secret);
    const tokens = aws.calls.flatMap(({ input }) =>
      input['ClientToken'] === undefined ? [] : [input['ClientToken']],
    );
    expect(tokens).toHaveLength(1);
  });

  test('a dry run takes no checkout and writes nothing', async () => {
    scriptedFor();
    const answer = await handler({ ...ask, dryRun: true }, CONTEXT);
    expect(aws.operations()).toEqual([
      ...['GetItem', 'Query', 'GetItem', ...READS, 'GetLicenseUsage', 'GetItem'],
      ...['Query', 'GetItem'],
    ]);
    expect(answer).toMatchObject({ dryRun: true, contracts: [{ recorded: { entry: 1 } }] });
  });

  test('a refusal of AWS is told, with each attempt, and without the ExternalId it quotes', async () => {
    scriptedFor();
    aws.script(
      'AssumeRole',
      queryError('Throttling', 'slow down', 400),
      queryError('AccessDenied', 'no external-id', 403),
    );
    const answer = await handler(ask, CONTEXT);
    expect(answer).toMatchObject({
      calls: [
        { operation: 'AssumeRole', error: { name: 'Throttling', message: 'slow down' } },
        { operation: 'AssumeRole', error: { name: 'AccessDenied', message: 'no (ExternalId)' } },
      ],
      contracts: [
        { observed: 'blind', verdict: 'unknown', recorded: { entry: null, leftToSweeps: true } },
      ],
    });
    expect(JSON.stringify(answer)).not.toContain('external-id');
    // Not the fleet's failure: no sweep asked.
    expect(aws.operations()).not.toContain('UpdateItem');
  });

  test.each([[{}], [null], ['check'], [{ ...ask, format: 2 }], [{ ...ask, buyerAccountId: '1' }]])(
    'what is neither an ask nor of its queue is refused: %j',
    async (event) => {
      scriptedFor();
      await expect(handler(event, CONTEXT)).rejects.toThrow(
        /neither messages of its queue nor a request that it knows/,
      );
      expect(aws.operations()).toEqual([]);
    },
  );
});

/** As DynamoDB writes a value into JSON. */
function wired(value: unknown): object {
  if (value === null) return { NULL: true };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(wired) };
  return typeof value === 'object' ? { M: mapped(value) } : { S: value };
}

function mapped(members: object): Record<string, object> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, wired(value)]));
}
