import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUYER_OUTPUTS } from '../../lib/messages/names.ts';
import { AURORA, SELLER_EMAIL } from '../../lib/workbench/scenarios/participants.ts';
import { seats } from '../../lib/workbench/scenarios/test-licenses.ts';
import { dailySlice, placeOf } from '../../lib/domain/registration/place.ts';
import { DAY, MINUTE, plus } from '../../lib/domain/time.ts';
import { at } from '../support/licenses.ts';
import { deadLetters, happenings, ledgerOf } from '../support/fixture-readings.ts';
import { joined } from '../support/joined.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { FIXTURE_START, openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';
import { sha256 } from '../../lib/aws/text.ts';

const TICKS_OF_A_DAY = 96;

let fixture: WatcherFixture;
let topicArn: string;
beforeAll(async () => {
  fixture = await openFixture();
  const { stack } = await joined(fixture, AURORA, [seats(5)]);
  topicArn = stack.outputs[BUYER_OUTPUTS.noticeTopicArn] ?? '';
  await looked(1);
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** The buyer's tick of a later day, and the one after it. */
async function looked(day: number): Promise<void> {
  const place = placeOf(AURORA.accountId, sha256);
  const midnight = plus(at(FIXTURE_START.slice(0, 10)), day * DAY);
  const ticks = Array.from({ length: TICKS_OF_A_DAY }, (_, n) => plus(midnight, n * 15 * MINUTE));
  const tick = ticks.find((each) =>
    dailySlice(each, 15, 1).some(({ from, to }) => place >= from && place < `${to}~`),
  );
  await fixture.run.sweeps(2, tick);
}

const digests = (): readonly string[] =>
  fixture.cloud.mailbox
    .read(SELLER_EMAIL)
    .map(({ subject, text }) => `${subject} ${text}`.replaceAll(/\s+/g, ' '));

test('a buyer who is confirmed gives nobody anything to hear of', async () => {
  expect((await fixture.store.reachability.find(AURORA.accountId))?.state).toBe('confirmed');
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);
});

test('one who unsubscribes is in the digest within a day, and in the lists, with what to do', async () => {
  const { cloud, run } = fixture;
  cloud.mailbox.unsubscribe(AURORA.email, topicArn);
  const before = digests().length;
  // Until the day's look at this buyer nobody knows of it; that there is one each day says test/domain/registration/place.test.ts.
  await run.sweep();
  expect(digests().slice(before)).toEqual([]);
  await looked(2);
  const told = digests().slice(before);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('Notices to this buyer reach nobody');
  expect(told[0]).toContain('subscribe the address to the notice topic again');
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted', 'BuyerUnreachable']);
  const buyers = await licenseWatcher(cloud, ['buyers', AURORA.accountId]);
  expect(buyers.out.replaceAll(/\s+/g, ' ')).toMatch(
    /\(confirmed once, but no longer\).*reaches nobody.*subscribe the address/,
  );
  const doctor = await licenseWatcher(cloud, ['doctor', AURORA.accountId]);
  expect(doctor.out.replaceAll(/\s+/g, ' ')).toMatch(/notices reach nobody.*subscribe the address/);

  await looked(3);
  expect(digests().slice(before), 'said once').toHaveLength(1);
});

test('nothing was given up, and no permission was missing', () => {
  expect(deadLetters(fixture.cloud)).toEqual([]);
});
