import { describe, expect, it } from 'vitest';
import { contractKey, type License } from '../../../lib/domain/license/contract.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import {
  clientToken,
  drawable,
  planProbe,
  type ProbeTerms,
} from '../../../lib/domain/check/probe.ts';
import type { ProbeOutcome } from '../../../lib/domain/check/observation.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { arnOf, at, gigabytes, license, SEAT, seats, tier, USAGE } from '../../support/licenses.ts';
import { ACCEPTED, seen } from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const TERMS: ProbeTerms = {
  permitted: true,
  usage: null,
  unitOutUntil: null,
  now: at('2026-06-01'),
};
const TIERED = product({ tiers: ['BasicTier', 'PremiumTier'] });
const COUNTED = product({ probe: 'counted' });

function used(consumed: number): ProbeTerms {
  return {
    ...TERMS,
    usage: [
      { name: 'ReadOnly', unit: 'Count', consumed: quantity(consumed), maxCount: quantity(5) },
    ],
  };
}

describe('planProbe: what costs the buyer nothing', () => {
  it.each([
    ['Usage, where the license has it', product(), [seats(5), USAGE], USAGE.name],
    ['Usage before an owned tier', TIERED, [tier('PremiumTier'), USAGE], USAGE.name],
    ['else the owned tier', TIERED, [tier('PremiumTier')], 'PremiumTier'],
    [
      'the tier that is not disabled',
      TIERED,
      [{ ...tier('PremiumTier'), value: 'Disabled' }, tier('BasicTier')],
      'BasicTier',
    ],
    ['the higher of two tiers', TIERED, [tier('BasicTier'), tier('PremiumTier')], 'PremiumTier'],
    ['a tier that the seller does not list', TIERED, [tier('SecretTier')], 'SecretTier'],
    ['Usage of a drawdown license', product(), [gigabytes(500), USAGE], USAGE.name],
    ['Usage, though counted probing is opted in', COUNTED, [seats(5), USAGE], USAGE.name],
  ])('asks for %s', (_, of, entitlements, name) => {
    expect(planProbe([license({ entitlements })], of, TERMS)).toMatchObject({
      entitlementName: name,
      unit: 'None',
      value: null,
      productSku: 'prod-example',
    });
  });

  it('never asks for what is disabled', () => {
    const entitlements = [{ ...USAGE, value: 'Disabled' }, seats(5)];
    expect(planProbe([license({ entitlements })], product(), TERMS)).toMatchObject({
      reason: 'no entitlement of unit None; counted probing is not opted in',
    });
  });

  it('asks for one seat only where that is opted in and two are known to be free', () => {
    const only = [license({ entitlements: [seats(5)] })];
    expect(planProbe(only, COUNTED, used(3))).toMatchObject({
      entitlementName: 'ReadOnly',
      unit: 'Count',
      value: '1',
    });
    expect(planProbe(only, COUNTED, used(4))).toMatchObject({
      reason: 'fewer than 2 units are known to be free',
    });
    expect(planProbe(only, COUNTED, TERMS)).toMatchObject({
      reason: 'fewer than 2 units are known to be free',
    });
    expect(planProbe(only, product(), used(0))).toHaveProperty('reason');
    expect(planProbe([license({ entitlements: [seats(null)] })], COUNTED, TERMS)).toMatchObject({
      value: '1',
    });
  });

  it('never draws on a pool, also where counted probing is opted in', () => {
    const pool = [license({ entitlements: [gigabytes(500)] })];
    for (const probe of ['safe', 'counted'] as const) {
      expect(planProbe(pool, product({ probe }), used(0))).toHaveProperty('reason');
    }
    expect(planProbe(pool, COUNTED, used(0))).toHaveProperty('reason');
  });

  it.each([
    ['it is switched off', [license()], product({ probe: 'off' }), TERMS, /switched off/],
    [
      'the buyer does not permit it',
      [license()],
      product(),
      { ...TERMS, permitted: false },
      /does not permit/,
    ],
    ['there is no license', [], product(), TERMS, /no license is in force/],
    [
      'the license has ended',
      [license({ end: '2026-05-01' })],
      product(),
      TERMS,
      /no license is in force/,
    ],
    [
      'the grant is disabled',
      [license({ receivedStatus: 'DISABLED' })],
      product(),
      TERMS,
      /no license is in force/,
    ],
    [
      'the checkout would not be allowed, which goes before what we may',
      [license({ allowedOperations: ['CheckInLicense'] })],
      product({ probe: 'off' }),
      { ...TERMS, permitted: false },
      /^the grant does not allow CheckoutLicense$/,
    ],
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
    [
      'a unit could not be returned',
      [license({ entitlements: [{ ...seats(5), allowCheckIn: false }] })],
      COUNTED,
      used(0),
      /a drawdown license is probed with a unit None only/,
    ],
    [
      'not even what holds no seat could be returned',
      [license({ entitlements: [{ ...USAGE, allowCheckIn: false }] })],
      product(),
      TERMS,
      /cannot be returned \(AllowCheckIn false\)/,
    ],
    [
      'a seat is still out',
      [license({ entitlements: [seats(5)] })],
      COUNTED,
      { ...used(0), unitOutUntil: at('2026-06-01T00:00:01') },
      /not returned: no other is taken before 2026-06-01T00:00:01Z/,
    ],
  ])('asks nothing where %s, and says so', (_, licenses, of, terms, reason) => {
    expect(planProbe(licenses, of, terms)).toMatchObject({
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('asks where a seat was out and no longer is, and for what holds no seat whatever is out', () => {
    const counted = [license({ entitlements: [seats(5)] })];
    expect(planProbe(counted, COUNTED, { ...used(0), unitOutUntil: TERMS.now })).toHaveProperty(
      'value',
      '1',
    );
    expect(
      planProbe([license()], product(), { ...TERMS, unitOutUntil: at('2026-06-02') }),
    ).toHaveProperty('value', null);
  });

  it('asks for the best of all licenses, not of the first', () => {
    const old = license({ arn: 'a', entitlements: [tier('BasicTier')] });
    expect(
      planProbe([old, license({ arn: 'b', entitlements: [USAGE] })], TIERED, TERMS),
    ).toMatchObject({
      entitlementName: USAGE.name,
    });
    const unreturned = license({ arn: 'a', allowedOperations: ['CheckoutLicense'] });
    expect(planProbe([unreturned, license({ arn: 'b' })], product(), TERMS)).toHaveProperty(
      'entitlementName',
    );
  });

  const wouldHold = { ...seats(9), name: 'Kept', allowCheckIn: false as const };
  const altered = { ...seats(9), name: 'Altered', asWritten: false as const };
  it.each<[string, readonly License[], Product, string]>([
    [
      'seats, and counted probing is not opted in',
      [license({ entitlements: [seats(5)] })],
      product(),
      'only-seats',
    ],
    ['a pool', [license({ entitlements: [gigabytes(5)] })], product(), 'only-drawdown'],
    [
      'a pool, though counted probing is opted in',
      [license({ entitlements: [gigabytes(5)] })],
      product({ probe: 'counted' }),
      'only-drawdown',
    ],
    [
      'a pool beside what has no quantity, though counted probing is opted in',
      [license({ entitlements: [{ ...USAGE, allowCheckIn: false }, gigabytes(5)] })],
      product({ probe: 'counted' }),
      'only-drawdown',
    ],
    [
      'what cannot be returned, though the seller says that it is not used up',
      [license({ entitlements: [{ ...seats(5), allowCheckIn: false }] })],
      { ...COUNTED, dimensions: { ReadOnly: { ...SEAT, usedUp: false } } },
      'not-returnable',
    ],
    [
      'a unit that is no count',
      [license({ entitlements: [{ ...gigabytes(5), unit: 'Gigabytes/Second' }] })],
      COUNTED,
      'not-returnable',
    ],
    [
      'what is not as AWS wrote it',
      [license({ entitlements: [altered] })],
      COUNTED,
      'not-returnable',
    ],
    [
      'what is not as AWS wrote it, of unit None',
      [license({ entitlements: [{ ...USAGE, asWritten: false }] })],
      product(),
      'only-seats',
    ],
    [
      'what holds no seat in one of two licenses, and cannot be returned',
      [
        license({ entitlements: [{ ...USAGE, allowCheckIn: false }, seats(5)] }),
        license({ arn: 'b', entitlements: [seats(5)] }),
      ],
      product(),
      'none-returnable',
    ],
    [
      'what holds no seat and cannot be returned, and counted probing is opted in',
      [license({ entitlements: [{ ...USAGE, allowCheckIn: false }, seats(2)] })],
      COUNTED,
      'none-free',
    ],
  ])('does not ask where there is nothing but %s', (_, licenses, of, untried) => {
    expect(planProbe(licenses, of, used(4))).toMatchObject({ untried });
  });

  it('knows what is free by name and unit, and passes by what could not be returned', () => {
    const of = (...entitlements: License['entitlements']) =>
      planProbe([license({ entitlements: [wouldHold, altered, ...entitlements] })], COUNTED, {
        ...TERMS,
        usage: [
          { name: 'Kept', unit: 'Count', consumed: quantity(0), maxCount: quantity(9) },
          { name: 'ReadOnly', unit: 'Gigabytes', consumed: quantity(0), maxCount: quantity(5) },
          { name: 'ReadOnly', unit: 'Count', consumed: quantity(4), maxCount: quantity(5) },
          { name: 'Writers', unit: 'Count', consumed: quantity(3), maxCount: quantity(5) },
        ],
      });
    expect(of(seats(5))).toMatchObject({ untried: 'none-free' });
    expect(of(seats(5), seats(5, 'Writers'))).toMatchObject({
      entitlementName: 'Writers',
      value: '1',
    });
    expect(of(seats(5), seats(5, 'Others'))).toMatchObject({ untried: 'none-free' });
  });

  it('asks for the same of two whose rank is the same, whatever their order', () => {
    const both = ['Zeta', 'Alpha'].map(tier);
    for (const entitlements of [both, both.toReversed()])
      expect(planProbe([license({ entitlements })], product(), TERMS)).toMatchObject({
        entitlementName: 'Alpha',
      });
  });

  it('asks where one of several grants allows it', () => {
    const closed = license({ allowedOperations: ['CheckInLicense'] });
    expect(planProbe([closed, license({ arn: 'b' })], product(), TERMS)).toHaveProperty(
      'entitlementName',
    );
    expect(
      drawable(
        [
          closed,
          license({ arn: 'b' }),
          license({ arn: 'c', allowedOperations: ['CheckoutLicense'] }),
          license({ arn: 'd', status: 'SUSPENDED' }),
        ],
        TERMS.now,
      ),
    ).toEqual({ read: ['a', 'b', 'c', 'd'].map(arnOf), allowed: ['b', 'c'].map(arnOf) });
  });

  it('asks where AWS said that both operations are allowed', () => {
    const allowed = license({
      allowedOperations: ['CheckInLicense', 'CheckoutLicense', 'ExtendConsumptionLicense'],
    });
    expect(planProbe([allowed], product(), TERMS)).toHaveProperty('entitlementName');
  });
});

describe('a counted unit that is out', () => {
  const inForce = [license({ entitlements: [seats(5)] })];
  const OUT: ProbeOutcome = {
    outcome: 'accepted',
    entitlementName: 'ReadOnly',
    licenseArn: 'a',
    checkedIn: false,
    unitOut: true,
  };
  const LOST: ProbeOutcome = {
    outcome: 'failed',
    error: 'TimeoutError',
    reason: 'no answer',
    unitOut: true,
  };

  it.each([
    ['was not returned', OUT],
    ['may be out for all we know', LOST],
  ])(
    'because it %s is remembered for a day, in which the head is read before every look',
    (_, probe) => {
      const watched = new WatchedContract(COUNTED);
      const silent = seen(inForce, {
        probe: { outcome: 'not-probed', untried: 'unit-out', reason: 'a unit is out' },
      });
      watched.look(at('2026-06-01'), seen(inForce, { probe: ACCEPTED }));
      expect(watched.head?.unitOutUntil).toBeNull();
      // Nothing else differs: a look that would be steady.
      expect(watched.look(at('2026-06-02'), seen(inForce, { probe }))).toEqual([]);
      expect(watched.head?.unitOutUntil).toBe('2026-06-03T00:03:00Z');
      for (const tick of ['2026-06-02T00:15', '2026-06-02T23:45', '2026-06-03']) {
        expect((watched.head?.nextDue ?? '9') <= at(tick)).toBe(true);
        expect(watched.look(at(tick), silent)).toEqual([]);
      }
      expect(watched.head?.unitOutUntil).toBeNull();
      expect((watched.head?.nextDue ?? '9') > at('2026-06-04')).toBe(true);
      expect(watched.ledger).toHaveLength(1);
    },
  );
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
