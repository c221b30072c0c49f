import { describe, expect, it } from 'vitest';
import {
  canonicalState,
  currentLicenses,
  endOf,
  standingOf,
} from '../../../lib/domain/license/canonical-state.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import { purchaseInFull, purchaseInShort } from '../../../lib/mail/amounts.ts';
import { arnOf, at, license, seats, USAGE } from '../../support/licenses.ts';

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

  it('says so wherever it is shown', () => {
    const state = canonicalState([license({ entitlements: many(1_000, 'Seats') })], NOW);
    const words = `and ${state[0]?.moreEntitlements ?? 0} more entitlements`;
    expect(purchaseInShort(state, NOW)).toContain(words);
    expect(purchaseInFull(state, null, NOW)).toContain(words);
  });
});
