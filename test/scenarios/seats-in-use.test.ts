import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallLog } from '../../lib/workbench/bench/call-log.ts';
import { AURORA } from '../../lib/workbench/scenarios/participants.ts';
import { seats, type IssuedLicense } from '../../lib/workbench/scenarios/test-licenses.ts';
import { modelOfJson } from '../../lib/seller/report/model-json.ts';
import { DAY, HOUR, instant, MINUTE } from '../../lib/domain/time.ts';
import { complaints, happenings, ledgerOf } from '../support/fixture-readings.ts';
import { joined } from '../support/joined.ts';
import { licenseWatcher } from '../support/license-watcher.ts';
import { FIXTURE_START, openFixture, type WatcherFixture } from '../support/watcher-fixture.ts';

const TICKS_OF_AN_HOUR = 4;
const DAY_ONE = Date.parse(FIXTURE_START.slice(0, 10)) + DAY;

let fixture: WatcherFixture;
let license: IssuedLicense;
let calls: CallLog;
beforeAll(async () => {
  fixture = await openFixture();
  calls = new CallLog(fixture.cloud.faults);
  ({ license } = await joined(fixture, AURORA, [seats(5)]));
  await fixture.run.sweep();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** A checkout of so many seats, which ends by itself within the hour; then sweeps. After a pause of an hour the first one reads usage. */
async function hourWith(day: number, hour: number, held: number, sweeps = 1): Promise<void> {
  await fixture.run.at(instant(DAY_ONE + day * DAY + hour * HOUR + 5 * MINUTE));
  if (held > 0) await fixture.licenses.checkOut(license, seats(5), held, 'PROVISIONAL');
  await fixture.run.sweeps(sweeps);
}

test('the peak of each day is seen, by one reading an hour, and that all are in use is told once', async () => {
  await hourWith(0, 9, 2, TICKS_OF_AN_HOUR);
  calls.take();
  await fixture.licenses.checkOut(license, seats(5), 3, 'PROVISIONAL');
  await fixture.run.sweeps(2 * TICKS_OF_AN_HOUR);
  const asked = calls.take().filter(({ service }) => service === 'license-manager');
  const readings = asked.filter(({ operation }) => operation === 'GetLicenseUsage');
  const lists = asked.filter(({ operation }) => operation === 'ListReceivedLicenses');
  expect([lists.length, readings.length]).toEqual([2 * TICKS_OF_AN_HOUR, 2]);
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual(['WatchStarted']);
  await hourWith(1, 9, 5);
  await hourWith(1, 13, 0);
  await hourWith(2, 9, 5);
  await hourWith(4, 9, 1);
  expect(happenings(await ledgerOf(fixture, AURORA))).toEqual([
    'WatchStarted',
    'UsageThresholdCrossed',
  ]);
  const told = fixture.cloud.mailbox
    .read(AURORA.email)
    .filter(({ subject }) => subject.includes('in use'));
  expect(told.map(({ subject }) => subject)).toEqual([
    expect.stringMatching(/100 % of ReadOnly in use/),
  ]);
  expect(told[0]?.text).toContain('5 of 5 seats in use');
});

test('is in contracts, in the history and, day by day, in the report', async () => {
  const { cloud } = fixture;
  const said = async (...argv: readonly string[]) => {
    const { code, out, err } = await licenseWatcher(cloud, argv);
    if (code !== 0) throw new Error(err);
    return out.replaceAll(/\s+/g, ' ');
  };
  const days = ['3', '5', '5', null, '1'];
  const peaks = days.flatMap((peak, day) =>
    peak === null ? [] : [{ day: instant(DAY_ONE + day * DAY).slice(0, 10), peak }],
  );
  const [contract] = JSON.parse(await said('contracts', AURORA.accountId, '--json')) as {
    bought: string[];
    seenInUse: { entitlements: { peaks: typeof peaks; runOut: null }[] };
  }[];
  expect(contract?.bought).toEqual(['ReadOnly: 1 of 5 seats in use']);
  const [used] = contract?.seenInUse.entitlements ?? [];
  // The day of the first look comes before them.
  expect(used?.peaks.slice(1)).toEqual(peaks);
  expect(used?.runOut).toBeNull();
  for (const command of ['contracts', 'history'])
    expect(await said(command, AURORA.accountId)).toMatch(
      /ReadOnly: 1 of 5 seats in use, seen .*; at most 5, on .* \(5 days read\)/,
    );
  const files = new Map<string, string>();
  const { code } = await licenseWatcher(
    cloud,
    ['report', '-o', 'report.html', '--since', '30d'],
    files,
  );
  expect(code).toBe(0);
  const [, json = ''] =
    /id="report-model">(.*?)<\/script>/s.exec(files.get('report.html') ?? '') ?? [];
  const [row] = modelOfJson(json).contracts.flatMap(({ amounts }) => amounts);
  expect(row).toMatchObject({ used: '1', days: { from: FIXTURE_START.slice(0, 10) } });
  expect(row?.days?.peaks).toBe(`0,${days.map((peak) => peak ?? '').join(',')}`);
});

test('and is a metric of the product, how full its fullest contract is', () => {
  const found = fixture.cloud.metrics.all().filter(({ name }) => name === 'UsedPercent');
  expect(found.map(({ dimensions }) => dimensions)).toEqual([
    { deployment: 'default', product: AURORA.productId },
  ]);
  expect(complaints(fixture.cloud)).toEqual([]);
});
