import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedNotice } from '../../lib/messages/published-notice.ts';
import type { EventMessage } from '../../lib/workbench/cloud/events/event-message.ts';
import { AURORA, SELLER_ACCOUNT, skuOf } from '../../lib/workbench/scenarios/participants.ts';
import { seats, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { complaints, deadLetters, noticeEvents } from '../support/fixture-readings.ts';
import { openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

const MINUTE = 60_000;

let fixture: WatcherFixture;
let license: IssuedLicense;
/** Whatever comes upon a bus of the seller's own. */
let events: EventMessage[];
beforeAll(async () => {
  fixture = await openFixture();
  const { cloud, licenses, run } = fixture;
  events = noticeEvents(cloud);
  const term = { begin: '2027-03-01T00:00:00Z', end: '2028-03-01T00:00:00Z' };
  license = await licenses.issue(AURORA.accountId, skuOf(AURORA.productId), {
    ...term,
    entitlements: [seats(5)],
  });
  await run.join(AURORA);
  await run.sweep();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** A sweep, until its events are put. */
async function sweep(): Promise<readonly EventMessage[]> {
  events.length = 0;
  await fixture.run.sweep();
  await fixture.cloud.clock.advanceTo(fixture.cloud.clock.now() + 10 * MINUTE);
  return events;
}

test('what the seller hears comes upon the bus once, as what the seller’s machines get', async () => {
  await fixture.cloud.clock.advanceTo(fixture.cloud.clock.now() + 10 * MINUTE);
  expect(events).toMatchObject([
    {
      source: 'license-watcher',
      'detail-type': 'WatchStarted',
      account: SELLER_ACCOUNT,
      detail: { buyerAccountId: AURORA.accountId, entry: 1, toBuyer: { outcome: 'told' } },
    },
  ]);
  expect(publishedNotice.safeParse(events[0]?.['detail']).error).toBeUndefined();
  expect(await sweep()).toEqual([]);
});

test('bad news comes upon the bus when a second look has confirmed it', async () => {
  await fixture.licenses.cancel(license);
  expect(await sweep()).toEqual([]);
  for (let tick = 0; tick < 4; tick += 1) if ((await sweep()).length > 0) break;
  expect(events.map((event) => event['detail-type'])).toEqual(['LicenseCanceled']);
  expect(complaints(fixture.cloud)).toEqual([]);
  expect(deadLetters(fixture.cloud)).toEqual([]);
});
