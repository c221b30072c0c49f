import { describe, expect, test } from 'vitest';

import { setSwitches, SWITCHES } from '../../../lib/workbench/license-manager/switches.ts';
import type { SwitchName, Switches } from '../../../lib/workbench/license-manager/switches.ts';
import {
  bodies,
  body,
  BUYER,
  MARKETPLACE,
  MINUTE,
  SEATS,
  StandIn,
  text,
  TIER,
  USAGE,
} from './stand-in.ts';
import type { Body } from './stand-in.ts';

/** What shows a switch, and what is seen in each of its positions: the compiler asks for every switch and position. */
type Observations = {
  readonly [Name in SwitchName]: {
    readonly see: (standIn: StandIn) => Promise<unknown>;
    readonly positions: Readonly<Record<Switches[Name], unknown>>;
  };
};

const NONE_OR_NOT_FOUND = {
  NoEntitlementsAllowedException: 'NoEntitlementsAllowedException',
  ResourceNotFoundException: 'ResourceNotFoundException',
};

const OBSERVATIONS: Observations = {
  checkoutWithoutLicense: {
    see: async (standIn) => (await standIn.seats(1)).error,
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutOfEnded: {
    see: async (standIn) => {
      await standIn.purchase();
      standIn.now = Date.UTC(2028, 0, 1);
      return (await standIn.seats(1)).error;
    },
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutBeforeBegin: {
    see: async (standIn) => {
      await standIn.purchase({ Validity: { Begin: '2027-01-02T00:00:00Z' } });
      return (await standIn.seats(1)).error;
    },
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutOfSuspended: {
    see: (standIn) => checkoutWithStatus(standIn, 'SUSPENDED'),
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutOfDeactivated: {
    see: (standIn) => checkoutWithStatus(standIn, 'DEACTIVATED'),
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutOfDeleted: {
    see: async (standIn) => {
      await deleted(standIn);
      return (await standIn.seats(1)).error;
    },
    positions: NONE_OR_NOT_FOUND,
  },
  checkoutWithInactiveGrant: {
    see: async (standIn) => {
      const { grantArn } = await standIn.purchase();
      await setGrant(standIn, grantArn, 'DISABLED');
      return (await standIn.seats(1)).error;
    },
    positions: { ...NONE_OR_NOT_FOUND, AccessDeniedException: 'AccessDeniedException' },
  },
  checkoutNotGranted: {
    see: async (standIn) => {
      await standIn.purchase({}, { AllowedOperations: ['CheckInLicense'] });
      return (await standIn.seats(1)).error;
    },
    positions: {
      AccessDeniedException: 'AccessDeniedException',
      NoEntitlementsAllowedException: 'NoEntitlementsAllowedException',
    },
  },
  clientTokenReplay: {
    see: async (standIn) => {
      await standIn.purchase();
      const first = await standIn.seats(1, { ClientToken: 'same' });
      const second = await standIn.seats(1, { ClientToken: 'same' });
      return [
        first['LicenseConsumptionToken'] === second['LicenseConsumptionToken'],
        standIn.manager.seatsHeld(),
      ];
    },
    positions: { 'same-checkout': [true, 1], 'new-checkout': [false, 2] },
  },
  clientTokenMismatch: {
    see: async (standIn) => {
      await standIn.purchase();
      await standIn.seats(1, { ClientToken: 'same' });
      const second = await standIn.seats(2, { ClientToken: 'same' });
      return [second.error, standIn.manager.seatsHeld()];
    },
    positions: {
      InvalidParameterValueException: ['InvalidParameterValueException', 1],
      'same-checkout': [undefined, 1],
      'new-checkout': [undefined, 3],
    },
  },
  zeroValue: {
    see: async (standIn) => {
      await standIn.purchase();
      const answer = await standIn.checkout([
        { Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: '0' },
      ]);
      return answer.error ?? answer['EntitlementsAllowed'];
    },
    positions: {
      'as-omitted': [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
      InvalidParameterValueException: 'InvalidParameterValueException',
    },
  },
  countedWithoutValue: {
    see: async (standIn) => {
      await standIn.purchase();
      return (
        (await standIn.checkout([{ Name: 'ReadOnly', Unit: 'Count' }])).error ??
        standIn.manager.seatsHeld()
      );
    },
    positions: { InvalidParameterValueException: 'InvalidParameterValueException', 'one-unit': 1 },
  },
  severalLicenses: {
    see: async (standIn) => {
      const first = await standIn.purchase();
      standIn.now += MINUTE;
      const second = await standIn.purchase({ Entitlements: [{ ...SEATS, MaxCount: 1 }] });
      const names = new Map([
        [first.arn, 'first'],
        [second.arn, 'second'],
      ]);
      const answers = [await standIn.seats(1), await standIn.seats(1)];
      return answers.map((answer) => answer.error ?? names.get(text(answer['LicenseArn'])));
    },
    positions: {
      'most-recent': ['second', 'NoEntitlementsAllowedException'],
      first: ['first', 'first'],
      'any-that-can-serve': ['second', 'first'],
    },
  },
  checkoutAnswer: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      const answer = await standIn.seats(1);
      const names = (answer['EntitlementsAllowed'] as readonly Body[]).map(({ Name }) => Name);
      return [names, answer['LicenseArn'] === arn, standIn.manager.seatsHeld()];
    },
    positions: {
      'as-asked': [['ReadOnly'], true, 1],
      'EntitlementsAllowed-empty': [[], true, 1],
      'EntitlementsAllowed-other-name': [['ReadOnlyOther'], true, 1],
      'LicenseArn-other': [['ReadOnly'], false, 1],
    },
  },
  signedToken: {
    see: async (standIn) => {
      await standIn.purchase();
      const token = (await standIn.seats(1))['SignedToken'];
      return token === undefined ? undefined : text(token).length;
    },
    positions: { absent: undefined, present: 4096 },
  },
  checkInNotAllowed: {
    see: async (standIn) => {
      await standIn.purchase({ Entitlements: [{ ...SEATS, AllowCheckIn: false }] });
      const { LicenseConsumptionToken } = await standIn.seats(1);
      return [(await standIn.checkIn(LicenseConsumptionToken)).error, standIn.manager.seatsHeld()];
    },
    positions: {
      ConflictException: ['ConflictException', 1],
      InvalidParameterValueException: ['InvalidParameterValueException', 1],
      accepted: [undefined, 0],
    },
  },
  checkInTwice: {
    see: async (standIn) => {
      await standIn.purchase();
      const { LicenseConsumptionToken } = await standIn.seats(1);
      await standIn.checkIn(LicenseConsumptionToken);
      const again = (await standIn.checkIn(LicenseConsumptionToken)).error;
      const ranOut = await standIn.seats(1);
      standIn.now += 60 * MINUTE;
      return [again, (await standIn.checkIn(ranOut['LicenseConsumptionToken'])).error];
    },
    positions: {
      ResourceNotFoundException: ['ResourceNotFoundException', 'ResourceNotFoundException'],
      ConflictException: ['ConflictException', 'ConflictException'],
      accepted: [undefined, undefined],
    },
  },
  validityFormat: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      const [listed = {}] = await standIn.received();
      const validity = body((await standIn.license(arn))['Validity']);
      expect(listed['Validity']).toEqual(validity);
      return [validity['Begin'], validity['End']];
    },
    positions: {
      'iso-z': ['2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z'],
      'iso-zoneless': ['2027-01-01T00:00:00', '2028-01-01T00:00:00'],
      'iso-offset': ['2027-01-01T02:00:00+02:00', '2028-01-01T02:00:00+02:00'],
      'epoch-seconds': ['1798761600', '1830297600'],
    },
  },
  createTimeFormat: {
    see: async (standIn) => (await standIn.license((await standIn.purchase()).arn))['CreateTime'],
    positions: { 'epoch-seconds': '1798761600', 'iso-z': '2027-01-01T00:00:00Z' },
  },
  versionAfterAmendment: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      const version = text((await standIn.amend(arn))['Version']);
      expect((await standIn.license(arn))['Version']).toBe(version);
      return version === '2' ? version : /^[0-9a-f]{12}$/.test(version);
    },
    positions: { increments: '2', opaque: true },
  },
  statusAfterEnd: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      standIn.now = Date.UTC(2028, 0, 2);
      expect((await standIn.seats(1)).error).toBe('NoEntitlementsAllowedException');
      return (await standIn.license(arn))['Status'];
    },
    positions: { EXPIRED: 'EXPIRED', AVAILABLE: 'AVAILABLE' },
  },
  statusBeforeBegin: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase({ Validity: { Begin: '2027-01-02T00:00:00Z' } });
      return (await standIn.license(arn))['Status'];
    },
    positions: { AVAILABLE: 'AVAILABLE', PENDING_AVAILABLE: 'PENDING_AVAILABLE' },
  },
  unlimitedShape: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase({
        Entitlements: [{ Name: 'ReadOnly', Unit: 'Count' }],
      });
      const [entitlement = {}] = bodies((await standIn.license(arn))['Entitlements']);
      const { LicenseUsage } = await standIn.call(BUYER, 'GetLicenseUsage', { LicenseArn: arn });
      const [usage = {}] = bodies(body(LicenseUsage)['EntitlementUsages']);
      return [entitlement['MaxCount'], usage['MaxCount']];
    },
    positions: { 'MaxCount-omitted': [undefined, undefined], 'MaxCount-zero': [0, '0'] },
  },
  granteeListsVersions: {
    see: async (standIn) => {
      const request = { LicenseArn: (await standIn.purchase()).arn };
      expect(
        (await standIn.call(MARKETPLACE, 'ListLicenseVersions', request)).error,
      ).toBeUndefined();
      return (await standIn.call(BUYER, 'ListLicenseVersions', request)).error;
    },
    positions: { AccessDeniedException: 'AccessDeniedException', allowed: undefined },
  },
  granteeReadsUsage: {
    see: async (standIn) => {
      const request = { LicenseArn: (await standIn.purchase()).arn };
      expect((await standIn.call(MARKETPLACE, 'GetLicenseUsage', request)).error).toBeUndefined();
      return (await standIn.call(BUYER, 'GetLicenseUsage', request)).error;
    },
    positions: { allowed: undefined, AccessDeniedException: 'AccessDeniedException' },
  },
  noneInUsage: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase({ Entitlements: [TIER, USAGE] });
      await standIn.checkout([{ Name: 'PremiumTier', Unit: 'None' }]);
      expect(standIn.manager.seatsHeld()).toBe(0);
      return await standIn.usage(arn);
    },
    positions: {
      zero: { PremiumTier: '0', 'AWS::Marketplace::Usage': '0' },
      counted: { PremiumTier: '1', 'AWS::Marketplace::Usage': '0' },
      'not-listed': {},
    },
  },
  newLicenseVisible: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      const seen = async (): Promise<unknown> => [
        (await standIn.received()).length,
        (await standIn.call(BUYER, 'GetLicense', { LicenseArn: arn })).status,
      ];
      const first = await seen();
      standIn.now += 2 * MINUTE;
      return [first, await seen()];
    },
    positions: {
      'at-once': [
        [1, 200],
        [1, 200],
      ],
      'after-2-minutes': [
        [0, 401],
        [1, 200],
      ],
    },
  },
  readsAfterUpdate: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      await standIn.amend(arn);
      const read: unknown[] = [];
      for (let look = 0; look < 6; look += 1) {
        const [listed = {}] = await standIn.received();
        read.push(listed['Version'], (await standIn.license(arn))['Version']);
      }
      standIn.now += 20 * MINUTE;
      for (let look = 0; look < 6; look += 1) read.push((await standIn.license(arn))['Version']);
      return [
        read.slice(0, 12).includes('1'),
        read.slice(0, 12).includes('2'),
        read.slice(12).includes('1'),
      ];
    },
    positions: { fresh: [false, true, false], 'stale-for-20-minutes': [true, true, false] },
  },
  listAfterUpdate: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      await standIn.amend(arn, {
        Validity: { Begin: '2026-01-01T00:00:00Z', End: '2029-01-01T00:00:00Z' },
      });
      const said = async () => {
        const [listed = {}] = await standIn.received();
        const gotten = await standIn.license(arn);
        const end = ({ Validity }: Record<string, unknown>) => (Validity as { End: string }).End;
        return [listed['Version'] === gotten['Version'], end(listed) === end(gotten)];
      };
      const first = await said();
      standIn.now += 20 * MINUTE;
      return [first, await said()];
    },
    positions: {
      'as-GetLicense': [
        [true, true],
        [true, true],
      ],
      'version-behind-for-20-minutes': [
        [false, false],
        [true, true],
      ],
      'terms-behind-for-20-minutes': [
        [true, false],
        [true, true],
      ],
    },
  },
  firstPage: {
    see: async (standIn) => {
      await standIn.purchase();
      const first = await standIn.call(BUYER, 'ListReceivedLicenses', {});
      const { NextToken } = first;
      const second = await standIn.call(BUYER, 'ListReceivedLicenses', { NextToken });
      return [
        bodies(first['Licenses']).length,
        typeof NextToken,
        bodies(second['Licenses']).length,
        second['NextToken'],
      ];
    },
    positions: { full: [1, 'undefined', 1, undefined], empty: [0, 'string', 1, undefined] },
  },
  deletedInLists: {
    see: async (standIn) => {
      await deleted(standIn);
      const { grantArn } = await standIn.purchase();
      await standIn.call(MARKETPLACE, 'DeleteGrant', { GrantArn: grantArn, Version: '1' });
      return [
        (await standIn.received()).map((license) => license['Status']),
        await receivedStatuses(standIn),
      ];
    },
    positions: {
      listed: [
        ['DELETED', 'AVAILABLE'],
        ['ACTIVE', 'DELETED'],
      ],
      'not-listed': [[], []],
    },
  },
  unknownArn: {
    see: async (standIn) => {
      const unknown = { LicenseArn: 'arn:aws:license-manager::294406891311:license:l-1' };
      const errors = [];
      for (const operation of ['GetLicense', 'GetLicenseUsage', 'ListLicenseVersions']) {
        errors.push((await standIn.call(BUYER, operation, unknown)).error);
      }
      errors.push(
        (await standIn.call(BUYER, 'AcceptGrant', { GrantArn: unknown.LicenseArn })).error,
      );
      return [...new Set(errors)];
    },
    positions: {
      InvalidParameterValueException: ['InvalidParameterValueException'],
      ResourceNotFoundException: ['ResourceNotFoundException'],
      AccessDeniedException: ['AccessDeniedException'],
      ValidationException: ['ValidationException'],
    },
  },
  grantWorkflow: {
    see: async (standIn) => {
      await standIn.purchase();
      const first = await receivedStatuses(standIn);
      standIn.now += MINUTE;
      return [first, await receivedStatuses(standIn)];
    },
    positions: {
      'at-once': [['ACTIVE'], ['ACTIVE']],
      'one-minute': [['PENDING_WORKFLOW'], ['ACTIVE']],
    },
  },
  deletion: {
    see: async (standIn) => {
      const arn = await deleted(standIn);
      return (await standIn.license(arn))['Status'];
    },
    positions: { DELETED: 'DELETED', PENDING_DELETE: 'PENDING_DELETE' },
  },
  throttleStatus: {
    see: async (standIn) => {
      standIn.manager.faults.inject({ kind: 'throttled' });
      const { status, error } = await standIn.call(BUYER, 'ListReceivedLicenses', {});
      return [status, error];
    },
    positions: {
      429: [429, 'RateLimitExceededException'],
      400: [400, 'RateLimitExceededException'],
    },
  },
  errorStatus: {
    see: async (standIn) => {
      const { arn } = await standIn.purchase();
      const denied = await standIn.amend(arn, {}, BUYER);
      const conflict = await standIn.amend(arn, { SourceVersion: '7' });
      standIn.manager.faults.inject({ kind: 'failing' });
      return [denied.status, conflict.status, (await standIn.seats(1)).status];
    },
    positions: { declared: [401, 409, 500], 'always-400': [400, 400, 500] },
  },
  iamDenial: {
    see: async ({ manager: { switches } }) => {
      const standIn = new StandIn(switches, () =>
        Promise.resolve({ allowed: false, message: 'no' }),
      );
      const { status, error } = await standIn.seats(1);
      return [status, error];
    },
    positions: {
      AccessDeniedException: [400, 'AccessDeniedException'],
      AuthorizationException: [400, 'AuthorizationException'],
    },
  },
};

