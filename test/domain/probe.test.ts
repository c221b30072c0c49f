import { describe, expect, it } from 'vitest';
import { contractKey } from '../../lib/domain/contract.ts';
import { clientToken, planProbe, type ProbeTerms } from '../../lib/domain/probe.ts';
import { product, sha256 } from '../support/contracts.ts';
import { at, gigabytes, license, seats, tier, USAGE } from '../support/licenses.ts';

const TERMS: ProbeTerms = { permitted: true, usage: null, now: at('2026-06-01') };
const TIERED = product({ pricing: 'tiered', tiers: ['BasicTier', 'PremiumTier'] });
const COUNTED = product({ probe: 'counted' });

function used(consumed: number): ProbeTerms {
  return { ...TERMS, usage: [{ name: 'ReadOnly', unit: 'Count', consumed, maxCount: 5 }] };
}

describe('planProbe: what costs the buyer nothing', () => {
  it.each([
    ['Usage, where the license has it', product(), [seats(5), USAGE], USAGE.name],
    ['Usage before an owned tier', TIERED, [tier('PremiumTier'), USAGE], USAGE.name],
    ['else the owned tier', TIERED, [tier('PremiumTier')], 'PremiumTier'],
    ['the higher of two tiers', TIERED, [tier('BasicTier'), tier('PremiumTier')], 'PremiumTier'],
    ['a tier that the seller does not list', TIERED, [tier('SecretTier')], 'SecretTier'],
    ['Usage of a drawdown license', product({ pricing: 'drawdown' }), [gigabytes(500), USAGE], USAGE.name],
    ['Usage, though counted probing is opted in', COUNTED, [seats(5), USAGE], USAGE.name],
  ])('asks for %s', (_, of, entitlements, name) => {
    expect(planProbe([license({ entitlements })], of, TERMS)).toMatchObject({
      entitlementName: name,
      unit: 'None',
      value: null,
      productSku: 'prod-example',
    });
  });

  it('asks for one seat only where that is opted in and two are known to be free', () => {
    const only = [license({ entitlements: [seats(5)] })];
    expect(planProbe(only, COUNTED, used(3))).toMatchObject({ entitlementName: 'ReadOnly', unit: 'Count', value: '1' });
    expect(planProbe(only, COUNTED, used(4))).toEqual({ reason: 'fewer than 2 units are known to be free' });
    expect(planProbe(only, COUNTED, TERMS)).toEqual({ reason: 'fewer than 2 units are known to be free' });
    expect(planProbe(only, product(), used(0))).toHaveProperty('reason');
    expect(planProbe([license({ entitlements: [seats(null)] })], COUNTED, TERMS)).toMatchObject({ value: '1' });
  });

  it('never draws on a pool, also where counted probing is opted in', () => {
    const pool = [license({ entitlements: [gigabytes(500)] })];
    for (const probe of ['safe', 'counted'] as const) {
      expect(planProbe(pool, product({ pricing: 'drawdown', probe }), used(0))).toHaveProperty('reason');
    }
    expect(planProbe(pool, COUNTED, used(0))).toHaveProperty('reason');
  });

  it.each([
    ['it is switched off', [license()], product({ probe: 'off' }), TERMS, /switched off/],
    ['the buyer does not permit it', [license()], product(), { ...TERMS, permitted: false }, /does not permit/],
    ['there is no license', [], product(), TERMS, /no license is in force/],
    ['the license has ended', [license({ end: '2026-05-01' })], product(), TERMS, /no license is in force/],
    ['the grant is disabled', [license({ receivedStatus: 'DISABLED' })], product(), TERMS, /no license is in force/],
    [
      'the check-in would not be allowed',
      [license({ allowedOperations: ['CheckoutLicense'] })],
      product(),
      TERMS,
      /CheckInLicense/,
    ],
    [
      'two licenses are in force and only a seat could be asked for',
      [license({ entitlements: [seats(5)] }), license({ arn: 'b', entitlements: [seats(5)] })],
      COUNTED,
      used(0),
      /cannot be chosen/,
    ],
  ])('asks nothing where %s, and says so', (_, licenses, of, terms, reason) => {
    expect(planProbe(licenses, of, terms)).toEqual({ reason: expect.stringMatching(reason) as string });
  });

  it('asks where AWS said that both operations are allowed', () => {
    const allowed = license({ allowedOperations: ['CheckInLicense', 'CheckoutLicense', 'ExtendConsumptionLicense'] });
    expect(planProbe([allowed], product(), TERMS)).toHaveProperty('entitlementName');
  });
});

describe('clientToken', () => {
  it('is the same for a redelivered check, and another for every other check and contract', () => {
    const [one, two] = [contractKey('111122223333', 'a'), contractKey('111122223333', 'b')];
    expect(clientToken(one, 'check-1', sha256)).toBe(clientToken(one, 'check-1', sha256));
    expect(clientToken(one, 'check-1', sha256)).not.toBe(clientToken(one, 'check-2', sha256));
    expect(clientToken(one, 'check-1', sha256)).not.toBe(clientToken(two, 'check-1', sha256));
    expect(clientToken(one, 'check 1', sha256)).toMatch(/^\S{1,2048}$/);
  });
});
