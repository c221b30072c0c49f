import { expect, test } from 'vitest';

import {
  bodies,
  body,
  BUYER,
  DAY,
  HOME,
  MARKETPLACE,
  SEATS,
  SELLER,
  SKU,
  START,
  StandIn,
  STRANGER,
  USAGE,
} from './stand-in.ts';

const YEAR_2028 = Date.UTC(2028, 0, 1);

test('a license shows what it was created with, to issuer and grantee alike', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase({ LicenseMetadata: [{ Name: 'grantArn', Value: 'g' }] });
  const expected = {
    LicenseArn: arn,
    LicenseName: 'AWSMP Test License',
    ProductName: 'Test Product',
    ProductSKU: SKU,
    Issuer: {
      Name: 'AWS/Marketplace',
      KeyFingerprint: 'aws:294406891311:AWS/Marketplace:issuer-fingerprint',
    },
    HomeRegion: HOME,
    Status: 'AVAILABLE',
    Validity: { Begin: '2027-01-01T00:00:00Z', End: '2028-01-01T00:00:00Z' },
    Beneficiary: BUYER,
    Entitlements: [SEATS, USAGE],
    ConsumptionConfiguration: {
      RenewType: 'None',
      ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 60 },
    },
    LicenseMetadata: [{ Name: 'grantArn', Value: 'g' }],
    CreateTime: String(START / 1000),
    Version: '1',
  };
  expect(await standIn.license(arn)).toEqual(expected);
  expect(await standIn.license(arn, MARKETPLACE)).toEqual(expected);
});

test('a license may have no end', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase({ Validity: { Begin: '2027-01-01T00:00:00Z' } });
  standIn.now = Date.UTC(2100, 0, 1);
  expect(await standIn.license(arn)).toMatchObject({
    Validity: { Begin: '2027-01-01T00:00:00Z' },
    Status: 'AVAILABLE',
  });
  expect(body((await standIn.license(arn))['Validity'])).not.toHaveProperty('End');
});

test('each new version is kept and can be read', async () => {
  const standIn = new StandIn({ granteeListsVersions: 'allowed' });
  const { arn } = await standIn.purchase();
  const ten = { ...SEATS, MaxCount: 10 };
  expect(await standIn.amend(arn, { Entitlements: [ten] })).toEqual({
    status: 200,
    LicenseArn: arn,
    Version: '2',
    Status: 'AVAILABLE',
  });
  expect(await standIn.license(arn)).toMatchObject({ Version: '2', Entitlements: [ten] });
  const versions = await standIn.call(BUYER, 'ListLicenseVersions', { LicenseArn: arn });
  expect(versions['Licenses']).toMatchObject([
    { Version: '1', Entitlements: [SEATS, USAGE] },
    { Version: '2', Entitlements: [ten] },
  ]);
});

test('a read that lags behind lists no version that is newer than it knows', async () => {
  const standIn = new StandIn({
    granteeListsVersions: 'allowed',
    readsAfterUpdate: 'stale-for-20-minutes',
  });
  const { arn } = await standIn.purchase();
  await standIn.amend(arn);
  const listed = async () => {
    const { Licenses } = await standIn.call(BUYER, 'ListLicenseVersions', { LicenseArn: arn });
    return bodies(Licenses).map(({ Version }) => Version);
  };
  const lists = [await listed(), await listed(), await listed(), await listed()];
  expect(lists).toContainEqual(['1']);
  expect(lists).toContainEqual(['1', '2']);
  standIn.now += 20 * 60_000;
  expect(await listed()).toEqual(['1', '2']);
});

test('versions come page by page', async () => {
  const standIn = new StandIn({ granteeListsVersions: 'allowed' });
  const { arn } = await standIn.purchase();
  await standIn.amend(arn);
  await standIn.amend(arn);
  const one = { LicenseArn: arn, MaxResults: 2 };
  const { NextToken, ...first } = await standIn.call(BUYER, 'ListLicenseVersions', one);
  expect(first['Licenses']).toMatchObject([{ Version: '1' }, { Version: '2' }]);
  const last = await standIn.call(BUYER, 'ListLicenseVersions', { ...one, NextToken });
  expect(last['Licenses']).toMatchObject([{ Version: '3' }]);
  expect(last).not.toHaveProperty('NextToken');
});

test.each(['DEACTIVATED', 'SUSPENDED', 'EXPIRED', 'PENDING_AVAILABLE'])(
  'the issuer may set status %s',
  async (Status) => {
    const standIn = new StandIn();
    const { arn } = await standIn.purchase();
    await standIn.amend(arn, { Status });
    expect(await standIn.license(arn)).toMatchObject({ Status, Version: '2' });
  },
);

test('a license past its end is EXPIRED to the millisecond, and a renewal revives it', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  standIn.now = YEAR_2028 - 1;
  expect(await standIn.license(arn)).toMatchObject({ Status: 'AVAILABLE' });
  standIn.now = YEAR_2028;
  expect(await standIn.license(arn)).toMatchObject({ Status: 'EXPIRED' });
  await standIn.amend(arn, {
    Validity: { Begin: '2027-01-01T00:00:00Z', End: '2029-01-01T00:00:00Z' },
  });
  expect(await standIn.license(arn)).toMatchObject({ Status: 'AVAILABLE', Version: '2' });
});

