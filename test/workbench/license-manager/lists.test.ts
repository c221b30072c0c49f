import { expect, test } from 'vitest';

import { bodies, BUYER, MARKETPLACE, SELLER, SKU, StandIn, text } from './stand-in.ts';

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

test('received licenses are found by SKU', async () => {
  const { standIn, one, two, own } = await market();
  const found = async (sku: string) =>
    (await standIn.received({ Filters: [{ Name: 'ProductSKU', Values: [sku] }] })).map(
      (license) => license['LicenseArn'],
    );
  expect(await found(SKU)).toEqual([one, own]);
  expect(await found('prod-tiered')).toEqual([two]);
});

test.each([
  [[{ Name: 'Status', Values: ['a'] }], "Filter 'Status' is not built here. Built: ProductSKU"],
  [[{ Name: 'toString', Values: ['a'] }], "Filter 'toString' is not built here"],
  [[{ Name: 'ProductSKU', Values: ['a', 'b'] }], "Filter 'ProductSKU' takes one value, not 2"],
  [[{ Name: 'ProductSKU' }], "Filter 'ProductSKU' takes one value, not 0"],
])('refuses filter %j', async (Filters, message) => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', { Filters });
  expect(answer.message).toContain(message);
});

const CHECKOUT = {
  ...{ ProductSKU: SKU, CheckoutType: 'PROVISIONAL', KeyFingerprint: 'a' },
  ...{ Entitlements: [{ Name: 'ReadOnly', Unit: 'None' }], ClientToken: 'a' },
};
const GRANT_VERSION = { ClientToken: 'a', GrantArn: 'arn:aws:license-manager::1:grant:g-1' };
const LICENSE_VERSION = {
  ...new StandIn().licenseTerms(),
  ...{ LicenseArn: 'arn:aws:license-manager::1:license:l-1', Status: 'AVAILABLE' },
};

test.each([
  ['ListReceivedLicenses', { LicenseArns: [] }],
  ['ListLicenses', { LicenseArns: [] }],
  ['ListDistributedGrants', { GrantArns: [] }],
  ['GetLicense', { LicenseArn: 'arn:aws:license-manager::1:license:l-1', Version: '1' }],
  ['CheckInLicense', { LicenseConsumptionToken: 'a', Beneficiary: 'b' }],
  ['CheckoutLicense', { ...CHECKOUT, Beneficiary: 'b' }],
  ['CheckoutLicense', { ...CHECKOUT, NodeId: 'b' }],
  ['CreateGrantVersion', { ...GRANT_VERSION, GrantName: 'b' }],
  ['CreateGrantVersion', { ...GRANT_VERSION, SourceVersion: '1' }],
  ['CreateLicenseVersion', { ...LICENSE_VERSION, ResetUsage: true }],
])('refuses a member of %s that is not built, by name', async (operation, request) => {
  expect(await new StandIn().call(BUYER, operation, request)).toMatchObject({
    error: 'NotImplemented',
    message: `${Object.keys(request).at(-1)} of ${operation} is not built here`,
  });
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

test('the granter finds its grants by license', async () => {
  const { standIn, one, grants } = await market();
  const given = async (account: string, arn: string) => {
    const Filters = [{ Name: 'LicenseArn', Values: [arn] }];
    const { Grants } = await standIn.call(account, 'ListDistributedGrants', { Filters });
    return bodies(Grants).map((grant) => grant['GrantArn']);
  };
  expect(await given(MARKETPLACE, one)).toEqual([grants[0]]);
  expect(await given(BUYER, one)).toEqual([]);
});

test('the issuer finds its own licenses by SKU and beneficiary', async () => {
  const { standIn, own } = await market();
  const mine = async (account: string, sku: string, beneficiary: string) => {
    const Filters = [
      { Name: 'ProductSKU', Values: [sku] },
      { Name: 'Beneficiary', Values: [beneficiary] },
    ];
    const { Licenses } = await standIn.call(account, 'ListLicenses', { Filters });
    return bodies(Licenses).map((license) => license['LicenseArn']);
  };
  expect(await mine(SELLER, SKU, 'user@example.com')).toEqual([own]);
  expect(await mine(SELLER, SKU, BUYER)).toEqual([]);
  expect(await mine(SELLER, 'other', 'user@example.com')).toEqual([]);
  expect(await mine(BUYER, SKU, 'user@example.com')).toEqual([]);
});
