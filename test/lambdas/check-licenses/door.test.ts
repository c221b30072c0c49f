import { createHash } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Settings } from '../../../lib/schemas/settings.ts';
import { BUYER, buyerToCheck, checkMessage } from '../../support/checking.ts';
import { floatingProduct } from '../../support/looking.ts';
import { assumedRole, jsonError, startScriptedAws, type ScriptedAws } from '../../support/scripted-aws.ts';
import { gotten, licenseArn, wireLicense } from '../../support/wire-licenses.ts';
import { instant, MINUTE, type Instant } from '../../../lib/domain/time.ts';

const SETTINGS: Settings = {
  deployment: 'default',
  sellerName: 'Example seller',
  products: [floatingProduct()],
  intervalMinutes: 15,
  spreadMinutes: 5,
};

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

let aws: ScriptedAws;
let handler: Handler;
beforeAll(async () => {
  aws = await startScriptedAws();
  const environment = {
    WATCH_TABLE_NAME: 'watch',
    AUDIT_TABLE_NAME: 'audit',
    NOTICES_QUEUE_URL: `${aws.endpoint}/999900001111/notices`,
    CHECKS_QUEUE_URL: `${aws.endpoint}/999900001111/checks`,
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
  ({ handler } = await import('../../../lambdas/check-licenses/index.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await aws.close();
});

function scripted() {
  aws.clear();
  aws.script('AssumeRole', assumedRole(`arn:aws:sts::${BUYER}:assumed-role/reading/license-watcher`));
  aws.script('ListReceivedLicenses', { body: { Licenses: [wireLicense({ Validity: LONG })] } });
  aws.script('GetLicense', { body: { License: gotten({ Validity: LONG }) } });
  aws.script('CheckoutLicense', { body: { LicenseConsumptionToken: 'token-1', LicenseArn: licenseArn(1) } });
  aws.script('CheckInLicense', { body: {} });
  aws.script('GetItem', { body: {} });
  aws.script('TransactWriteItems', { body: {} });
  aws.script('UpdateItem', { body: {} });
  aws.script('SendMessageBatch', ({ input }) => ({ body: { Successful: idsOf(input), Failed: [] } }));
}

/** Far from any rung of the ladder, whenever the test runs. */
const LONG = { Begin: '2020-01-01T00:00:00Z', End: '9998-01-01T00:00:00Z' };
const LOOK = ['AssumeRole', 'ListReceivedLicenses', 'GetLicense', 'CheckoutLicense', 'CheckInLicense'];

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
  const context = { getRemainingTimeInMillis: () => 55_000, awsRequestId: 'request-1', functionName: 'check-licenses' };
  return handler({ Records: records } as unknown as SQSEvent, context as unknown as Context);
}

const now = () => instant(Date.now());

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

test('a first look is five calls, one read, one transaction and one nudge; a steady one is the five calls alone', async () => {
  scripted();
  expect(await invoked(checkMessage({ tick: now(), visibleAt: now() }))).toEqual({ batchItemFailures: [] });
  expect(aws.operations()).toEqual([...LOOK, 'GetItem', 'TransactWriteItems', 'SendMessageBatch']);
  const contracts = [{ productId: 'example', ...headWritten() }];

  // Of the ticks of six hours one confirms: all others touch nothing.
  let confirming = 0;
  for (let n = 0; n < 24; n += 1) {
    scripted();
    const tick = instant(Date.parse('2026-11-01T00:00:00Z') + n * 15 * MINUTE);
    const steady = checkMessage({ tick, visibleAt: now(), buyers: [buyerToCheck({ contracts })] });
    expect(await invoked(steady)).toEqual({ batchItemFailures: [] });
    if (aws.operations().length > LOOK.length) confirming += 1;
    else expect(aws.operations()).toEqual(LOOK);
  }
  expect(confirming).toBe(1);
});

test('a table that refuses sends the buyer again, with a delay; a queue that refuses as well fails the message', async () => {
  scripted();
  aws.script('GetItem', jsonError('ThrottlingException'));
  const message = checkMessage({ tick: now(), visibleAt: now() });
  expect(await invoked(message)).toEqual({ batchItemFailures: [] });
  const sent = aws.calls.find(({ operation }) => operation === 'SendMessageBatch')?.input;
  expect(sent).toMatchObject({ QueueUrl: `${aws.endpoint}/999900001111/checks`, Entries: [{ DelaySeconds: 30 }] });
  expect(JSON.parse((sent?.['Entries'] as { MessageBody: string }[])[0]!.MessageBody)).toEqual(message);

  aws.script('SendMessageBatch', ({ input }) => ({
    body: { Successful: [], Failed: idsOf(input).map(({ Id }) => ({ Id, Code: 'Refused', SenderFault: true })) },
  }));
  expect(await invoked(message)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
});

test('a malformed message fails alone', async () => {
  scripted();
  const message = checkMessage({ tick: now(), visibleAt: now() });
  expect(await invoked({ format: 7 }, message)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
  expect(aws.operations()).toContain('TransactWriteItems');
});
