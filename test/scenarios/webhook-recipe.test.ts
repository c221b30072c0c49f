import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishedNotice } from '../../lib/messages/published-notice.ts';
import type { Queue } from '../../lib/workbench/cloud/sqs/queue.ts';
import { AURORA, SELLER_ACCOUNT, skuOf } from '../../lib/workbench/scenarios/participants.ts';
import { seats, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { complaints, deadLetters, queueLike } from '../support/fixture-readings.ts';
import { codeBlocks, documentText, sectionOf } from '../support/document.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { openRecordingEndpoint, type RecordingEndpoint } from '../support/recording-endpoint.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TEMPLATE = readFileSync(new URL('../../docs/recipes/webhook.json', import.meta.url), 'utf8');
const PARAMETERS = {
  Endpoint: 'https://crm.example/hooks/licenses',
  HeaderValue: 'Bearer of-the-crm',
};

let fixture: WatcherFixture;
let webhook: RecordingEndpoint;
let license: IssuedLicense;
let notTaken: Queue;
let count = 5;

beforeAll(async () => {
  [fixture, webhook] = [await openFixture(), await openRecordingEndpoint()];
  const { cloud, licenses, run } = fixture;
  cloud.hosts.set('crm.example', webhook.origin);
  const term = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };
  license = await licenses.issue(AURORA.accountId, skuOf(AURORA.productId), {
    ...term,
    entitlements: [seats(count)],
  });
  await run.join(AURORA);
  await run.sweep();
  await deploy('webhook', PARAMETERS);
  notTaken = queueLike(cloud, 'NotTaken');
});
beforeEach(() => {
  webhook.received.length = 0;
  webhook.behavior = { status: 202 };
});
afterAll(async () => {
  await webhook[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

function deploy(stackName: string, parameters: Readonly<Record<string, string>>) {
  const request = { stackName, template: TEMPLATE, parameters, capabilities: ['CAPABILITY_IAM'] };
  return fixture.cloud.deploy(SELLER_ACCOUNT, request);
}

/** What the commands of docs/events.md give to CloudFormation, where somebody types this token. */
function documentedParameters(token: string): Readonly<Record<string, string>> {
  const page = sectionOf(documentText('docs/events.md'), 'to-a-webhook');
  const [first = '', ...deploys] = codeBlocks(page).map(({ code }) => code);
  // It stands alone: of a block that is pasted whole the next line would be taken for the token.
  expect(first).toBe('read -rs TOKEN\n');
  const commands = [`aws() { printf '%s\\n' "$@"; }`, first, ...deploys].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['-c', commands], {
    input: `${token}\n`,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const words = stdout.trimEnd().split('\n');
  const given = words.slice(words.indexOf('--parameter-overrides') + 1);
  return Object.fromEntries(given.map((each) => each.split('=') as [string, string]));
}

/** The buyer buys more, and the sweep sees it. */
async function upgrade(): Promise<void> {
  count += 5;
  license = await fixture.licenses.amend(license, { entitlements: [seats(count)] });
  await fixture.run.sweep();
}

/** The types of all that the webhook was called with. */
const types = (): unknown[] =>
  webhook.received.map(({ body }) => (JSON.parse(body) as Record<string, unknown>)['detail-type']);

test('a notice reaches the webhook once, as the event that docs/events.md describes, with the header', async () => {
  await upgrade();
  expect(webhook.received).toMatchObject([
    {
      method: 'POST',
      path: '/hooks/licenses',
      headers: { authorization: 'Bearer of-the-crm', host: 'crm.example' },
    },
  ]);
  const body = JSON.parse(webhook.received[0]?.body ?? '') as Record<string, unknown>;
  expect(body).toMatchObject({
    source: 'license-watcher',
    'detail-type': 'LicenseUpgraded',
    account: SELLER_ACCOUNT,
    detail: { buyerAccountId: AURORA.accountId, severity: 'info' },
  });
  expect(publishedNotice.safeParse(body['detail']).error).toBeUndefined();
  await fixture.run.sweep();
  expect(webhook.received).toHaveLength(1);
});

test('a test of the seller’s reaches it at once, marked', async () => {
  const { code, err } = await licenseWatcher(fixture.cloud, [
    'simulate',
    'LicenseExpired',
    AURORA.accountId,
  ]);
  expect([code, err]).toEqual([0, '']);
  await fixture.cloud.clock.settled();
  expect(webhook.received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { 'detail-type': 'LicenseExpired', detail: { test: true, entry: 0, hash: 'test' } },
  ]);
});

test('a webhook that refuses for an hour gets the notice later, once, and nothing else is late', async () => {
  const { cloud, run } = fixture;
  webhook.behavior = { status: 503 };
  const [before, mails] = [cloud.clock.now(), run.notices().length];
  await upgrade();
  const told = run.notices().slice(mails);
  expect(told.filter(({ to }) => to === AURORA.email)).toHaveLength(1);
  // A sweep begins with the next tick, at most a quarter of an hour away.
  for (const { at } of told) expect(at - before).toBeLessThan(25 * MINUTE);
  await cloud.clock.advanceTo(before + HOUR);
  expect(types().length).toBeGreaterThan(5);
  webhook.behavior = { status: 200 };
  webhook.received.length = 0;
  await upgrade();
  await cloud.clock.advanceTo(cloud.clock.now() + 30 * MINUTE);
  expect(types()).toEqual(['LicenseUpgraded', 'LicenseUpgraded']);
  expect(notTaken.peek()).toEqual([]);
  expect(complaints(cloud)).toEqual([]);
});

test('what a webhook never takes waits in the queue after a day', async () => {
  const { cloud } = fixture;
  webhook.behavior = { status: 500 };
  await upgrade();
  await cloud.clock.advanceTo(cloud.clock.now() + 23 * HOUR);
  expect(notTaken.peek()).toEqual([]);
  await cloud.clock.advanceTo(cloud.clock.now() + 2 * HOUR);
  const [dead, ...others] = notTaken.peek();
  expect(others).toEqual([]);
  expect(JSON.parse(dead?.body ?? '')).toMatchObject({ 'detail-type': 'LicenseUpgraded' });
  expect(dead?.attributes['EXHAUSTED_RETRY_CONDITION']?.StringValue).toMatch(/^Maximum/);
  expect(complaints(cloud)).toEqual([]);
});

test('a webhook that asks for graver notices gets no others, deployed by the commands of docs/events.md, none of which holds its token', async () => {
  fixture.cloud.hosts.set('crm.example.com', webhook.origin);
  await deploy('grave', {
    ...documentedParameters('of-the-page'),
    AlarmTopicArn: 'arn:aws:sns:us-east-1:111111111111:operations',
  });
  const grave = () => webhook.received.filter(({ path }) => path === '/licenses');
  await upgrade();
  expect([webhook.received.length, grave().length]).toEqual([1, 0]);
  await fixture.licenses.cancel(license);
  for (let tick = 0; tick < 5 && grave().length === 0; tick += 1) await fixture.run.sweep();
  expect(types().slice(1)).toEqual(['LicenseCanceled', 'LicenseCanceled']);
  expect(grave()).toMatchObject([{ headers: { authorization: 'Bearer of-the-page' } }]);
  expect(deadLetters(fixture.cloud)).toEqual([]);
});
