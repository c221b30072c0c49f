import * as fc from '../../support/property.ts';
import { describe, expect, test } from 'vitest';

import {
  BUYER,
  DAY,
  DATA,
  MARKETPLACE,
  MINUTE,
  SEATS,
  SELLER,
  StandIn,
  STRANGER,
  TIER,
  USAGE,
} from './stand-in.ts';

const REFUSED = {
  status: 400,
  error: 'NoEntitlementsAllowedException',
  message: 'No Entitlements Allowed',
};

describe('floating', () => {
  test('a checkout answers in AWS’s shapes', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase();
    standIn.now += 500;
    const answer = await standIn.seats(2);
    expect(answer).toEqual({
      status: 200,
      CheckoutType: 'PROVISIONAL',
      LicenseConsumptionToken: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      EntitlementsAllowed: [{ Name: 'ReadOnly', Unit: 'Count', Value: '2' }],
      IssuedAt: '2027-01-01T00:00:00',
      Expiration: '2027-01-01T01:00:00',
      LicenseArn: arn,
    });
    expect(standIn.manager.seatsHeld()).toBe(2);
    expect(standIn.manager.openCheckouts(STRANGER)).toEqual([]);
    expect(standIn.manager.openCheckouts(BUYER)).toMatchObject([
      {
        token: answer['LicenseConsumptionToken'],
        license: { arn },
        taken: new Map([['ReadOnly', 2]]),
        expiresAt: standIn.now + 60 * MINUTE,
      },
    ]);
  });

  test('the pool refuses at its maximum with the very words of "none owned"', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase();
    await standIn.seats(3);
    expect(await standIn.seats(3)).toEqual(REFUSED);
    expect(await standIn.seats(2)).toMatchObject({ status: 200 });
    expect(await standIn.seats(1)).toEqual(REFUSED);
    expect(await standIn.usage(arn)).toEqual({ ReadOnly: '5', 'AWS::Marketplace::Usage': '0' });
    expect(await standIn.checkout([{ Name: 'Nothing', Unit: 'Count', Value: '1' }])).toEqual(
      REFUSED,
    );
  });

  test('a check-in frees the seats at once', async () => {
    const standIn = new StandIn();
    await standIn.purchase();
    const { LicenseConsumptionToken } = await standIn.seats(5);
    expect(await standIn.checkIn(LicenseConsumptionToken)).toEqual({ status: 200 });
    expect(standIn.manager.seatsHeld()).toBe(0);
    expect(await standIn.seats(5)).toMatchObject({ status: 200 });
  });

  test('seats return by themselves when the time to live is over', async () => {
    const standIn = new StandIn();
    const configuration = { ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 180 } };
    await standIn.purchase({ ConsumptionConfiguration: configuration });
    await standIn.seats(5);
    standIn.now += 180 * MINUTE - 1;
    expect(await standIn.seats(1)).toEqual(REFUSED);
    standIn.now += 1;
    expect(await standIn.seats(5)).toMatchObject({
      status: 200,
      Expiration: '2027-01-01T06:00:00',
    });
  });

  test('overage lets the count pass, and usage says by how much', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase({ Entitlements: [{ ...SEATS, Overage: true }] });
    await standIn.seats(7);
    const answer = await standIn.call(BUYER, 'GetLicenseUsage', { LicenseArn: arn });
    expect(answer['LicenseUsage']).toEqual({
      EntitlementUsages: [{ Name: 'ReadOnly', Unit: 'Count', ConsumedValue: '7', MaxCount: '5' }],
    });
  });

  test('an unlimited entitlement is checked out with quantity zero, or any', async () => {
    const standIn = new StandIn();
    await standIn.purchase({
      Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', AllowCheckIn: true }],
    });
    expect(await standIn.seats(0)).toMatchObject({ EntitlementsAllowed: [{ Value: '0' }] });
    expect(await standIn.seats(100_000)).toMatchObject({
      EntitlementsAllowed: [{ Value: '100000' }],
    });
  });

  test.each(['-1', '1.5', 'one', '1e3', ''])('value "%s" is not a count', async (Value) => {
    const standIn = new StandIn();
    await standIn.purchase();
    expect(await standIn.checkout([{ Name: 'ReadOnly', Unit: 'Count', Value }])).toMatchObject({
      error: 'InvalidParameterValueException',
    });
  });

  test('two grantees draw on one pool', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase();
    const terms = standIn.grantTerms(arn, { Principals: [`arn:aws:iam::${STRANGER}:root`] });
    await standIn.call(MARKETPLACE, 'CreateGrant', terms);
    await standIn.seats(4);
    const requested = (Value: string) =>
      standIn.checkout([{ Name: 'ReadOnly', Unit: 'Count', Value }], {}, STRANGER);
    expect(await requested('2')).toEqual(REFUSED);
    expect(await requested('1')).toMatchObject({ status: 200 });
  });
});