describe.each(Object.entries(OBSERVATIONS))('switch %s', (name, { see, positions }) => {
  test.each(Object.entries(positions))('in position %s', async (position, expected: unknown) => {
    const standIn = new StandIn({ [name]: position });
    expect(await see(standIn)).toEqual(expected);
  });

  test('stands in its first position if nobody sets it', async () => {
    const first = SWITCHES[name as SwitchName][0];
    expect(await see(new StandIn())).toEqual(
      (positions as Readonly<Record<string, unknown>>)[first],
    );
  });

  test('shows something else in each position', () => {
    const seen = Object.values(positions).map((each) => JSON.stringify(each) as string | undefined);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

test('a switch or position that does not exist is refused with those that do', () => {
  expect(() => setSwitches({ colour: 'red' } as Partial<Switches>)).toThrow(
    /no switch "colour".*validityFormat/,
  );
  expect(() => setSwitches({ deletion: 'GONE' } as unknown as Partial<Switches>)).toThrow(
    'switch deletion has no position "GONE"; it has DELETED, PENDING_DELETE',
  );
});

async function checkoutWithStatus(standIn: StandIn, Status: string): Promise<unknown> {
  const { arn } = await standIn.purchase();
  await standIn.amend(arn, { Status });
  return (await standIn.seats(1)).error;
}

async function deleted(standIn: StandIn): Promise<string> {
  const { arn } = await standIn.purchase();
  await standIn.call(MARKETPLACE, 'DeleteLicense', { LicenseArn: arn, SourceVersion: '1' });
  return arn;
}

async function setGrant(standIn: StandIn, grantArn: string, Status: string) {
  return await standIn.call(BUYER, 'CreateGrantVersion', {
    GrantArn: grantArn,
    ClientToken: standIn.token(),
    Status,
  });
}

async function receivedStatuses(standIn: StandIn): Promise<readonly unknown[]> {
  return (await standIn.received()).map(
    (license) => body(license['ReceivedMetadata'])['ReceivedStatus'],
  );
}
