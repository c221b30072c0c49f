import * as fc from '../../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { canonicalState, standingOf } from '../../../../lib/domain/license/canonical-state.ts';
import { CHANGE_TYPES, type ChangeType } from '../../../../lib/domain/check/changes.ts';
import {
  differencesBetween,
  SWALLOWS,
} from '../../../../lib/domain/check/differences/differences.ts';
import type { License, Side } from '../../../../lib/domain/license/contract.ts';
import { anyLicense, anyLicenses, runs, TIERS } from '../../../support/arbitrary.ts';
import { product } from '../../../support/contracts.ts';
import { at } from '../../../support/licenses.ts';

const anyInstant = fc
  .constantFrom('2026-03-01', '2027-01-20', '2027-02-01', '2027-02-10', '2028-03-01')
  .map(at);
const anySide: fc.Arbitrary<Side> = fc.tuple(anyLicenses, anyInstant).map(([licenses, now]) => {
  const state = canonicalState(licenses, now);
  return { state, standing: standingOf(state, now), at: now };
});
const anyProduct = fc.constantFrom<readonly string[]>(TIERS, []).map((tiers) => product({ tiers }));

const RUNS = runs(300);

function typesOf(before: Side, after: Side, of: ReturnType<typeof product>): readonly ChangeType[] {
  return differencesBetween(before, after, of).map(({ type }) => type);
}

describe('differences, for any two looks', () => {
  it('are none between equal looks', () => {
    fc.assert(
      fc.property(anySide, anyProduct, (side, of) => {
        expect(differencesBetween(side, side, of)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('turn around with the looks: Upgraded is Downgraded, Renewed is Shortened or what swallows it', () => {
    const swallowers = CHANGE_TYPES.filter((type) =>
      SWALLOWS[type]?.others.includes('LicenseShortened'),
    );
    fc.assert(
      fc.property(anySide, anySide, anyProduct, (before, after, of) => {
        const [there, back] = [typesOf(before, after, of), typesOf(after, before, of)];
        expect(back.includes('LicenseDowngraded')).toBe(there.includes('LicenseUpgraded'));
        expect(back.includes('EntitlementsChanged')).toBe(there.includes('EntitlementsChanged'));
        if (there.includes('LicenseShortened')) expect(back).toContain('LicenseRenewed');
        if (there.includes('LicenseRenewed')) {
          expect(
            back.some((type) => type === 'LicenseShortened' || swallowers.includes(type)),
          ).toBe(true);
        }
      }),
      runs(1_000),
    );
  });

  it('are never both ways at once, and never twice', () => {
    fc.assert(
      fc.property(anySide, anySide, anyProduct, (before, after, of) => {
        const types = typesOf(before, after, of);
        expect(new Set(types).size).toBe(types.length);
        const ways: readonly ChangeType[] = [
          'LicenseUpgraded',
          'LicenseDowngraded',
          'EntitlementsChanged',
        ];
        expect(types.filter((type) => ways.includes(type)).length).toBeLessThanOrEqual(1);
        expect(types).not.toEqual(expect.arrayContaining(['LicenseRenewed', 'LicenseShortened']));
      }),
      runs(1_000),
    );
  });

  it('make nothing more or less of a license beside others, whatever it allows: it came, or it went', () => {
    const [one, other] = [anyLicense, anyLicense].map((each) =>
      each.map((license) => ({
        ...license,
        status: 'AVAILABLE' as const,
        receivedStatus: 'ACTIVE' as const,
        validity: { begin: at('2026-01-01'), end: at('2027-02-01') },
      })),
    );
    fc.assert(
      fc.property(one!, other!, anyProduct, (first, second, of) => {
        fc.pre(first.licenseArn !== second.licenseArn);
        const side = (licenses: readonly License[]): Side => {
          const [now, state] = [at('2026-06-01'), canonicalState(licenses, at('2026-06-01'))];
          return { state, standing: standingOf(state, now), at: now };
        };
        const [alone, both] = [side([first]), side([first, second])];
        expect(typesOf(alone, both, of)).toEqual([]);
        expect(typesOf(both, alone, of)).toEqual(['LicenseRemoved']);
      }),
      RUNS,
    );
  });

  it('have a before that is not their after, and a reason', () => {
    fc.assert(
      fc.property(anySide, anySide, anyProduct, (before, after, of) => {
        for (const change of differencesBetween(before, after, of)) {
          expect(change.after).not.toEqual(change.before);
          expect(change.reason).not.toBe('');
        }
      }),
      runs(1_000),
    );
  });

  it('do not depend on the order of licenses and entitlements', () => {
    fc.assert(
      fc.property(anyLicenses, fc.infiniteStream(fc.nat()), anyInstant, (licenses, keys, now) => {
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((each) => [keys.next().value as number, each] as const)
            .toSorted(([a], [b]) => a - b)
            .map(([, each]) => each);
        const mixed = shuffled(licenses).map((one) => ({
          ...one,
          entitlements: shuffled(one.entitlements),
        }));
        expect(canonicalState(mixed, now)).toEqual(canonicalState(licenses, now));
      }),
      RUNS,
    );
  });
});
