import { afterAll, beforeAll, expect, test } from 'vitest';
import { localFileOf } from '../../lib/workbench/scenarios/deploy-watcher.ts';
import { licenseWatcher } from '../../lib/workbench/scenarios/in-process.ts';
import { SPARE_ACCOUNT } from '../../lib/workbench/scenarios/participants.ts';
import { seatAt } from '../support/license-watcher.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

const ME = 'me@seller.example';

let fixture: WatcherFixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

async function give(...argv: string[]) {
  const { cloud } = fixture;
  const file = localFileOf(cloud, [{ accountId: SPARE_ACCOUNT, name: 'Me' }]);
  return licenseWatcher(argv, { ...(await seatAt(cloud, SPARE_ACCOUNT)), file });
}

async function say(...argv: string[]): Promise<string> {
  const { code, out, err } = await give(...argv);
  expect(code, err).toBe(0);
  return flat(`${out}${err}`);
}

test('walks', async () => {
  const { cloud, run } = fixture;
  console.log(await say('invite', SPARE_ACCOUNT, '--name', 'Me', '--product', 'suite', '--email', ME, '--no-approval', '--as-buyer'));
  await cloud.clock.advanceTo(cloud.clock.now() + 60_000);
  cloud.mailbox.confirm(ME);
  console.log((await give('buyers', SPARE_ACCOUNT)).out);
  const first = await give('test-license', SPARE_ACCOUNT, 'suite');
  console.log(first.out, first.err);
  const second = await give('test-license', SPARE_ACCOUNT, 'suite', '--as-buyer');
  console.log(second.out, second.err);
  console.log((await give('check', SPARE_ACCOUNT)).out);
  await cloud.clock.advanceTo(cloud.clock.now() + 60_000);
  console.log(cloud.mailbox.read(ME).map((m) => `${new Date(m.at).toISOString()} ${m.subject}`));
  for (const argv of [['--amend'], ['--amend'], ['--end'], ['--end'], ['--amend', '--days', '30'], ['--delete'], ['--delete'], []]) {
    const r = await give('test-license', SPARE_ACCOUNT, 'suite', ...argv);
    console.log(argv.join(' '), r.code, '\n', r.out, r.err);
    await give('check', SPARE_ACCOUNT);
    await run.sweep();
  }
  console.log(cloud.mailbox.read(ME).map((m) => `${new Date(m.at).toISOString()} ${m.subject}`));
});
