import { expect, test } from 'vitest';

import { BUYER, MARKETPLACE, StandIn } from './stand-in.ts';

const GOOD_CHECKOUT = {
  ProductSKU: 'a',
  CheckoutType: 'PROVISIONAL',
  KeyFingerprint: 'b',
  Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }],
  ClientToken: 'c',
};

test.each([
  [
    'a missing member',
    { ...GOOD_CHECKOUT, Entitlements: undefined },
    "1 validation error detected: Value null at 'entitlements' failed to satisfy constraint: Member must not be null",
  ],
  [
    'null, which is a missing member',
    { ...GOOD_CHECKOUT, ProductSKU: null },
    "1 validation error detected: Value null at 'productSKU' failed to satisfy constraint: Member must not be null",
  ],
  [
    'an enum',
    { ...GOOD_CHECKOUT, CheckoutType: 'FOREVER' },
    "1 validation error detected: Value 'FOREVER' at 'checkoutType' failed to satisfy constraint: " +
      'Member must satisfy enum value set: [PROVISIONAL, PERPETUAL]',
  ],
  [
    'a pattern, matched whole',
    { ...GOOD_CHECKOUT, ClientToken: 'with space' },
    "1 validation error detected: Value 'with space' at 'clientToken' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: \\S+',
  ],
  [
    'several at once, one of them nested',
    {
      ...GOOD_CHECKOUT,
      ClientToken: undefined,
      Entitlements: [{ Name: 'ok', Unit: 'None' }, { Unit: 'None' }],
    },
    "2 validation errors detected: Value null at 'entitlements.2.member.name' failed to satisfy constraint: " +
      "Member must not be null; Value null at 'clientToken' failed to satisfy constraint: Member must not be null",
  ],
])('CheckoutLicense refuses %s', async (_, request, message) => {
  const answer = await new StandIn().call(BUYER, 'CheckoutLicense', request);
  expect(answer).toEqual({ status: 400, error: 'ValidationException', message });
});

test.each([
  [
    'MaxResults 0',
    { MaxResults: 0 },
    "'0' at 'maxResults'",
    'Member must have value greater than or equal to 1',
  ],
  [
    'MaxResults 101',
    { MaxResults: 101 },
    "'101' at 'maxResults'",
    'Member must have value less than or equal to 100',
  ],
  [
    'a bad ARN in a list',
    { LicenseArns: ['l-1'] },
    "'l-1' at 'licenseArns.1.member'",
    'Member must satisfy regular',
  ],
])('ListReceivedLicenses refuses %s', async (_, request, value, constraint) => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', request);
  expect(answer.error).toBe('ValidationException');
  expect(answer.message).toContain(`Value ${value} failed to satisfy constraint: ${constraint}`);
});

test.each([
  [
    'Principals: []',
    { Principals: [] },
    "'[]' at 'principals'",
    'length greater than or equal to 1',
  ],
  [
    'no operations',
    { AllowedOperations: [] },
    "'[]' at 'allowedOperations'",
    'length greater than or equal to 1',
  ],
  [
    'nine operations',
    { AllowedOperations: Array(9).fill('CreateToken') },
    'allowedOperations',
    'less than or equal to 8',
  ],
  [
    'a token of 2049',
    { ClientToken: 'x'.repeat(2049) },
    'clientToken',
    'length less than or equal to 2048',
  ],
])('CreateGrant refuses %s', async (_, overrides, value, constraint) => {
  const standIn = new StandIn();
  const arn = 'arn:aws:license-manager::294406891311:license:l-1';
  const answer = await standIn.call(MARKETPLACE, 'CreateGrant', standIn.grantTerms(arn, overrides));
  expect(answer.error).toBe('ValidationException');
  expect(answer.message).toContain(value);
  expect(answer.message).toContain(constraint);
});

test.each([
  [
    'a number for a string',
    { ...GOOD_CHECKOUT, Entitlements: [{ Name: 'a', Unit: 'Count', Value: 1 }] },
    'NUMBER_VALUE can not be converted to a String',
  ],
  [
    'a string for a list',
    { ...GOOD_CHECKOUT, Entitlements: 'a' },
    'STRING_VALUE can not be converted to a List',
  ],
  [
    'a list for a string',
    { ...GOOD_CHECKOUT, ProductSKU: [] },
    'Start of list found where not expected',
  ],
  [
    'a structure for a list',
    { ...GOOD_CHECKOUT, Entitlements: {} },
    'Start of structure or map found where not expected.',
  ],
  ['no structure at all', '"text"', 'STRING_VALUE can not be converted to a Structure'],
  ['what is not JSON', '{', 'The body is not JSON'],
])('a request with %s is a SerializationException', async (_, request, message) => {
  const answer = await new StandIn().call(BUYER, 'CheckoutLicense', request);
  expect(answer.error).toBe('SerializationException');
  expect(answer.status).toBe(400);
  expect(answer.message).toContain(message);
});

test('members that the model does not know are ignored', async () => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', { Bogus: 1 });
  expect(answer).toEqual({ status: 200, Licenses: [] });
});

test.each([
  ['a time that is none', { Validity: { Begin: '2027-01-01' } }, 'regular expression'],
  ['31 February', { Validity: { Begin: '2027-02-31T00:00:00Z' } }, 'not a date and time'],
  ['a time without zone', { Validity: { Begin: '2027-01-01T00:00:00' } }, 'regular expression'],
  [
    'a year beyond the calendar',
    { Validity: { Begin: '12027-01-01T00:00:00Z' } },
    'not a date and time',
  ],
  [
    'an end before its beginning',
    { Validity: { Begin: '2027-01-02T00:00:00Z', End: '2027-01-01T00:00:00Z' } },
    'before it begins',
  ],
  [
    'unit None with a count',
    { Entitlements: [{ Name: 'a', Unit: 'None', MaxCount: 1 }] },
    'not a MaxCount',
  ],
  [
    'a counted value',
    { Entitlements: [{ Name: 'a', Unit: 'Count', Value: 'Enabled' }] },
    'not a Value',
  ],
  [
    'a name twice',
    {
      Entitlements: [
        { Name: 'a', Unit: 'None' },
        { Name: 'a', Unit: 'Count' },
      ],
    },
    'given twice',
  ],
  [
    'a negative count',
    { Entitlements: [{ Name: 'a', Unit: 'Count', MaxCount: -1 }] },
    'must not be negative',
  ],
  [
    'no time to live',
    { ConsumptionConfiguration: { ProvisionalConfiguration: { MaxTimeToLiveInMinutes: 0 } } },
    'at least 1',
  ],
])('CreateLicense refuses %s', async (_, overrides, message) => {
  const standIn = new StandIn();
  const answer = await standIn.call(MARKETPLACE, 'CreateLicense', standIn.licenseTerms(overrides));
  expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(answer.message).toContain(message);
  expect(standIn.manager.licenses()).toEqual([]);
});
