import { describe, expect, it } from 'vitest';
import {
  canonicalLicense,
  canonicalState,
  currentLicenses,
  gapAhead,
  keptUsage,
  endOf,
  standingOf,
} from '../../../lib/domain/license/canonical-state.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { purchaseInFull, purchaseInShort } from '../../../lib/mail/amounts.ts';
import {
  arnOf,
  at,
  gigabytes,
  license,
  seats,
  tier,
  USAGE,
  type LicenseTraits,
  DIMENSIONS,
} from '../../support/licenses.ts';

const NOW = at('2026-06-01');

function arns(licenses: readonly License[]): readonly string[] {
  return canonicalState(licenses, NOW).map(({ licenseArn }) => licenseArn.slice(-1));
}

describe('canonicalState', () => {
  it('keeps what is or may become usable, sorted, and drops what is over', () => {
    expect(
      arns([
        license({ arn: 'd', receivedStatus: 'DISABLED' }),
        license({ arn: 'c', begin: '2027-01-01' }),
        license({ arn: 'b', end: '2026-05-01' }),
        license({ arn: 'a' }),
        license({ arn: 'e', status: 'DELETED' }),
        license({ arn: 'f', status: 'SUSPENDED' }),
      ]),
    ).toEqual(['a', 'c', 'd', 'f']);
  });

  it('keeps what ended last where nothing is left, all of it that ended together', () => {
    const [early, late] = [
      license({ arn: 'a', end: '2026-03-01' }),
      license({ arn: 'b', end: '2026-05-01' }),
    ];
    expect(arns([early, late, license({ arn: 'c', end: '2026-05-01' })])).toEqual(['b', 'c']);
    expect(arns([])).toEqual([]);
  });

  it('forgets names, operations and the order of entitlements', () => {
    const one = license({
      licenseName: 'One',
      allowedOperations: ['CheckoutLicense'],
      entitlements: [USAGE, seats(5)],
    });
    const other = license({ licenseName: 'Other', entitlements: [seats(5), USAGE] });
    expect(canonicalState([one], NOW)).toEqual(canonicalState([other], NOW));
    expect(Object.keys(canonicalState([one], NOW)[0] ?? {})).not.toContain('licenseName');
  });

  it('keeps of an entitlement that it can never be returned, and nothing where it can', () => {
    const entitlements = [{ ...seats(5, 'A'), allowCheckIn: false as const }, seats(5, 'B')];
    expect(canonicalState([license({ entitlements })], NOW)[0]?.entitlements).toStrictEqual(
      entitlements,
    );
  });

  it('counts a license that a list shows twice once', () => {
    expect(canonicalState([license(), license()], NOW)).toHaveLength(1);
    const both = [license({ version: '1' }), license({ version: '2' })];
    expect(canonicalState(both, NOW)).toEqual(canonicalState(both.toReversed(), NOW));
    expect(canonicalState(both, NOW)).toHaveLength(1);
  });
});

describe('standingOf', () => {
  it.each([
    [[], 'none'],
    [[license(), license({ arn: 'b', status: 'SUSPENDED' })], 'in-force'],
    [[license({ status: 'SUSPENDED' }), license({ arn: 'b', begin: '2027-01-01' })], 'upcoming'],
    [
      [license({ status: 'SUSPENDED' }), license({ arn: 'b', receivedStatus: 'DISABLED' })],
      'suspended',
    ],
    [
      [license({ status: 'DEACTIVATED' }), license({ arn: 'b', receivedStatus: 'PENDING_ACCEPT' })],
      'not-activated',
    ],
    [[license({ status: 'DELETED' })], 'canceled'],
    [[license({ end: '2026-06-01' })], 'ended'],
  ] as const)('is that of the best license', (licenses, standing) => {
    expect(standingOf(canonicalState(licenses, NOW), NOW)).toBe(standing);
  });
});

describe('endOf', () => {
  it('is the latest end of what carries the contract', () => {
    const old = license({ arn: 'a', end: '2029-01-01', receivedStatus: 'DISABLED' });
    const state = canonicalState(
      [old, license({ arn: 'b' }), license({ arn: 'c', begin: '2027-01-01', end: '2028-01-01' })],
      NOW,
    );
    expect(endOf(state)).toBe(at('2028-01-01'));
    expect(currentLicenses(state).map(({ licenseArn }) => licenseArn)).toEqual([
      arnOf('b'),
      arnOf('c'),
    ]);
  });

  it('is null without a license, and where one of them has no end', () => {
    expect(endOf([])).toBeNull();
    expect(endOf(canonicalState([license(), license({ arn: 'b', end: null })], NOW))).toBeNull();
  });

  it('is that of the license itself where none is usable', () => {
    expect(endOf(canonicalState([license({ status: 'SUSPENDED' })], NOW))).toBe(at('2027-02-01'));
    expect(endOf(canonicalState([license({ end: '2026-05-01' })], NOW))).toBe(at('2026-05-01'));
  });
});