describe('tiered', () => {
  test('of all tiers asked, the answer holds the one owned', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase({ Entitlements: [TIER, USAGE] });
    const tiers = ['BasicTier', 'IntermediateTier', 'PremiumTier'].map((Name) => ({
      Name,
      Unit: 'None',
    }));
    expect(await standIn.checkout(tiers)).toMatchObject({
      EntitlementsAllowed: [{ Name: 'PremiumTier', Unit: 'None', Value: 'Enabled' }],
    });
    expect(await standIn.checkout(tiers.slice(0, 2))).toEqual(REFUSED);
    expect(standIn.manager.seatsHeld()).toBe(0);
    expect(await standIn.usage(arn)).toEqual({ PremiumTier: '0', 'AWS::Marketplace::Usage': '0' });
  });

  test('a tier without value answers without one', async () => {
    const standIn = new StandIn();
    await standIn.purchase({ Entitlements: [{ Name: 'PremiumTier', Unit: 'None' }] });
    const answer = await standIn.checkout([{ Name: 'PremiumTier', Unit: 'None' }]);
    expect(answer['EntitlementsAllowed']).toEqual([{ Name: 'PremiumTier', Unit: 'None' }]);
  });

  test('AWS::Marketplace::Usage is answered however full the pool is', async () => {
    const standIn = new StandIn();
    await standIn.purchase();
    await standIn.seats(5);
    expect(
      await standIn.checkout([{ Name: 'AWS::Marketplace::Usage', Unit: 'None' }]),
    ).toMatchObject({
      EntitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
    });
    expect(standIn.manager.seatsHeld()).toBe(5);
  });

  test.each([
    ['None', SEATS, 'ReadOnly'],
    ['Gigabytes', SEATS, 'ReadOnly'],
    ['Count', TIER, 'PremiumTier'],
  ])('unit %s does not match another', async (Unit, entitlement, Name) => {
    const standIn = new StandIn();
    await standIn.purchase({ Entitlements: [entitlement] });
    expect(
      await standIn.checkout([{ Name, Unit, ...(Unit === 'None' ? {} : { Value: '1' }) }]),
    ).toEqual(REFUSED);
  });
});

describe('drawdown', () => {
  test('what is drawn never returns', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase({ Entitlements: [DATA] });
    const draw = (Value: string) =>
      standIn.checkout([{ Name: 'DataConsumption', Unit: 'Gigabytes', Value }], {
        CheckoutType: 'PERPETUAL',
      });
    const { LicenseConsumptionToken } = await draw('300');
    expect(await draw('201')).toEqual(REFUSED);
    standIn.now += 30 * DAY;
    expect(await standIn.usage(arn)).toEqual({ DataConsumption: '300' });
    expect(await draw('200')).toMatchObject({ CheckoutType: 'PERPETUAL' });
    expect(await draw('1')).toEqual(REFUSED);
    expect(standIn.manager.seatsHeld()).toBe(0);
    expect(standIn.manager.licenses()).toMatchObject([{ used: { DataConsumption: 500 } }]);
    expect(await standIn.checkIn(LicenseConsumptionToken)).toMatchObject({ status: 400 });
  });

  test('a perpetual checkout is not checked in', async () => {
    const standIn = new StandIn();
    await standIn.purchase();
    const { LicenseConsumptionToken } = await standIn.seats(1, { CheckoutType: 'PERPETUAL' });
    expect(await standIn.checkIn(LicenseConsumptionToken)).toMatchObject({
      error: 'ConflictException',
      status: 409,
    });
  });
});

