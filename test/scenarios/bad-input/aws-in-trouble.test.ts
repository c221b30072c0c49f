import { expect, test } from 'vitest';
import { AwsFault } from '../../../lib/workbench/cloud/fault.ts';
import { SELLER_EMAIL } from '../../../lib/workbench/scenarios/participants.ts';
import { gigabytes, seats, tier } from '../../../lib/workbench/scenarios/test-licenses.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
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

test('a License Manager that is throttled, fails or answers rubbish: nothing is concluded, and nothing is held', async () => {
  await using fixture = freshFixture();
  const { cloud, run, aurora, borealis, cumulus } = fixture;
  const { license } = await joined(fixture, aurora, [seats(5)]);
  await joined(fixture, borealis, [tier('BasicTier')]);
  await joined(fixture, cumulus, [gigabytes(500)]);
  const troubles = [
    [aurora, { kind: 'throttled' }],
    [borealis, { kind: 'failing' }],
    [cumulus, { kind: 'malformed' }],
  ] as const;
  const told = run.notices().length;
  const lifts = troubles.map(([{ accountId }, fault]) =>
    cloud.licenseManager.faults.inject(fault, { accountId }),
  );
  // Two ticks that agree would be believed.
  await run.sweeps(2);
  for (const lift of lifts) lift();
  const failed = logged(cloud, 'check-licenses', MESSAGES.checkFailed);
  for (const [buyer, { kind }] of troubles) {
    const ofBuyer = failed.filter(({ buyerAccountId }) => buyerAccountId === buyer.accountId);
    expect(ofBuyer, kind).toHaveLength(2);
    expect(happenings(await ledgerOf(fixture, buyer))).toEqual(['WatchStarted']);
  }
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

test('one silent answer ends at the client’s own limit, and the second attempt sees; lost answers to a probe hold no seat', async () => {
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
  expect(complaints(cloud)).toEqual([]);

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
  await run.sweeps(2);

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
  const { accountId: ownerAccountId, email: endpoint } = fixture.aurora;
  const subscription = cloud.topics.subscribe({
    topicArn,
    protocol: 'email',
    endpoint,
    ownerAccountId,
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

test('the seller’s topic that is throttled for two ticks loses no notice and repeats none', async () => {
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
  await run.sweeps(2);
  expect(cloud.mailbox.read(SELLER_EMAIL)).toHaveLength(told);
  mended();
  await run.sweeps(2);
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