describe('the next time without a license', () => {
  const now = '2026-06-01';
  it.each<[string, readonly LicenseTraits[], readonly [string, string] | null]>([
    ['there is none where one goes on', [{}], null],
    ['none in sight, where the next is not known', [{ end: '2026-07-01' }], null],
    [
      'between one and the next',
      [{ end: '2026-07-01' }, { begin: '2026-07-03' }],
      ['2026-07-01', '2026-07-03'],
    ],
    [
      'the first of two',
      [{ end: '2026-07-01' }, { begin: '2026-07-03', end: '2026-08-01' }, { begin: '2026-09-01' }],
      ['2026-07-01', '2026-07-03'],
    ],
    [
      'a minute',
      [{ end: '2026-07-01' }, { begin: '2026-07-01T00:01' }],
      ['2026-07-01', '2026-07-01T00:01'],
    ],
    ['less than a minute is none', [{ end: '2026-06-30T23:59:59' }, { begin: '2026-07-01' }], null],
    [
      'none that another license covers',
      [{ end: '2026-07-01' }, { begin: '2026-06-15', end: '2026-08-01' }, { begin: '2026-07-03' }],
      null,
    ],
    [
      'none that a longer one covers, seen before',
      [{ end: '2026-09-01' }, { begin: '2026-06-15', end: '2026-07-01' }, { begin: '2026-08-01' }],
      null,
    ],
    [
      'after the longest',
      [{ end: '2026-09-01' }, { begin: '2026-06-15', end: '2026-07-01' }, { begin: '2026-10-01' }],
      ['2026-09-01', '2026-10-01'],
    ],
    [
      'until one without an end',
      [{ end: '2026-07-01' }, { begin: '2026-08-01', end: null }],
      ['2026-07-01', '2026-08-01'],
    ],
    ['none after one without an end', [{ end: null }, { begin: '2028-01-01' }], null],
    [
      'none where nothing is in force yet',
      [{ begin: '2026-07-01', end: '2026-08-01' }, { begin: '2026-09-01' }],
      null,
    ],
    [
      'from one that begins now',
      [{ begin: now, end: '2026-07-01' }, { begin: '2026-08-01' }],
      ['2026-07-01', '2026-08-01'],
    ],
    [
      'not from one that ended',
      [{ begin: '2026-01-01', end: '2026-03-01' }, { begin: '2026-05-01' }],
      null,
    ],
    [
      'not from one that ends now',
      [{ begin: '2026-01-01', end: now }, { begin: '2026-07-01' }],
      null,
    ],
    [
      'until one that AWS is preparing',
      [{ end: '2026-07-01' }, { begin: '2026-08-01', status: 'PENDING_AVAILABLE' }],
      ['2026-07-01', '2026-08-01'],
    ],
    [
      'none by a license that is suspended',
      [{ end: '2026-07-01' }, { begin: '2026-08-01', status: 'SUSPENDED' }],
      null,
    ],
    [
      'also where a suspended one covers it',
      [{ end: '2026-07-01' }, { end: '2026-12-01', status: 'SUSPENDED' }, { begin: '2026-08-01' }],
      ['2026-07-01', '2026-08-01'],
    ],
  ])('%s', (_, licenses, gap) => {
    const state = licenses.map((traits, n) =>
      canonicalLicense(license({ arn: `l${n}`, ...traits })),
    );
    for (const each of [state, state.toReversed()])
      expect(gapAhead(each, at(now))).toEqual(gap && { from: at(gap[0]), to: at(gap[1]) });
  });
});

describe('what carries a contract', () => {
  const [later, sooner] = [license({ arn: 'a', end: '2028-01-01' }), license({ arn: 'b' })];
  it('is what AWS is preparing, too, and ends with the last of it, in any order', () => {
    const preparing = license({ arn: 'c', status: 'PENDING_AVAILABLE', end: '2029-01-01' });
    const suspended = license({ arn: 'd', status: 'SUSPENDED', end: '2030-01-01' });
    const state = [later, sooner, preparing, suspended].map(canonicalLicense);
    for (const each of [state, state.toReversed()]) expect(endOf(each)).toBe(at('2029-01-01'));
    const open = [...state, canonicalLicense(license({ arn: 'e', end: null }))];
    for (const each of [open, open.toReversed()]) expect(endOf(each)).toBeNull();
  });

  it('is the last version where a list shows a license three times', () => {
    const all = ['2', '1', '3'].map((version) => license({ version, arn: 'b' }));
    expect(canonicalState([...all, later], NOW)).toMatchObject([
      { version: '1' },
      { version: '3' },
    ]);
  });

  it('has its entitlements by name, unit and value', () => {
    const all = [
      { ...tier('B'), value: 'Enabled' },
      { ...tier('B'), value: null },
      { ...gigabytes(5), name: 'A' },
      seats(5, 'A'),
      { ...tier('B'), value: 'Disabled' },
    ];
    for (const entitlements of [all, all.toReversed()]) {
      const [kept] = canonicalState([license({ entitlements })], NOW);
      expect(kept?.entitlements.map(({ name, unit, value }) => [name, unit, value])).toEqual([
        ['A', 'Count', null],
        ['A', 'Gigabytes', null],
        ['B', 'None', null],
        ['B', 'None', 'Disabled'],
        ['B', 'None', 'Enabled'],
      ]);
    }
  });
});

