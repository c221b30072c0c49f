import { expect, test } from 'vitest';
import { skuOf } from '../../../lib/workbench/scenarios/participants.ts';
import { seats, tier } from '../../../lib/workbench/scenarios/test-licenses.ts';
import * as MESSAGES from '../../../lib/observability/message-codes.ts';
import { joined, TERM } from '../../support/joined.ts';
import {
  complaints,
  deadLetters,
  happenings,
  ledgerOf,
  logged,
} from '../../support/fixture-readings.ts';
import { sharedFixture } from '../../support/shared-fixture.ts';

const FIVE_YEARS = 1826 * 86_400_000;

const freshFixture = sharedFixture();

type Output = Record<string, unknown>;

/** Two of the many that test/aws/license-manager/look.test.ts goes through. */
const ODD: Readonly<Record<string, (license: Output) => Output>> = {
  'an End that is no time': (license) => ({
    ...license,
    Validity: { Begin: TERM.begin, End: 'next spring' },
  }),
  'no Version': ({ Version: _, ...rest }) => rest,
};

test('more than an item holds, longer than a name may be, half a character: recorded in part, visibly, and steady', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  await joined(fixture, fixture.aurora, [seats(5)]);
  const lift = cloud.licenseManager.faults.inject(
    {
      kind: 'altered',
      alter: (output) => ({
        License: {
          ...(output['License'] as Output),
          ProductName: 'x'.repeat(450_000),
          Entitlements: [
            { Name: `A${'x'.repeat(5_000)}`, Unit: 'Count', MaxCount: 7 },
            { Name: 'B\ud83d', Unit: 'Count', MaxCount: 2 ** 53 },
            ...Array.from({ length: 3_000 }, (_, n) => ({
              Name: `N${n}`,
              Unit: 'Count',
              MaxCount: 1,
            })),
          ],
        },
      }),
    },
    { operation: 'GetLicense' },
  );
  // The list says otherwise: believed when three ticks have shown it.
  await run.sweeps(5);
  lift();
  const ledger = await ledgerOf(fixture, fixture.aurora);
  expect(ledger).toHaveLength(2);
  const [license] = ledger[1]?.after ?? [];
  expect(license?.entitlements[0]).toMatchObject({
    name: expect.stringMatching(/ \(5001 characters, \w{8}\)$/) as string,
  });
  expect(license?.entitlements[1]).toMatchObject({ name: 'B\ufffd', maxCount: '9007199254740992' });
  const [kept = 0, more = 0] = [license?.entitlements.length, license?.moreEntitlements];
  // An entry holds them up to six times.
  expect(kept).toBeLessThan(1_000);
  expect(kept + more).toBe(3_002);
  expect(complaints(cloud)).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
});

test('licenses with missing, odd or hostile fields: nothing is recorded, nobody is told anything, and the neighbor is seen', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  await joined(fixture, fixture.aurora, [seats(5)]);
  const neighbor = await joined(fixture, fixture.borealis, [tier('BasicTier')]);
  const told = run.notices().length;

  for (const [what, alter] of Object.entries(ODD)) {
    const lift = cloud.licenseManager.faults.inject(
      {
        kind: 'altered',
        alter: (output) => ({ ...output, License: alter(output['License'] as Output) }),
      },
      { accountId: fixture.aurora.accountId, operation: 'GetLicense' },
    );
    const before = logged(cloud, 'check-licenses', MESSAGES.checkFailed).length;
    await run.sweep();
    expect(logged(cloud, 'check-licenses', MESSAGES.checkFailed).length, what).toBe(before + 1);
    lift();
  }
  await fixture.licenses.amend(neighbor.license, { entitlements: [tier('PremiumTier')] });
  await run.sweep();

  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual(['WatchStarted']);
  expect(happenings(await ledgerOf(fixture, fixture.borealis))).toEqual([
    'WatchStarted',
    'LicenseUpgraded',
    'AgreementAmended',
  ]);
  expect(
    run
      .notices()
      .slice(told)
      .filter(({ to }) => to === fixture.aurora.email),
  ).toEqual([]);
  expect(deadLetters(cloud)).toEqual([]);
  expect(cloud.licenseManager.openCheckouts()).toEqual([]);
});

test('hostile names that a license may have reach no subject and no log as they are', async () => {
  await using fixture = freshFixture();
  const { cloud, run } = fixture;
  const hostile = 'Free\r\nBcc: everyone@example.com\u001b[2J\u202e<script>alert(1)</script>';
  await joined(fixture, fixture.aurora, [seats(5)]);
  const lift = cloud.licenseManager.faults.inject(
    {
      kind: 'altered',
      alter: (output) => {
        const license = output['License'] as Output;
        const entitlements = license['Entitlements'] as Output[];
        return {
          License: {
            ...license,
            ProductName: hostile,
            LicenseName: hostile,
            Entitlements: [...entitlements, { Name: hostile, Unit: 'Count', MaxCount: 7 }],
          },
        };
      },
    },
    { operation: 'GetLicense' },
  );
  // The list says otherwise: believed when three ticks have shown it.
  await run.sweeps(4);
  lift();

  expect(happenings(await ledgerOf(fixture, fixture.aurora))).toEqual([
    'WatchStarted',
    'LicenseUpgraded',
  ]);
  const mails = run.notices();
  expect(mails.filter(({ to }) => to === fixture.aurora.email)).toHaveLength(2);
  for (const { subject, text } of mails) {
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/);
    expect(text.split('\n').filter((line) => line.startsWith('Bcc:'))).toEqual([]);
  }
  expect(complaints(cloud)).toEqual([]);
});

test('a first page that is empty is not the end of the list; an end is the same instant however it is written', async () => {
  await using fixture = freshFixture({ firstPage: 'empty', validityFormat: 'iso-zoneless' });
  const { cloud, run } = fixture;
  const { stack } = await joined(fixture, fixture.aurora, [seats(5)]);
  expect(stack.outputs['SelfTestGetLicense']).toBe('ok');
  for (const validityFormat of ['iso-z', 'iso-offset', 'epoch-seconds'] as const) {
    Object.assign(cloud.licenseManager.switches, { validityFormat });
    await run.sweep();
  }
  expect(
    (await ledgerOf(fixture, fixture.aurora)).map((entry) => [entry.standing, entry.validityEnd]),
  ).toEqual([['in-force', '2028-03-01T00:00:00Z']]);
  expect(cloud.mailbox.read(fixture.aurora.email)[0]?.text).toContain('2028-03-01');
  expect(complaints(cloud)).toEqual([]);
});

test('a license of the year 9999, or with no end at all, never ends: nobody is reminded', async () => {
  await using fixture = freshFixture();
  const { cloud, licenses, run, borealis, cumulus } = fixture;
  for (const [buyer, end] of [
    [borealis, '9999-12-31T23:59:59Z'],
    [cumulus, undefined],
  ] as const) {
    await licenses.issue(buyer.accountId, skuOf(buyer.productId), {
      begin: TERM.begin,
      end,
      entitlements: [tier('BasicTier')],
    });
    await run.join(buyer);
  }
  await run.sweeps(2);
  await run.sweep(new Date(cloud.clock.now() + FIVE_YEARS).toISOString());
  for (const buyer of [borealis, cumulus]) {
    const ledger = await ledgerOf(fixture, buyer);
    expect(happenings(ledger)).toEqual(['WatchStarted']);
    expect(ledger.map(({ validityEnd, standing }) => [validityEnd, standing])).toEqual([
      [null, 'in-force'],
    ]);
  }
});
