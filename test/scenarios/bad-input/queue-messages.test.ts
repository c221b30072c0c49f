import { expect, test } from 'vitest';
import { seats } from '../../../lib/workbench/scenarios/test-licenses.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import type { Cloud } from '../../../lib/workbench/cloud/cloud.ts';
import { METRICS, METRIC_NAMESPACE } from '../../../lib/messages/names.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import {
  deadLetters,
  happenings,
  ledgerOf,
  logged,
  queueLike,
} from '../../support/fixture-readings.ts';
import { joined } from '../../support/joined.ts';
import { sharedFixture } from '../../support/shared-fixture.ts';

const freshFixture = sharedFixture();

const RECEIVES = 5;

/** Time for all receives of a message, without a sweep: it comes again every six minutes. */
const receivedOften = ({ clock }: Cloud) => clock.advanceTo(clock.now() + RECEIVES * 360_000);

test('a malformed message of the checks queue ends as a dead letter, is counted, and harms no neighbor', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const { license } = await joined(fixture, fixture.aurora, [seats(5)]);
  const checks = queueLike(cloud, 'QueuesChecksQueue');
  const bodies = ['{', '{"format":1,"buyers":[]}', JSON.stringify({ format: 2, tick: 'soon' })];
  for (const body of bodies) checks.send({ body, attributes: {} }, 'stranger');
  await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  await run.sweep();
  await receivedOften(cloud);

  expect([...deadLetters(cloud)].sort()).toEqual([...bodies].sort());
  expect(logged(cloud, 'check-licenses', MESSAGES.messageMalformed)).toHaveLength(
    RECEIVES * bodies.length,
  );
  expect(cloud.metrics.sum(METRIC_NAMESPACE, METRICS.checksFailed)).toBe(RECEIVES * bodies.length);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
    'WatchStarted',
    'LicenseUpgraded',
    'AgreementAmended',
  ]);
  expect(
    cloud.functions.counts(
      cloud.functions.all().find(({ name }) => name.includes('CheckLicenses'))!.arn,
    ).errors,
  ).toBe(0);
});

test('a malformed message of the notices queue ends as a dead letter, is counted, and harms no neighbor', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const { license } = await joined(fixture, fixture.aurora, [seats(5)]);
  const notices = queueLike(cloud, 'QueuesNoticesQueue');
  const bodies = [
    'junk',
    '{"format":1,"kind":"notice"}',
    '{"format":1,"kind":"digest","tick":"yesterday"}',
  ];
  await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  // In one batch with the message of the upgrade.
  notices.onVisible(() => {
    for (const body of bodies.splice(0)) notices.send({ body, attributes: {} }, 'stranger');
  });
  await run.sweep();
  await receivedOften(cloud);

  expect(deadLetters(cloud)).toHaveLength(3);
  expect(logged(cloud, 'send-notices', MESSAGES.messageMalformed)).toHaveLength(RECEIVES * 3);
  expect(cloud.metrics.sum(METRIC_NAMESPACE, METRICS.noticesFailed)).toBe(RECEIVES * 3);
  expect(cloud.mailbox.read(fixture.aurora.email)).toHaveLength(2);

  const { code, out } = await licenseWatcher(cloud, ['redeliver']);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/notices: 3 moved back/) as string,
  });
  await run.sweep();
  expect(logged(cloud, 'send-notices', MESSAGES.messageMalformed).length).toBeGreaterThan(
    RECEIVES * 3,
  );
  expect(cloud.mailbox.read(fixture.aurora.email)).toHaveLength(2);
});