describe('a contract of more than one item of the store holds', () => {
  const many = (count: number, name: string) =>
    Array.from({ length: count }, (_, n) => seats(5, `${name}${n}`));
  const bytes = (state: unknown) => new TextEncoder().encode(JSON.stringify(state)).length;

  it('keeps the first entitlements and counts the others, whatever order they come in, again and again', () => {
    const entitlements = [USAGE, ...many(1_000, 'Größe')];
    const state = canonicalState([license({ entitlements })], NOW);
    const [kept] = state;
    expect((kept?.entitlements.length ?? 0) + (kept?.moreEntitlements ?? 0)).toBe(1_001);
    expect(bytes(state)).toBeLessThan(36_000);
    expect(canonicalState([license({ entitlements: entitlements.toReversed() })], NOW)).toEqual(
      state,
    );
    expect(canonicalState(state, NOW)).toEqual(state);
  });

  it('keeps the term of each license that fits before the entitlements of any, and counts the rest', () => {
    const crowd = Array.from({ length: 300 }, (_, n) =>
      license({ arn: String(n).padStart(3, '0'), entitlements: many(60, 'Seats') }),
    );
    const state = canonicalState(crowd, NOW);
    expect(state.length).toBeGreaterThan(50);
    expect(state.length + (state.at(-1)?.moreLicenses ?? 0)).toBe(300);
    expect(state.slice(0, -1).some((each) => 'moreLicenses' in each)).toBe(false);
    expect(canonicalLicense(state.at(-1)!)).toEqual(state.at(-1));
    // 300 bytes beside its ARN and its version for each license.
    const each = 300 + (crowd[0]?.licenseArn.length ?? 0) + 1;
    expect(state).toHaveLength(Math.floor(24_000 / each));
    expect(bytes(state)).toBeLessThan(36_000);
    expect(canonicalState(state, NOW)).toEqual(state);
    expect(canonicalState(crowd.toReversed(), NOW)).toEqual(state);
  });

  it('leaves what fits as it is: two dozen dimensions in three licenses', () => {
    const crowd = ['a', 'b', 'c'].map((arn) =>
      license({ arn, entitlements: many(24, 'SomeDimensionName') }),
    );
    const state = canonicalState(crowd, NOW);
    expect(state.map(({ entitlements }) => entitlements.length)).toEqual([24, 24, 24]);
    expect(state.some((each) => 'moreEntitlements' in each || 'moreLicenses' in each)).toBe(false);
  });

  it.each([
    ['letters of one byte', 'x', 24_000 - 300 - arnOf('a').length - 1],
    ['letters of three at most', 'ö', 24_000 - 300 - arnOf('a').length - 1],
  ])('counts %s', (_, letter, left) => {
    const size = (name: string) =>
      60 + 'Gigabytes'.length + 1 + (letter === 'ö' ? 3 : 1) * name.length;
    const name = letter.repeat(90);
    const fits = Math.floor(left / size(name));
    const entitlements = Array.from({ length: fits + 1 }, () => ({ ...gigabytes(5), name }));
    expect(canonicalState([license({ entitlements })], NOW)).toMatchObject([
      { moreEntitlements: 1 },
    ]);
    expect(
      canonicalState([license({ entitlements: entitlements.slice(1) })], NOW)[0],
    ).not.toHaveProperty('moreEntitlements');
  });

  it('is kept up to the last byte', () => {
    const left = 24_000 - 300 - arnOf('a').length - 1;
    const one = (length: number) =>
      canonicalState([license({ entitlements: [tier('x'.repeat(length - 60 - 4))] })], NOW)[0];
    expect(one(left)?.entitlements).toHaveLength(1);
    expect(one(left + 1)?.entitlements).toHaveLength(0);
  });

  it('of its usage half as much is kept, by name and unit', () => {
    const usage = Array.from({ length: 500 }, (_, n) => ({
      ...{ name: `Scans${String(n).padStart(3, '0')}`, unit: 'Count' },
      ...{ consumed: quantity(5), maxCount: quantity(9) },
    }));
    const kept = keptUsage(usage.toReversed());
    expect(kept).toEqual(usage.slice(0, Math.floor(12_000 / (60 + 8 + 5 + 1 + 1))));
  });

  it('says so wherever it is shown', () => {
    const state = canonicalState([license({ entitlements: many(1_000, 'Seats') })], NOW);
    const words = `and ${state[0]?.moreEntitlements ?? 0} more entitlements`;
    expect(purchaseInShort(state, NOW, DIMENSIONS)).toContain(words);
    expect(purchaseInFull(state, null, NOW, DIMENSIONS)).toContain(words);
  });
});
