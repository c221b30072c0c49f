import { describe, expect, test } from 'vitest';

import {
  ALL_OPERATIONS,
  body,
  BUYER,
  HOME,
  MARKETPLACE,
  SELLER,
  StandIn,
  STRANGER,
  text,
} from './stand-in.ts';
import type { Answer, Body } from './stand-in.ts';

test('a purchase is accepted and active at once', async () => {
  const standIn = new StandIn();
  const { arn, grantArn } = await standIn.purchase();
  expect(await standIn.call(MARKETPLACE, 'ListDistributedGrants', {})).toEqual({
    status: 200,
    Grants: [
      {
        GrantArn: grantArn,
        GrantName: 'a grant',
        ParentArn: arn,
        LicenseArn: arn,
        GranteePrincipalArn: `arn:aws:iam::${BUYER}:root`,
        HomeRegion: HOME,
        GrantStatus: 'ACTIVE',
        Version: '1',
        GrantedOperations: ALL_OPERATIONS,
      },
    ],
  });
});

describe('a grant of a seller', () => {
  test('lives PENDING_ACCEPT, DISABLED, ACTIVE, DISABLED', async () => {
    const { standIn, grantArn, status } = await offered();
    expect(await status()).toBe('PENDING_ACCEPT');
    expect(await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn })).toEqual({
      status: 200,
      GrantArn: grantArn,
      Status: 'DISABLED',
      Version: '1',
    });
    expect(await status()).toBe('DISABLED');
    expect(await set(standIn, grantArn, 'ACTIVE')).toMatchObject({
      Status: 'ACTIVE',
      Version: '2',
    });
    expect(await status()).toBe('ACTIVE');
    expect(await set(standIn, grantArn, 'DISABLED', { StatusReason: 'not now' })).toMatchObject({
      Version: '3',
    });
    const [license = {}] = await standIn.received();
    expect(license['ReceivedMetadata']).toEqual({
      ReceivedStatus: 'DISABLED',
      ReceivedStatusReason: 'not now',
      AllowedOperations: ALL_OPERATIONS,
    });
  });

  test('is active only after it was accepted', async () => {
    const { standIn, grantArn } = await offered();
    expect(await set(standIn, grantArn, 'ACTIVE')).toMatchObject({
      error: 'ValidationException',
      message: expect.stringContaining('PENDING_ACCEPT') as unknown,
    });
  });

  test('is answered by its grantee only, and only once', async () => {
    const { standIn, grantArn } = await offered();
    expect(await standIn.call(SELLER, 'AcceptGrant', { GrantArn: grantArn })).toMatchObject({
      error: 'ValidationException',
      message: `Caller ${SELLER} is not allowed to accept this grant.`,
    });
    expect(await standIn.call(STRANGER, 'AcceptGrant', { GrantArn: grantArn })).toMatchObject({
      error: 'AccessDeniedException',
    });
    await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn });
    expect(await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn })).toMatchObject({
      error: 'ValidationException',
    });
  });

  test('is deleted by its granter, in its current version', async () => {
    const { standIn, grantArn, status, arn } = await offered();
    const request = { GrantArn: grantArn, Version: '1', StatusReason: 'over' };
    expect(await standIn.call(BUYER, 'DeleteGrant', request)).toMatchObject({
      error: 'AccessDeniedException',
    });
    expect(await standIn.call(SELLER, 'DeleteGrant', { ...request, Version: '2' })).toMatchObject({
      error: 'ValidationException',
    });
    expect(await standIn.call(SELLER, 'DeleteGrant', request)).toMatchObject({ Status: 'DELETED' });
    expect(await status()).toBe('DELETED');
    expect(await standIn.call(BUYER, 'GetLicense', { LicenseArn: arn })).toMatchObject({
      error: 'AccessDeniedException',
    });
    expect(await standIn.call(SELLER, 'DeleteGrant', request)).toMatchObject({
      error: 'ValidationException',
    });
  });
});

test.each(['PENDING_DELETE', 'REJECTED'])('Status %s can not be set', async (status) => {
  const { standIn, grantArn } = await offered();
  await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn });
  expect(await set(standIn, grantArn, status)).toMatchObject({
    error: 'InvalidParameterValueException',
  });
});

test('grants are made and changed in the home Region only', async () => {
  const { standIn, grantArn, arn } = await offered();
  const created = 'Grant can only be created in resource home AWS region: us-east-1';
  const away = await standIn.call(SELLER, 'CreateGrant', standIn.grantTerms(arn), 'eu-central-1');
  expect(away).toEqual({ status: 400, error: 'ValidationException', message: created });
  const claimed = await standIn.call(
    SELLER,
    'CreateGrant',
    standIn.grantTerms(arn, { HomeRegion: 'eu-central-1' }),
  );
  expect(claimed.message).toBe(created);
  for (const [operation, request] of [
    ['AcceptGrant', { GrantArn: grantArn }],
    ['CreateGrantVersion', { GrantArn: grantArn, ClientToken: 'a', Status: 'ACTIVE' }],
  ] as const) {
    const answer = await standIn.call(BUYER, operation, request, 'eu-central-1');
    expect(answer).toMatchObject({
      error: 'ValidationException',
      message: created.replace('created', 'modified'),
    });
  }
});

test('nobody but the issuer grants: passing on is not built', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  expect(await standIn.call(BUYER, 'CreateGrant', standIn.grantTerms(arn))).toMatchObject({
    error: 'NotImplemented',
    status: 501,
  });
});

test('a principal is an account', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  const organization = { Principals: ['arn:aws:organizations::111111111111:organization/o-1'] };
  expect(
    await standIn.call(MARKETPLACE, 'CreateGrant', standIn.grantTerms(arn, organization)),
  ).toMatchObject({
    error: 'ValidationException',
    message: expect.stringContaining('organization/o-1') as unknown,
  });
});

async function offered() {
  const standIn = new StandIn();
  const terms = standIn.licenseTerms({ Issuer: { Name: 'Self' } });
  const arn = text((await standIn.call(SELLER, 'CreateLicense', terms))['LicenseArn']);
  const grant = await standIn.call(SELLER, 'CreateGrant', standIn.grantTerms(arn));
  const grantArn = text(grant['GrantArn']);
  const status = async (): Promise<unknown> => {
    const [license] = await standIn.received();
    return body(license?.['ReceivedMetadata'])['ReceivedStatus'];
  };
  return { standIn, arn, grantArn, status };
}

function set(standIn: StandIn, grantArn: string, status: string, more: Body = {}): Promise<Answer> {
  const request = { GrantArn: grantArn, ClientToken: standIn.token(), Status: status, ...more };
  return standIn.call(BUYER, 'CreateGrantVersion', request);
}
