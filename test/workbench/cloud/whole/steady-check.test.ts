import { expect, test } from 'vitest';
import { AURORA, BOREALIS } from '../../../../lib/workbench/scenarios/participants.ts';
import { seats, tier } from '../../../../lib/workbench/scenarios/test-licenses.ts';
import { METRIC_NAMESPACE } from '../../../../lib/messages/names.ts';
import { MINUTE } from '../../../../lib/domain/time.ts';
import { joined } from '../../../support/joined.ts';
import { openFixture } from '../../../support/watcher-fixture.ts';
import { callsDuring, functionOf, logOf, queueLike } from '../../../support/fixture-readings.ts';

/** Two hours of every tick, and then one tick an hour: six hours, in which it is written once of every contract that it was seen. */
const TICKS = [...Array<number>(8).fill(1), 4, 4, 4, 4];

test('a steady check is five calls to STS and License Manager, writes nothing, reads the index alone and says nothing', async () => {
  await using fixture = await openFixture();
  const { cloud, run } = fixture;
  await joined(fixture, AURORA, [seats(5)]);
  await joined(fixture, BOREALIS, [tier('BasicTier')]);
  const tables = new Map<string, number>();
  const counted = cloud.faults.inject({
    service: 'dynamodb',
    when: ({ caller, body }) => {
      const isOfIndex = body.includes('"IndexName"');
      if (caller.kind === 'role' && !isOfIndex)
        tables.set(caller.arn, (tables.get(caller.arn) ?? 0) + 1);
      return false;
    },
    answer: 'silent',
  });
  const role = functionOf(cloud, 'check-licenses').roleArn;
  let quiet = 0;
  let usages = 0;
  for (const ticks of TICKS) {
    await cloud.clock.advanceTo(cloud.clock.now() + (ticks - 1) * 15 * MINUTE);
    tables.clear();
    const before = logOf(cloud, 'check-licenses').length;
    const calls = await callsDuring(cloud, () => run.sweep());
    const checks = Object.fromEntries(
      [...calls].filter(([name]) => /^(sts|license-manager):/.test(name)),
    );
    const { 'license-manager:GetLicenseUsage': usage = 0, ...others } = checks;
    usages += usage;
    expect(others).toEqual({
      'sts:AssumeRole': 2,
      'license-manager:ListReceivedLicenses': 2,
      'license-manager:GetLicense': 2,
      'license-manager:CheckoutLicense': 2,
      'license-manager:CheckInLicense': 2,
    });
    const codes = logOf(cloud, 'check-licenses').slice(before);
    expect(codes.map(({ code }) => code)).toEqual(['STARTED', 'COMPLETED']);
    if (usage === 0 && !tables.has(role)) quiet += 1;
  }
  counted();

  // Of the one that has seats, once an hour.
  expect(usages).toBe(6);
  // Two contracts, each written as seen in one tick of six hours, in the same or another.
  expect(quiet).toBeGreaterThanOrEqual(TICKS.length - usages - 2);
  expect(quiet).toBeLessThan(TICKS.length);
  expect(
    cloud.metrics
      .all()
      .filter(
        ({ namespace, name }) => namespace === METRIC_NAMESPACE && /Failed|Dropped/.test(name),
      ),
  ).toEqual([]);
  expect(queueLike(cloud, 'QueuesNoticesQueue').peek()).toEqual([]);
});
