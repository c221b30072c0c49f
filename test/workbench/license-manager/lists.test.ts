import { expect, test } from 'vitest';

import {
  bodies,
  BUYER,
  MARKETPLACE,
  MARKETPLACE_FINGERPRINT,
  SELLER,
  SKU,
  StandIn,
  STRANGER,
  text,
} from './stand-in.ts';

/** Two purchases of different products, and a seller's own license that the buyer did not accept yet. */
async function market() {
  const standIn = new StandIn();
  const one = await standIn.purchase();
  const two = await standIn.purchase({ ProductSKU: 'prod-tiered' });
  const terms = standIn.licenseTerms({ Issuer: { Name: 'Self' }, Beneficiary: 'user@example.com' });
  const own = text((await standIn.call(SELLER, 'CreateLicense', terms))['LicenseArn']);
  const grantArn = text(
    (await standIn.call(SELLER, 'CreateGrant', standIn.grantTerms(own)))['GrantArn'],
  );
  return {
    standIn,
    one: one.arn,
    two: two.arn,
    own,
    grants: [one.grantArn, two.grantArn, grantArn],
  };
}

test.each([
  ['ProductSKU', SKU, ['one', 'own']],
  ['ProductSKU', 'prod-tiered', ['two']],
  ['Status', 'AVAILABLE', ['one', 'two', 'own']],
  ['Status', 'EXPIRED', []],
  ['Fingerprint', MARKETPLACE_FINGERPRINT, ['one', 'two']],
  ['Fingerprint', `aws:${SELLER}:Self:issuer-fingerprint`, ['own']],
  ['IssuerName', 'Self', ['own']],
  ['Beneficiary', 'user@example.com', ['own']],
] as const)('ListReceivedLicenses filters by %s %s', async (Name, value, expected) => {
  const { standIn, ...arns } = await market();
  const licenses = await standIn.received({ Filters: [{ Name, Values: [value] }] });
  expect(licenses.map((license) => license['LicenseArn'])).toEqual(
    expected.map((name) => arns[name]),
  );
});

test('filters narrow each other, and ARNs too', async () => {
  const { standIn, one, own } = await market();
  const both = [
    { Name: 'ProductSKU', Values: [SKU] },
    { Name: 'IssuerName', Values: ['Self'] },
  ];
  expect(await standIn.received({ Filters: both })).toMatchObject([{ LicenseArn: own }]);
  expect(await standIn.received({ Filters: both, LicenseArns: [one] })).toEqual([]);
  expect(await standIn.received({ LicenseArns: [one] })).toMatchObject([{ LicenseArn: one }]);
});

test.each([
  [[{ Name: 'Sku', Values: ['a'] }], "Filter 'Sku' is not supported. Supported: ProductSKU"],
  [[{ Name: 'toString', Values: ['a'] }], "Filter 'toString' is not supported"],
  [[{ Name: 'ProductSKU', Values: ['a', 'b'] }], "Filter 'ProductSKU' takes one value, not 2"],
  [[{ Name: 'ProductSKU' }], "Filter 'ProductSKU' takes one value, not 0"],
])('refuses filter %j', async (Filters, message) => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', { Filters });
  expect(answer).toMatchObject({ error: 'InvalidParameterValueException' });
  expect(answer.message).toContain(message);
});

test('pages hold all members once, in order', async () => {
  const { standIn, one, two, own } = await market();
  const seen: unknown[] = [];
  let NextToken: unknown = '';
  do {
    const answer = await standIn.call(BUYER, 'ListReceivedLicenses', { MaxResults: 1, NextToken });
    const licenses = bodies(answer['Licenses']);
    expect(licenses).toHaveLength(1);
    seen.push(...licenses.map((license) => license['LicenseArn']));
    NextToken = answer['NextToken'];
  } while (NextToken !== undefined);
  expect(seen).toEqual([one, two, own]);
});

test('a token belongs to its question', async () => {
  const { standIn } = await market();
  const { NextToken } = await standIn.call(BUYER, 'ListReceivedLicenses', { MaxResults: 1 });
  const Filters = [{ Name: 'ProductSKU', Values: [SKU] }];
  for (const request of [{ Filters, NextToken }, { NextToken: 'made up' }]) {
    expect(await standIn.call(BUYER, 'ListReceivedLicenses', request)).toMatchObject({
      error: 'InvalidParameterValueException',
    });
  }
});

