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
  expect(await standIn.call(BUYER, 'GetGrant', { GrantArn: grantArn })).toEqual({
    status: 200,
    Grant: {
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
    const first = await standIn.call(BUYER, 'GetGrant', { GrantArn: grantArn, Version: '2' });
    expect(first['Grant']).toMatchObject({ Version: '2', GrantStatus: 'ACTIVE' });
  });

  test('is rejected for good', async () => {
    const { standIn, grantArn, status } = await offered();
    expect(await standIn.call(BUYER, 'RejectGrant', { GrantArn: grantArn })).toMatchObject({
      Status: 'REJECTED',
    });
    expect(await status()).toBe('REJECTED');
    expect(await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn })).toMatchObject({
      error: 'ValidationException',
    });
    expect(await set(standIn, grantArn, 'ACTIVE')).toMatchObject({ error: 'ValidationException' });
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
    expect(await standIn.call(STRANGER, 'RejectGrant', { GrantArn: grantArn })).toMatchObject({
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

  test('changes its terms by the granter alone', async () => {
    const { standIn, grantArn } = await offered();
    const change = {
      GrantArn: grantArn,
      AllowedOperations: ['CheckoutLicense'],
      GrantName: 'less',
    };
    expect(
      await standIn.call(BUYER, 'CreateGrantVersion', { ...change, ClientToken: 'a' }),
    ).toMatchObject({
      error: 'AccessDeniedException',
    });
    const answer = await standIn.call(SELLER, 'CreateGrantVersion', {
      ...change,
      ClientToken: 'a',
      SourceVersion: '1',
    });
    expect(answer).toMatchObject({ Version: '2', Status: 'PENDING_ACCEPT' });
    const again = await standIn.call(SELLER, 'CreateGrantVersion', {
      ...change,
      ClientToken: 'b',
      SourceVersion: '1',
    });
    expect(again).toMatchObject({ error: 'ValidationException' });
    const { Grant } = await standIn.call(BUYER, 'GetGrant', { GrantArn: grantArn });
    expect(Grant).toMatchObject({ GrantName: 'less', GrantedOperations: ['CheckoutLicense'] });
  });
});

test.each([
  ['PENDING_DELETE', {}, 'InvalidParameterValueException'],
  ['REJECTED', {}, 'InvalidParameterValueException'],
  [
    'ACTIVE',
    { Options: { ActivationOverrideBehavior: 'DISTRIBUTED_GRANTS_ONLY' } },
    'ValidationException',
  ],
])('Status %s with %j can not be set on a seller’s grant', async (status, more, error) => {
  const { standIn, grantArn } = await offered();
  await standIn.call(BUYER, 'AcceptGrant', { GrantArn: grantArn });
  expect(await set(standIn, grantArn, status, more)).toMatchObject({ error });
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
    ['RejectGrant', { GrantArn: grantArn }],
    ['CreateGrantVersion', { GrantArn: grantArn, ClientToken: 'a', Status: 'ACTIVE' }],
  ] as const) {
    const answer = await standIn.call(BUYER, operation, request, 'eu-central-1');
    expect(answer).toMatchObject({
      error: 'ValidationException',
      message: created.replace('created', 'modified'),
    });
  }
});

test('a grantee passes on what it may, and its grant ends with the one above', async () => {
  const standIn = new StandIn();
  const { arn, grantArn } = await standIn.purchase();
  const terms = {
    Principals: [`arn:aws:iam::${STRANGER}:root`],
    AllowedOperations: ['CheckoutLicense'],
  };
  const passed = await standIn.call(BUYER, 'CreateGrant', standIn.grantTerms(arn, terms));
  expect(passed).toMatchObject({ Status: 'PENDING_ACCEPT' });
  const passedArn = text(passed['GrantArn']);
  await standIn.call(STRANGER, 'AcceptGrant', { GrantArn: passedArn });
  await standIn.call(STRANGER, 'CreateGrantVersion', {
    GrantArn: passedArn,
    ClientToken: 'a',
    Status: 'ACTIVE',
  });
  const { Grant } = await standIn.call(STRANGER, 'GetGrant', { GrantArn: passedArn });
  expect(Grant).toMatchObject({ ParentArn: grantArn, LicenseArn: arn });
  const requested = [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }];
  expect(await standIn.checkout(requested, {}, STRANGER)).toMatchObject({ LicenseArn: arn });
  await set(standIn, grantArn, 'DISABLED');
  expect(await standIn.checkout(requested, {}, STRANGER)).toMatchObject({
    error: 'NoEntitlementsAllowedException',
  });
});

test('an offer of another license disables nothing before it is activated', async () => {
  const standIn = new StandIn({ activeLicensesPerProduct: 'one' });
  const { arn } = await standIn.purchase();
  const toStranger = { Principals: [`arn:aws:iam::${STRANGER}:root`] };
  await standIn.purchase({}, toStranger);
  await standIn.call(BUYER, 'CreateGrant', standIn.grantTerms(arn, toStranger));
  const { Grants } = await standIn.call(STRANGER, 'ListReceivedGrants', {});
  expect(Grants).toMatchObject([{ GrantStatus: 'ACTIVE' }, { GrantStatus: 'PENDING_ACCEPT' }]);
});

test('who holds no grant to pass on creates none', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase(
    {},
    { AllowedOperations: ['CreateGrant', 'CheckoutLicense'] },
  );
  const more = await standIn.call(BUYER, 'CreateGrant', standIn.grantTerms(arn));
  expect(more).toMatchObject({ error: 'ValidationException' });
  expect(more.message).toContain('CheckInLicense');
  expect(await standIn.call(STRANGER, 'CreateGrant', standIn.grantTerms(arn))).toMatchObject({
    error: 'AccessDeniedException',
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
