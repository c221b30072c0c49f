import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandResult } from '../../lib/workbench/scenarios/in-process.ts';
import {
  AURORA,
  BOREALIS,
  SELLER_EMAIL,
  skuOf,
} from '../../lib/workbench/scenarios/participants.ts';
import { tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import { BUYER_STACK_NAME } from '../../lib/messages/names.ts';
import { complaints, deadLetters } from '../support/fixture-readings.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

let fixture: WatcherFixture;
const files = new Map<string, string>();
beforeAll(async () => {
  fixture = await openFixture();
  // What is there at the first reading is no news.
  await fixture.run.join(AURORA);
  await fixture.run.sweep();
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function command(...argv: readonly string[]): Promise<CommandResult> {
  const result = await licenseWatcher(fixture.cloud, argv, files);
  expect(result.code, result.err).toBe(0);
  return result;
}

/** The mails of the sweeps that begin at this instant. */
async function mailsOf(count: number, from?: string) {
  const { run } = fixture;
  const before = run.notices().length;
  await run.sweeps(count, from);
  return run.notices().slice(before);
}

const watches = async (): Promise<readonly string[]> => {
  const { out } = await command('agreements', '--json');
  const rows = JSON.parse(out) as readonly { account: string; product: string; watch: string }[];
  return rows.map(({ account, product, watch }) => `${account} ${product} ${watch}`);
};

test('who buys without an invitation is in the digest, in the list, invited by it, and watched', async () => {
  const { licenses, cloud, buyerTemplate } = fixture;
  await fixture.run.at('2027-03-02T14:05:00Z');
  await licenses.issue(BOREALIS.accountId, skuOf(BOREALIS.productId), {
    ...{ begin: '2027-03-02T00:00:00Z', end: '2028-03-02T00:00:00Z' },
    entitlements: [tier('BasicTier')],
  });
  expect(await mailsOf(2)).toEqual([]);
  expect(await watches()).toEqual([`${BOREALIS.accountId} suite not-invited`]);

  const [digest, ...others] = await mailsOf(2, '2027-03-03T00:00:00Z');
  expect(others).toEqual([]);
  expect(digest).toMatchObject({
    to: SELLER_EMAIL,
    subject: 'License Watcher: 1 bought and not watched, 2027-03-03',
  });
  expect(digest?.text).toContain(`Bought on 2027-03-02: Meridian Suite`);

  const { out: list } = await command('agreements', '--unwatched', '--csv');
  // The account is all that is known of it; the seller puts in the name.
  const [columns = '', line = '', ...rest] = list.trimEnd().split('\r\n');
  expect([line.split(',').slice(0, 3), rest]).toEqual([
    [BOREALIS.accountId, BOREALIS.accountId, 'suite'],
    [],
  ]);
  const named = line.replace(`,${BOREALIS.accountId},`, `,${BOREALIS.name},`);
  files.set('buyers.csv', [columns, named, ''].join('\r\n'));
  const { out } = await command('invite', '--from', 'buyers.csv', '--json', '--no-approval');
  const [invited] = JSON.parse(out) as readonly {
    readonly result: string;
    readonly launch: { readonly stackName: string; readonly parameters: Record<string, string> };
  }[];
  expect(invited?.result).toBe('invited');
  expect(await watches()).toEqual([`${BOREALIS.accountId} suite invited`]);

  cloud.mailbox.autoConfirm(BOREALIS.email);
  const before = fixture.run.notices().length;
  const stack = await cloud.deploy(BOREALIS.accountId, {
    stackName: invited?.launch.stackName ?? BUYER_STACK_NAME,
    parameters: { ...invited?.launch.parameters, NoticeEmail: BOREALIS.email },
    template: buyerTemplate,
    capabilities: ['CAPABILITY_IAM'],
  });
  expect(stack.status).toBe('CREATE_COMPLETE');
  await fixture.run.sweeps(2);
  const mails = fixture.run.notices().slice(before);
  expect(mails.map(({ to, attributes }) => [to, attributes['change']?.value])).toEqual(
    expect.arrayContaining([
      [BOREALIS.email, '["WatchStarted"]'],
      [SELLER_EMAIL, '["WatchStarted"]'],
    ]),
  );
  expect(await watches()).toEqual([`${BOREALIS.accountId} suite watched`]);
  const { out: unwatched } = await command('agreements', '--unwatched', '--json');
  expect(JSON.parse(unwatched)).toEqual([]);

  // It is told of once.
  expect(await mailsOf(2, '2027-03-04T00:00:00Z')).toEqual([]);
  expect([deadLetters(cloud), complaints(cloud)]).toEqual([[], []]);
});
