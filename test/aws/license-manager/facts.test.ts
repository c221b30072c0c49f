import { expect, test } from 'vitest';
import { factOf } from '../../../lib/aws/license-manager/transcript.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';

test.each([
  [
    'AssumeRole',
    { ExternalId: TOKEN },
    { AssumedRoleUser: { Arn: 'arn:session' }, Credentials: { SessionToken: TOKEN } },
    'arn:session',
  ],
  ['ListReceivedLicenses', {}, { Licenses: [{}, {}] }, '2 licenses'],
  ['ListReceivedLicenses', {}, { Licenses: [], NextToken: TOKEN }, '0 licenses, more to come'],
  ['ListReceivedLicenses', {}, { Licenses: 'many' }, '0 licenses'],
  [
    'GetLicense',
    {},
    { License: { Version: '3', Status: 'AVAILABLE', Validity: {} } },
    'version 3, AVAILABLE, no end',
  ],
  ['GetLicense', {}, {}, 'version ?, ?, no end'],
  ['ListReceivedLicenses', {}, { Licenses: [{}], NextToken: '' }, '1 license'],
  ['ListLicenseVersions', {}, { Licenses: [{}, {}] }, '2 versions'],
  ['ListLicenseVersions', {}, { Licenses: [{}], NextToken: '' }, '1 version'],
  ['ListLicenseVersions', {}, { Licenses: [{}], NextToken: null }, '1 version'],
  ['ListLicenseVersions', {}, { Licenses: [{}], NextToken: TOKEN }, '1 version, more to come'],
  ['GetLicenseUsage', {}, { LicenseUsage: { EntitlementUsages: [{}] } }, '1 entitlement'],
  [
    'CheckoutLicense',
    { Entitlements: [{ Name: 'Seats' }] },
    { LicenseConsumptionToken: TOKEN, EntitlementsAllowed: [{ Name: 'Seats' }] },
    'checked out Seats, token ...cdef',
  ],
  [
    'CheckoutLicense',
    { Entitlements: [{ Name: 'Seats' }] },
    { LicenseConsumptionToken: TOKEN, EntitlementsAllowed: [] },
    'checked out nothing where Seats was asked for, token ...cdef',
  ],
  [
    'CheckoutLicense',
    { Entitlements: [{ Name: 'a\u202Eb\n' }] },
    { LicenseConsumptionToken: 'abcd', EntitlementsAllowed: [{ Name: 'a\u202Eb\n' }] },
    'checked out ab, token (short)',
  ],
  ['CheckoutLicense', {}, {}, 'checked out , token (none)'],
  ['CheckInLicense', { LicenseConsumptionToken: TOKEN }, {}, 'returned token ...cdef'],
  ['GetCallerIdentity', {}, { Arn: TOKEN }, null],
])('what %s of %j answered is told in words of ours', (operation, input, output, words) => {
  expect(factOf(operation, input, output)).toBe(words);
});
