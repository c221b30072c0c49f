import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localFileOf } from '../../lib/workbench/scenarios/deploy-watcher.ts';
import { licenseWatcher } from '../../lib/workbench/scenarios/in-process.ts';
import { ownSettings } from '../../lib/workbench/scenarios/own-settings.ts';
import { connect } from '../../lib/seller/cli/connect/connect.ts';
import {
  REGION,
  SELLER_ACCOUNT,
  SPARE_ACCOUNT,
} from '../../lib/workbench/scenarios/participants.ts';
import { synthesize } from '../../lib/workbench/cloud/synthesize.ts';
import { codeBlocks, documentText, sectionOf, shellWords } from '../support/document.ts';
import { at } from '../support/licenses.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { BUYER_STACK_NAME } from '../../lib/messages/names.ts';

const ME = 'me@example.com';
const PRODUCT = 'example-server';
const MINUTE = 60_000;

/** As `npm start -- --scenario none` deploys it: the products of cdk.json, and nobody invited. */
let fixture: WatcherFixture;
beforeAll(async () => {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
    context: { 'license-watcher': Record<string, unknown> };
  };
  const settings = ownSettings(context['license-watcher']);
  fixture = await openFixture({
    assembly: await synthesize(settings, process.cwd(), temporaryDirectory()),
    unsold: true,
  });
}, 300_000);
afterAll(() => fixture[Symbol.asyncDispose]());

/** Without a terminal, in the working directory of the local cloud. */
function give(...argv: readonly string[]) {
  const { cloud, assembly } = fixture;
  let externalIds = 0;
  return licenseWatcher(argv, {
    file: localFileOf(cloud, [{ accountId: SPARE_ACCOUNT, name: 'Me' }]),
    files: new Map(),
    buyerTemplate: assembly.template(BUYER_STACK_NAME),
    now: () => cloud.clock.now(),
    newExternalId: () => `external-${cloud.clock.now()}-${(externalIds += 1)}`,
  });
}

async function said(...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await give(...argv);
  expect(code, err).toBe(0);
  return out;
}

async function state(...argv: readonly string[]) {
  const answer = JSON.parse(
    await said('test-license', SPARE_ACCOUNT, PRODUCT, ...argv, '--json'),
  ) as { state: string; done: { call: string }[]; end: string };
  return { ...answer, calls: answer.done.map(({ call }) => call) };
}

const passes = (milliseconds: number) =>
  fixture.cloud.clock.advanceTo(fixture.cloud.clock.now() + milliseconds);
const subjects = () =>
  fixture.cloud.mailbox
    .read(ME)
    .filter(({ kind }) => kind === 'notification')
    .map(({ subject }) => subject);
const licensesOfSeller = () =>
  fixture.cloud.licenseManager
    .licenses()
    .filter(({ status }) => status !== 'DELETED' && status !== 'PENDING_DELETE');