describe('who may', () => {
  test('neither another SKU, nor another issuer, nor another account', async () => {
    const standIn = new StandIn();
    await standIn.purchase();
    const requested = [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }];
    expect(await standIn.checkout(requested, { ProductSKU: 'other' })).toEqual(REFUSED);
    expect(
      await standIn.checkout(requested, {
        KeyFingerprint: `aws:${SELLER}:Self:issuer-fingerprint`,
      }),
    ).toEqual(REFUSED);
    expect(await standIn.checkout(requested, {}, STRANGER)).toEqual(REFUSED);
    expect(await standIn.checkout(requested, {}, MARKETPLACE)).toEqual(REFUSED);
  });

  test('a consumption token works for its own account only', async () => {
    const standIn = new StandIn();
    await standIn.purchase();
    const { LicenseConsumptionToken } = await standIn.seats(1);
    expect(await standIn.checkIn(LicenseConsumptionToken, STRANGER)).toMatchObject({
      error: 'ResourceNotFoundException',
    });
    expect(await standIn.checkIn('made up')).toMatchObject({ error: 'ResourceNotFoundException' });
  });

  test.each([
    [['CheckInLicense'], 'CheckoutLicense'],
    [['CheckoutLicense'], 'CheckInLicense'],
  ])('a grant that allows %j refuses %s', async (AllowedOperations, operation) => {
    const standIn = new StandIn();
    await standIn.purchase({}, { AllowedOperations });
    const out = await standIn.seats(1);
    const answer =
      operation === 'CheckoutLicense' ? out : await standIn.checkIn(out['LicenseConsumptionToken']);
    expect(answer).toMatchObject({ error: 'AccessDeniedException' });
  });

  test('a license without provisional configuration is not checked out for a while', async () => {
    const standIn = new StandIn();
    await standIn.purchase({ ConsumptionConfiguration: { RenewType: 'None' } });
    expect(await standIn.seats(1)).toEqual(REFUSED);
  });

  test('a checkout of a license no longer in force is checked in', async () => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase();
    const { LicenseConsumptionToken } = await standIn.seats(1);
    await standIn.amend(arn, { Status: 'SUSPENDED' });
    expect(await standIn.checkIn(LicenseConsumptionToken)).toEqual({ status: 200 });
  });
});

test('an amendment takes effect on the pool that is in use', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  await standIn.seats(5);
  await standIn.amend(arn, { Entitlements: [{ ...SEATS, MaxCount: 6 }] });
  expect(await standIn.seats(2)).toEqual(REFUSED);
  expect(await standIn.seats(1)).toMatchObject({ status: 200 });
  await standIn.amend(arn, { Entitlements: [{ ...SEATS, MaxCount: 1 }] });
  expect(await standIn.usage(arn)).toEqual({ ReadOnly: '6' });
});

test('the same name twice in a request draws twice', async () => {
  const standIn = new StandIn();
  await standIn.purchase();
  const three = { Name: 'ReadOnly', Unit: 'Count', Value: '3' };
  expect(await standIn.checkout([three, three])).toEqual(REFUSED);
  expect(await standIn.checkout([three, { ...three, Value: '2' }])).toMatchObject({ status: 200 });
  expect(standIn.manager.seatsHeld()).toBe(5);
});

test('what was returned is forgotten after a day', async () => {
  const standIn = new StandIn({ checkInTwice: 'ConflictException' });
  await standIn.purchase();
  const { LicenseConsumptionToken } = await standIn.seats(1);
  await standIn.checkIn(LicenseConsumptionToken);
  expect(await standIn.checkIn(LicenseConsumptionToken)).toMatchObject({
    error: 'ConflictException',
  });
  standIn.now += DAY;
  await standIn.seats(1);
  expect(await standIn.checkIn(LicenseConsumptionToken)).toMatchObject({
    error: 'ResourceNotFoundException',
  });
});

const step = fc.oneof(
  fc.record({
    kind: fc.constant('out' as const),
    units: fc.integer({ min: 1, max: 4 }),
    type: fc.constantFrom('PROVISIONAL', 'PERPETUAL'),
  }),
  fc.record({ kind: fc.constant('in' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(70) }),
);

test('whatever happens, usage is what is held plus what is drawn, never above the maximum, and an hour later nothing is held', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const standIn = new StandIn();
      const { arn } = await standIn.purchase();
      const tokens: unknown[] = [];
      let drawn = 0;
      for (const each of steps) {
        if (each.kind === 'wait') standIn.now += each.minutes * MINUTE;
        else if (each.kind === 'out') {
          const before = Number((await standIn.usage(arn))['ReadOnly']);
          const answer = await standIn.seats(each.units, { CheckoutType: each.type });
          expect(answer.status).toBe(before + each.units <= 5 ? 200 : 400);
          if (answer.status === 200 && each.type === 'PERPETUAL') drawn += each.units;
          if (answer.status === 200) tokens.push(answer['LicenseConsumptionToken']);
        } else await standIn.checkIn(tokens[each.which] ?? 'none');
        const used = Number((await standIn.usage(arn))['ReadOnly']);
        expect(used).toBe(standIn.manager.seatsHeld() + drawn);
        expect(used).toBeLessThanOrEqual(5);
      }
      standIn.now += 60 * MINUTE;
      expect(standIn.manager.seatsHeld()).toBe(0);
      expect(await standIn.usage(arn)).toMatchObject({ ReadOnly: String(drawn) });
    }),
    { numRuns: 60 },
  );
});
