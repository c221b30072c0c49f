import { expect, test } from 'vitest';
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

const TEN_YEARS = 3653 * 86_400_000;

const freshFixture = sharedFixture();

type Output = Record<string, unknown>;

const ODD: Readonly<Record<string, (license: Output) => Output>> = {
  'no Validity': ({ Validity: _, ...rest }) => rest,
  'a Validity without Begin': (license) => ({
    ...license,
    Validity: { End: '2028-03-01T00:00:00Z' },
  }),
  'an End that is no time': (license) => ({
    ...license,
    Validity: { Begin: TERM.begin, End: 'next spring' },
  }),
  'an End that is NaN': (license) => ({ ...license, Validity: { Begin: TERM.begin, End: 'NaN' } }),
  'no Entitlements': ({ Entitlements: _, ...rest }) => rest,
  'Entitlements that are no list': (license) => ({
    ...license,
    Entitlements: { Name: 'ReadOnly' },
  }),
  'an entitlement without Unit': (license) => ({
    ...license,
    Entitlements: [{ Name: 'ReadOnly', MaxCount: 5 }],
  }),
  'a count that is a word': (license) => ({
    ...license,
    Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', MaxCount: 'five' }],
  }),
  'a negative count': (license) => ({
    ...license,
    Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', MaxCount: -1 }],
  }),
  'a status nobody knows': (license) => ({ ...license, Status: 'SHINY' }),
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
          ProductName: 'x'.repeat(1_000_000),
          Entitlements: [
            { Name: `A${'x'.repeat(5_000)}`, Unit: 'Count', MaxCount: 7 },
            { Name: 'B\ud83d', Unit: 'Count', MaxCount: 2 ** 53 },
            ...Array.from({ length: 10_000 }, (_, n) => ({
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
  expect((license?.moreEntitlements ?? 0) + (license?.entitlements.length ?? 0)).toBe(10_002);
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

test('a first page that is empty is not the end of the list', async () => {
  await using fixture = freshFixture({ firstPage: 'empty' });
  const { stack } = await joined(fixture, fixture.aurora, [seats(5)]);
  expect(stack.outputs['SelfTestGetLicense']).toBe('ok');
  expect((await ledgerOf(fixture, fixture.aurora)).map(({ standing }) => standing)).toEqual([
    'in-force',
  ]);
});

test.each(['iso-z', 'iso-zoneless', 'iso-offset', 'epoch-seconds'] as const)(
  'an end written as %s is read as the same instant',
  async (validityFormat) => {
    await using fixture = freshFixture({ validityFormat });
    await joined(fixture, fixture.aurora, [seats(5)]);
    expect((await ledgerOf(fixture, fixture.aurora)).map(({ validityEnd }) => validityEnd)).toEqual(
      ['2028-03-01T00:00:00Z'],
    );
    expect(fixture.cloud.mailbox.read(fixture.aurora.email)[0]?.text).toContain('2028-03-01');
    expect(complaints(fixture.cloud)).toEqual([]);
  },
);

test.each([
  ['the year 9999', '9999-12-31T23:59:59Z'],
  ['no end at all', undefined],
])('a license with %s never ends: nobody is reminded', async (_, end) => {
  await using fixture = freshFixture();
  const { cloud, licenses, run } = fixture;
  await licenses.issue(fixture.cumulus.accountId, 'prod-meridianlake', {
    begin: TERM.begin,
    end,
    entitlements: [tier('Any')],
  });
  await run.join(fixture.cumulus);
  await run.sweeps(2);
  await run.sweep(new Date(cloud.clock.now() + TEN_YEARS).toISOString());
  const ledger = await ledgerOf(fixture, fixture.cumulus);
  expect(happenings(ledger)).toEqual(['WatchStarted']);
  expect(ledger.map(({ validityEnd, standing }) => [validityEnd, standing])).toEqual([
    [null, 'in-force'],
  ]);
});