test('a deleted license stays readable for six months', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  const deletion = { LicenseArn: arn, SourceVersion: '1' };
  expect(await standIn.call(MARKETPLACE, 'DeleteLicense', deletion)).toEqual({
    status: 200,
    Status: 'DELETED',
    DeletionDate: '2027-01-01T00:00:00Z',
  });
  expect(await standIn.call(MARKETPLACE, 'DeleteLicense', deletion)).toMatchObject({
    error: 'ConflictException',
  });
  expect(await standIn.amend(arn)).toMatchObject({ error: 'ConflictException', status: 409 });
  standIn.now += 182 * DAY;
  expect(await standIn.license(arn)).toMatchObject({ Status: 'DELETED' });
  standIn.now += 2 * DAY;
  expect(await standIn.call(BUYER, 'GetLicense', { LicenseArn: arn })).toMatchObject({
    status: 400,
  });
  expect(await standIn.received()).toEqual([]);
});

test('a stale SourceVersion is a conflict', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  await standIn.amend(arn, { SourceVersion: '1' });
  expect(await standIn.amend(arn, { SourceVersion: '1' })).toMatchObject({
    error: 'ConflictException',
  });
  const deletion = { LicenseArn: arn, SourceVersion: '1' };
  expect(await standIn.call(MARKETPLACE, 'DeleteLicense', deletion)).toMatchObject({
    error: 'ConflictException',
  });
});

test('a license is changed in its home Region and read in any', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  const away = 'eu-central-1';
  const location = 'https://license-manager.us-east-1.amazonaws.com';
  const { ProductSKU: _sku, Beneficiary: _beneficiary, ...terms } = standIn.licenseTerms();
  for (const [operation, request] of [
    ['CreateLicense', standIn.licenseTerms()],
    ['CreateLicenseVersion', { ...terms, LicenseArn: arn, Status: 'AVAILABLE' }],
    ['DeleteLicense', { LicenseArn: arn, SourceVersion: '1' }],
  ] as const) {
    const answer = await standIn.call(MARKETPLACE, operation, request, away);
    expect(answer).toMatchObject({ status: 308, error: 'RedirectException', Location: location });
  }
  expect(await standIn.call(BUYER, 'GetLicense', { LicenseArn: arn }, away)).toMatchObject({
    status: 200,
  });
  expect(await standIn.call(BUYER, 'ListReceivedLicenses', {}, away)).toMatchObject({
    Licenses: [{ LicenseArn: arn }],
  });
});

test('strangers are denied, and only the issuer amends and deletes', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  for (const operation of ['GetLicense', 'GetLicenseUsage', 'ListLicenseVersions']) {
    expect(await standIn.call(STRANGER, operation, { LicenseArn: arn })).toMatchObject({
      status: 401,
      error: 'AccessDeniedException',
    });
  }
  // Another license of the same issuer gives no access to this one.
  await standIn.purchase({}, { Principals: [`arn:aws:iam::${STRANGER}:root`] });
  expect(await standIn.call(STRANGER, 'GetLicense', { LicenseArn: arn })).toMatchObject({
    status: 401,
  });
  expect(await standIn.amend(arn, {}, BUYER)).toMatchObject({ error: 'AccessDeniedException' });
  const deletion = { LicenseArn: arn, SourceVersion: '1' };
  expect(await standIn.call(BUYER, 'DeleteLicense', deletion)).toMatchObject({
    error: 'AccessDeniedException',
  });
  expect(await standIn.amend(`${arn}0`)).toMatchObject({
    error: 'ResourceNotFoundException',
    status: 400,
  });
});

test('a client token creates once', async () => {
  const standIn = new StandIn();
  const terms = standIn.licenseTerms();
  const first = await standIn.call(SELLER, 'CreateLicense', terms);
  expect(await standIn.call(SELLER, 'CreateLicense', terms)).toEqual(first);
  const other = await standIn.call(MARKETPLACE, 'CreateLicense', terms);
  expect(other['LicenseArn']).not.toBe(first['LicenseArn']);
  expect(await standIn.call(SELLER, 'CreateLicense', { ...terms, LicenseName: 'x' })).toMatchObject(
    {
      error: 'ValidationException',
    },
  );
  expect(standIn.manager.licenses()).toHaveLength(2);
  standIn.now += DAY;
  expect((await standIn.call(SELLER, 'CreateLicense', terms))['LicenseArn']).not.toBe(
    first['LicenseArn'],
  );
});

test('a version keeps the usage', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  await standIn.seats(2);
  await standIn.seats(1, { CheckoutType: 'PERPETUAL' });
  await standIn.amend(arn);
  expect(await standIn.usage(arn)).toMatchObject({ ReadOnly: '3' });
  expect(standIn.manager.licenses()).toEqual([
    {
      arn,
      status: 'AVAILABLE',
      end: YEAR_2028,
      used: { ReadOnly: 3, 'AWS::Marketplace::Usage': 0 },
    },
  ]);
});
