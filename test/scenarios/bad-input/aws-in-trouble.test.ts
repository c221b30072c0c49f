import { expect, test } from 'vitest';
import { AwsFault } from '../../../lib/workbench/cloud/fault.ts';
import { SELLER_EMAIL } from '../../../lib/workbench/scenarios/participants.ts';
import { gigabytes, seats, tier } from '../../../lib/workbench/scenarios/test-licenses.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import type { Fault } from '../../../lib/workbench/license-manager/faults.ts';
import { licenseWatcher } from '../../support/license-watcher.ts';
import { joined } from '../../support/joined.ts';
import { sharedFixture } from '../../support/shared-fixture.ts';
import {
  callsDuring,
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
  logOf,
} from '../../support/fixture-readings.ts';

const freshFixture = sharedFixture();

/** Three buyers at a time. */
const TROUBLES: readonly (readonly Fault[])[] = [
  [{ kind: 'throttled' }, { kind: 'failing' }, { kind: 'answer-lost' }],
  [{ kind: 'malformed' }, { kind: 'malformed', body: '<html>Service Unavailable</html>' }],
];

test('a License Manager that is throttled, fails or answers rubbish: nothing is concluded, and nothing is held', async () => {
  await using fixture = freshFixture();
  const { cloud, run, aurora, borealis, cumulus } = fixture;
  const { license } = await joined(fixture, aurora, [seats(5)]);
  await joined(fixture, borealis, [tier('BasicTier')]);
  await joined(fixture, cumulus, [gigabytes(500)]);
  const buyers = [aurora, borealis, cumulus];
  const told = run.notices().length;
  const failed = () =>
    buyers.map(
      ({ accountId }) =>
        logged(cloud, 'check-licenses', MESSAGES.checkFailed).filter(
          ({ buyerAccountId }) => buyerAccountId === accountId,
        ).length,
    );
  for (const faults of TROUBLES) {
    const lifts = faults.map((fault, n) =>
      cloud.licenseManager.faults.inject(fault, { accountId: buyers[n]!.accountId }),
    );
    const before = failed();
    // Two ticks that agree would be believed.
    await run.sweeps(2);
    expect(failed()).toEqual(before.map((times, n) => (n < faults.length ? times + 2 : times)));
    for (const lift of lifts) lift();
  }
  for (const buyer of buyers)
    expect(happenings(await ledgerOf(fixture, buyer))).toEqual(['WatchStarted']);
  expect(run.notices().slice(told)).toEqual([]);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);

  // What happened meanwhile is seen afterwards.
  await fixture.licenses.amend(license, { entitlements: [seats(6)] });
  await run.sweep();
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
    'WatchStarted',
    'LicenseUpgraded',
    'AgreementAmended',
  ]);
});

test('one silent answer ends at the client’s own limit, and the second attempt sees', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  await joined(fixture, fixture.aurora, [seats(5)]);
  cloud.faults.inject({
    service: 'license-manager',
    operation: 'GetLicense',
    answer: 'silent',
    times: 1,
  });
  const began = performance.now();
  const calls = await callsDuring(cloud, () => run.sweep());
  const seconds = (performance.now() - began) / 1000;

  expect(seconds).toBeGreaterThan(4.9);
  expect(seconds).toBeLessThan(12);
  expect(calls.get('license-manager:GetLicense')).toBe(2);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(complaints(cloud)).toEqual([]);
});

test('a probe whose answers are lost holds no seat, and concludes nothing', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  await joined(fixture, fixture.aurora, [seats(5)]);
  for (const operation of ['CheckInLicense', 'CheckoutLicense']) {
    cloud.licenseManager.faults.inject({ kind: 'answer-lost' }, { operation, times: 1 });
    await run.sweep();
    expect(cloud.licenseManager.seatsHeld(), operation).toBe(0);
  }
  // By then what is out has been given back.
  await run.sweep(new Date(cloud.clock.now() + 3_600_000).toISOString());
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
});

