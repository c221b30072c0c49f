import { describe, expect, it } from 'vitest';
import {
  bearingLicenses,
  finalLicenses,
  succeeds,
} from '../../../lib/domain/license/canonical-state.ts';
import { at, license, stateOf, type LicenseTraits } from '../../support/licenses.ts';

/** The old one runs from 2026-02-01 to 2027-02-01. */
const OLD = license();

describe('succeeds', () => {
  it.each([
    ['begins as the old one ends', { begin: '2027-02-01', end: '2028-02-01' }, true],
    ['begins long after it', { begin: '2027-09-01', end: '2028-09-01' }, true],
    ['begins in its last month', { begin: '2027-01-01', end: '2028-02-01' }, true],
    ['begins before that: bought in addition', { begin: '2026-12-31', end: '2028-02-01' }, false],
    ['has no end', { begin: '2027-01-15', end: null }, true],
    ['ends with it', { begin: '2027-01-15', end: '2027-02-01' }, false],
  ])('a license that %s', (_, traits, expected) => {
    expect(succeeds(license({ arn: 'b', ...traits }), OLD)).toBe(expected);
  });

  it('no license that began with it, however short it is', () => {
    const short = license({ end: '2026-02-20' });
    expect(succeeds(license({ arn: 'b', end: '2027-02-01' }), short)).toBe(false);
  });

  it('no license itself, and none that has no end', () => {
    expect(succeeds(license({ begin: '2027-01-15', end: '2028-02-01' }), OLD)).toBe(false);
    expect(
      succeeds(
        license({ arn: 'b', begin: '2027-01-15', end: '2028-02-01' }),
        license({ end: null }),
      ),
    ).toBe(false);
  });
});

describe('what bears a contract', () => {
  const next = (traits: LicenseTraits = {}) =>
    license({ arn: 'b', begin: '2027-01-15', end: '2028-02-01', ...traits });
  const names = (licenses: readonly { licenseArn: string }[]) =>
    licenses.map(({ licenseArn }) => licenseArn.slice(-1));

  it('is the old license until its successor has begun', () => {
    const state = stateOf([OLD, next()], at('2027-01-10'));
    expect(names(bearingLicenses(state, at('2027-01-14')))).toEqual(['a']);
    expect(names(bearingLicenses(state, at('2027-01-15')))).toEqual(['b']);
    expect(names(finalLicenses(state))).toEqual(['b']);
  });

  it('is both where one was bought in addition', () => {
    const state = stateOf([OLD, next({ begin: '2026-06-01' })], at('2026-06-01'));
    expect(names(bearingLicenses(state, at('2026-06-01')))).toEqual(['a', 'b']);
    expect(names(finalLicenses(state))).toEqual(['a', 'b']);
  });

  it('is not a successor whose grant is not activated', () => {
    const state = stateOf([OLD, next({ receivedStatus: 'DISABLED' })], at('2027-01-20'));
    expect(names(finalLicenses(state))).toEqual(['a']);
  });
});