test('a license granted several times is listed once, by its most alive grant', async () => {
  const standIn = new StandIn();
  const { arn, grantArn } = await standIn.purchase();
  const grantAgain = async () =>
    text((await standIn.call(MARKETPLACE, 'CreateGrant', standIn.grantTerms(arn)))['GrantArn']);
  const remove = (GrantArn: string) =>
    standIn.call(MARKETPLACE, 'DeleteGrant', { GrantArn, Version: '1' });
  const disable = (GrantArn: string) =>
    standIn.call(BUYER, 'CreateGrantVersion', {
      GrantArn,
      ClientToken: standIn.token(),
      Status: 'DISABLED',
    });
  const shown = async () =>
    (await standIn.received()).map((license) => license['ReceivedMetadata']);

  await remove(await grantAgain());
  expect(await shown()).toMatchObject([{ ReceivedStatus: 'ACTIVE' }]);
  const third = await grantAgain();
  await disable(third);
  expect(await shown()).toMatchObject([{ ReceivedStatus: 'ACTIVE' }]);
  await disable(grantArn);
  await standIn.call(BUYER, 'CreateGrantVersion', {
    GrantArn: third,
    ClientToken: 'why',
    Status: 'DISABLED',
    StatusReason: 'the latest of equals',
  });
  expect(await shown()).toMatchObject([{ ReceivedStatusReason: 'the latest of equals' }]);
});

test.each([
  ['ListReceivedGrants', BUYER, 'ProductSKU', 'prod-tiered', [1]],
  ['ListReceivedGrants', BUYER, 'LicenseIssuerName', 'Self', [2]],
  ['ListReceivedGrants', BUYER, 'GrantStatus', 'PENDING_ACCEPT', [2]],
  ['ListReceivedGrants', BUYER, 'GranterAccountId', MARKETPLACE, [0, 1]],
  ['ListReceivedGrants', STRANGER, 'GranterAccountId', MARKETPLACE, []],
  ['ListDistributedGrants', MARKETPLACE, 'GrantStatus', 'ACTIVE', [0, 1]],
  ['ListDistributedGrants', MARKETPLACE, 'ProductSKU', SKU, [0]],
  ['ListDistributedGrants', SELLER, 'GranteePrincipalARN', `arn:aws:iam::${BUYER}:root`, [2]],
  ['ListDistributedGrants', SELLER, 'LicenseIssuerName', 'AWS/Marketplace', []],
  ['ListDistributedGrants', BUYER, 'GrantStatus', 'ACTIVE', []],
])('%s for %s by %s %s', async (operation, account, Name, value, expected) => {
  const { standIn, grants } = await market();
  const answer = await standIn.call(account, operation, { Filters: [{ Name, Values: [value] }] });
  expect(bodies(answer['Grants']).map((grant) => grant['GrantArn'])).toEqual(
    expected.map((index) => grants[index]),
  );
});

test('grants are found by license and by ARN', async () => {
  const { standIn, one, grants } = await market();
  const Filters = [{ Name: 'LicenseArn', Values: [one] }];
  for (const [account, operation] of [
    [BUYER, 'ListReceivedGrants'],
    [MARKETPLACE, 'ListDistributedGrants'],
  ] as const) {
    for (const request of [{ Filters }, { GrantArns: [grants[0]] }]) {
      expect(await standIn.call(account, operation, request)).toMatchObject({
        Grants: [{ GrantArn: grants[0] }],
      });
    }
  }
});

test.each([
  ['Beneficiary', 'user@example.com'],
  ['ProductSKU', SKU],
  ['Fingerprint', `aws:${SELLER}:Self:issuer-fingerprint`],
  ['Status', 'AVAILABLE'],
])('ListLicenses lists the caller’s own, by %s', async (Name, value) => {
  const { standIn, own } = await market();
  const Filters = [{ Name, Values: [value] }];
  expect(await standIn.call(SELLER, 'ListLicenses', { Filters })).toMatchObject({
    Licenses: [{ LicenseArn: own }],
  });
  expect(
    await standIn.call(SELLER, 'ListLicenses', { Filters: [{ Name, Values: ['x'] }] }),
  ).toMatchObject({
    Licenses: [],
  });
  expect(await standIn.call(BUYER, 'ListLicenses', { Filters })).toMatchObject({ Licenses: [] });
});