test('the commands of the README lead to the first mail, within ten minutes', async () => {
  const [block] = codeBlocks(sectionOf(documentText('README.md'), 'your-first-day'));
  const commands = (block?.code ?? '')
    .split('\n')
    .filter((line) => line.startsWith('npx license-watcher --local '))
    .map((line) => shellWords(line.replace(/ +#.*/, '')).slice(3));
  expect(commands.map(([name]) => name)).toEqual(['preflight', 'invite', 'test-license', 'check']);
  const began = fixture.cloud.clock.now();
  for (const argv of commands) {
    const out = await said(...argv);
    if (argv[0] === 'preflight') expect(out).toContain('no license was seen yet');
    // What is asked for takes a minute, as with CloudFormation, and the link is followed where it has come.
    await passes(MINUTE);
    fixture.cloud.mailbox.confirm(ME);
  }
  expect(subjects()).toEqual([expect.stringContaining('Example Server')]);
  expect(fixture.cloud.clock.now() - began).toBeLessThanOrEqual(10 * MINUTE);
  expect(fixture.cloud.licenseManager.seatsHeld()).toBe(0);
});

test('preflight then judges names, grant and probe', async () => {
  const out = await said('preflight', PRODUCT);
  for (const line of [
    'understood: "BasicTier" (None)',
    'it allows checkouts and check-ins',
    'a checkout of "BasicTier" was accepted, and holds no seat',
  ])
    expect(out).toContain(line);
  expect(out).not.toMatch(/^ {2}(?:warning|FAILURE)/m);
});

test('asked again, and twice at once, nothing is made twice', async () => {
  expect(await state()).toMatchObject({ state: 'active', calls: [] });
  expect(licensesOfSeller()).toHaveLength(1);
  await state('--delete');
  expect(licensesOfSeller()).toHaveLength(0);
  const both = await Promise.all([state('--as-buyer'), state()]);
  expect(both.map((each) => each.state)).toContain('active');
  expect(licensesOfSeller()).toHaveLength(1);
});

test('whoever asks for the same before it is shown gets the same', async () => {
  await state('--delete');
  const { cloud } = fixture;
  const { testLicenses } = await connect({
    ...{ deployment: 'default', region: REGION, profile: undefined },
    local: { endpoint: cloud.url, credentials: cloud.keys(SELLER_ACCOUNT) },
  });
  const issuer = await testLicenses({
    ...{ buyerAccountId: SPARE_ACCOUNT, productSku: 'prod-abcdefghijklm' },
    ...{ productName: 'Example Server', issuerName: 'Self' },
  });
  const terms = {
    ...{ begin: at('2027-03-01'), end: at('2027-03-11') },
    entitlements: [{ name: 'BasicTier', unit: 'None', count: null, returns: true }],
  };
  const [first, second] = [await issuer.create(terms, []), await issuer.create(terms, [])];
  expect(second.licenseArn).toBe(first.licenseArn);
  for (const _ of ['once', 'again']) await issuer.grant(first.licenseArn, []);
  expect(await issuer.grants(first.licenseArn)).toHaveLength(1);
  const longer = { ...terms, end: at('2027-04-01') };
  for (const _ of ['once', 'again']) await issuer.newVersion(first, longer);
  expect(await issuer.list()).toContainEqual(expect.objectContaining({ version: '2' }));
});

test.each(['CreateLicense', 'CreateGrant', 'CreateGrantVersion', 'AcceptGrant', 'DeleteLicense'])(
  'an answer to %s that is lost makes nothing more',
  async (operation) => {
    const { faults } = fixture.cloud.licenseManager;
    const goals = operation === 'DeleteLicense' ? [['--delete']] : [['--delete'], ['--as-buyer']];
    for (const [at, argv] of goals.entries()) {
      const isLast = at === goals.length - 1;
      const lift = isLast ? faults.inject({ kind: 'answer-lost' }, { operation, times: 2 }) : null;
      await give('test-license', SPARE_ACCOUNT, PRODUCT, ...argv);
      lift?.();
    }
    const [goal = []] = goals.slice(-1);
    const { state: reached } = await state(...goal);
    expect(reached).toBe(operation === 'DeleteLicense' ? 'deleted' : 'active');
    expect(licensesOfSeller()).toHaveLength(operation === 'DeleteLicense' ? 0 : 1);
  },
);

test('amended, ended and deleted, each is told', async () => {
  await state('--as-buyer');
  await said('check', SPARE_ACCOUNT);
  await passes(MINUTE);
  const before = subjects().length;
  expect(await state('--amend')).toMatchObject({ calls: ['CreateLicenseVersion'] });
  await said('check', SPARE_ACCOUNT);
  await passes(MINUTE);
  expect(subjects().slice(before)).toEqual([expect.stringMatching(/^Upgraded to Intermediate/)]);

  expect(await state('--amend')).toMatchObject({ calls: [], state: 'active' });
  expect(await state('--end')).toMatchObject({ calls: ['CreateLicenseVersion'], state: 'ended' });
  expect(await state('--end')).toMatchObject({ calls: [], state: 'ended' });
  await fixture.run.sweeps(6);
  expect(subjects().at(-1)).toMatch(/^(?:Expired|Ended)/);

  expect(await state('--delete')).toMatchObject({ calls: ['DeleteLicense', 'DeleteGrant'] });
  expect(await state('--delete')).toMatchObject({ calls: [], state: 'deleted' });
});

test('the buyer’s commands are those that the buyer needs, in this order', async () => {
  const { buyerCommands } = JSON.parse(
    await said('test-license', SPARE_ACCOUNT, PRODUCT, '--json'),
  ) as { buyerCommands: string[] };
  expect(buyerCommands.map((command) => command.split(' ')[2])).toEqual([
    'accept-grant',
    'create-grant-version',
  ]);
  expect(await state('--as-buyer')).toMatchObject({
    calls: ['AcceptGrant', 'CreateGrantVersion'],
    state: 'active',
  });
});

test('a license of the seller’s that it did not make is left alone', async () => {
  const own = await fixture.licenses.provision(SPARE_ACCOUNT, 'prod-abcdefghijklm', {
    begin: '2027-03-01T00:00:00Z',
    end: '2028-03-01T00:00:00Z',
    entitlements: [{ Name: 'BasicTier', Unit: 'None' }],
  });
  await state('--delete');
  expect(licensesOfSeller().map(({ arn }) => arn)).toEqual([own.licenseArn]);
});

test('an account without keys, or the seller’s own, is refused', async () => {
  const unknown = await give('test-license', '123456789012', PRODUCT, '--as-buyer');
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('no keys') as string });
  expect(await give('test-license', SELLER_ACCOUNT, PRODUCT)).toMatchObject({ code: 2 });
});