test('a buyer’s topic that refuses: the seller is asked to tell the buyer, once; mended, it is told by redelivery', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const { license, stack } = await joined(fixture, fixture.aurora, [seats(5)]);
  const told = cloud.mailbox.read(SELLER_EMAIL).length;
  const topicArn = stack.outputs['NoticeTopicArn']!;
  const lost = cloud.topics.existing(topicArn);
  cloud.topics.remove(topicArn);
  await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  await run.sweeps(3);

  expect(logged(cloud, 'send-notices', MESSAGES.noticeUndeliverable)).toHaveLength(1);
  // The daily look at the topic may have come as well: that is a notice of its own.
  const digests = cloud.mailbox
    .read(SELLER_EMAIL)
    .slice(told)
    .filter(({ text }) => text.includes('upgraded'));
  expect(digests).toHaveLength(1);
  expect(digests[0]?.text).toMatch(/could not be (told|reached)|please tell|tell them/i);
  expect(logOf(cloud, 'send-notices').filter(({ level }) => level === 'ERROR')).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);

  Object.assign(cloud.topics.create(lost, lost.displayName), { policy: lost.policy });
  const settings = { filterPolicy: undefined, rawMessageDelivery: false, deadLetterArn: undefined };
  const { accountId: ownerAccountId, email: endpoint } = fixture.aurora;
  const subscription = cloud.topics.subscribe({
    topicArn,
    protocol: 'email',
    endpoint,
    ownerAccountId,
    settings,
  });
  cloud.topics.confirm(topicArn, subscription.token);
  const mails = cloud.mailbox.read(fixture.aurora.email).length;
  const { code, out } = await licenseWatcher(cloud, ['redeliver', '--json']);
  expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({
    code: 0,
    notices: [
      {
        account: fixture.aurora.accountId,
        changes: ['LicenseUpgraded', 'AgreementAmended'],
        outcome: 'taken-up',
      },
    ],
    deadLetters: [],
  });
  await run.sweeps(2);
  const since = cloud.mailbox.read(fixture.aurora.email).slice(mails);
  expect(since.filter(({ subject }) => /upgraded/i.test(subject))).toHaveLength(1);
  const toSeller = cloud.mailbox.read(SELLER_EMAIL).slice(told);
  expect(toSeller.filter(({ text }) => /upgraded/i.test(text))).toHaveLength(1);
  expect((await licenseWatcher(cloud, ['redeliver'])).err).toContain('there is nothing to do');
});

test('the seller’s topic that is throttled for an hour loses no notice and repeats none', async () => {
  await using fixture = freshFixture();
  const { cloud, run, watcher } = fixture;
  const { license } = await joined(fixture, fixture.aurora, [seats(5)]);
  const told = cloud.mailbox.read(SELLER_EMAIL).length;
  const seller = watcher.outputs['SellerTopicArn']!;
  const mended = cloud.faults.inject({
    service: 'sns',
    operation: 'Publish',
    when: ({ body }) => body.includes(encodeURIComponent(seller)),
    answer: new AwsFault('Throttled', 'Rate exceeded', 429),
  });
  await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  await run.sweeps(4);
  expect(cloud.mailbox.read(SELLER_EMAIL)).toHaveLength(told);
  mended();
  await run.sweeps(3);
  expect(cloud.mailbox.read(SELLER_EMAIL)).toHaveLength(told + 1);
  expect(cloud.mailbox.read(fixture.aurora.email)).toHaveLength(2);
});

test('tables that are throttled for a whole tick: the change is recorded and told once, afterwards', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const { license } = await joined(fixture, fixture.aurora, [seats(5)]);
  const slow = new AwsFault(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput was exceeded',
  );
  const mended = cloud.faults.inject({
    service: 'dynamodb',
    when: ({ caller }) => caller.kind === 'role' && caller.arn.endsWith('-check-licenses'),
    answer: slow,
  });
  await fixture.licenses.amend(license, { entitlements: [seats(8)] });
  await run.sweep();
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  mended();
  await run.sweeps(2);
  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
    'WatchStarted',
    'LicenseUpgraded',
    'AgreementAmended',
  ]);
  expect(cloud.mailbox.read(fixture.aurora.email)).toHaveLength(2);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
});
