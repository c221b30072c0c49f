import { expect, test } from 'vitest';

import { type Body, BUYER, MARKETPLACE, StandIn } from './stand-in.ts';

const GOOD_CHECKOUT = {
  ProductSKU: 'a',
  CheckoutType: 'PROVISIONAL',
  KeyFingerprint: 'b',
  Entitlements: [{ Name: 'ReadOnly', Unit: 'Count', Value: '1' }],
  ClientToken: 'c',
};

const NULL = 'failed to satisfy constraint: Member must not be null';
const NAMELESS = [{ Name: 'ok', Unit: 'None' }, { Unit: 'None' }];
test.each<[string, Body, string]>([
  ['a missing member', { Entitlements: undefined }, `Value null at 'entitlements' ${NULL}`],
  ['null, which is a missing member', { ProductSKU: null }, `Value null at 'productSKU' ${NULL}`],
  [
    'an enum',
    { CheckoutType: 'FOREVER' },
    "Value 'FOREVER' at 'checkoutType' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONAL, PERPETUAL]",
  ],
  [
    'a pattern, matched whole',
    { ClientToken: 'with space' },
    "Value 'with space' at 'clientToken' failed to satisfy constraint: Member must satisfy regular expression pattern: \\S+",
  ],
  [
    'several at once, one of them nested',
    { ClientToken: undefined, Entitlements: NAMELESS },
    `Value null at 'entitlements.2.member.name' ${NULL}; Value null at 'clientToken' ${NULL}`,
  ],
])('CheckoutLicense refuses %s', async (what, changes, violations) => {
  const request = { ...GOOD_CHECKOUT, ...changes };
  const answer = await new StandIn().call(BUYER, 'CheckoutLicense', request);
  const found = what.startsWith('several') ? '2 validation errors' : '1 validation error';
  const message = `${found} detected: ${violations}`;
  expect(answer).toEqual({ status: 400, error: 'ValidationException', message });
});

test.each<[object, string, string]>([
  [{ MaxResults: 0 }, "'0' at 'maxResults'", 'have value greater than or equal to 1'],
  [{ MaxResults: 101 }, "'101' at 'maxResults'", 'have value less than or equal to 100'],
  [{ LicenseArns: ['l-1'] }, "'l-1' at 'licenseArns.1.member'", 'satisfy regular'],
])('ListReceivedLicenses refuses %j', async (request, value, constraint) => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', request);
  expect(answer.error).toBe('ValidationException');
  const violation = `Value ${value} failed to satisfy constraint: Member must ${constraint}`;
  expect(answer.message).toContain(violation);
});

const NINE = Array<string>(9).fill('CreateToken');
test.each<[string, Body, string, string]>([
  ['Principals: []', { Principals: [] }, "'[]' at 'principals'", 'greater than or equal to 1'],
  ['none', { AllowedOperations: [] }, "'[]' at 'allowedOperations'", 'greater than or equal to 1'],
  ['nine', { AllowedOperations: NINE }, 'allowedOperations', 'less than or equal to 8'],
  [
    'a token of 2049',
    { ClientToken: 'x'.repeat(2049) },
    'clientToken',
    'less than or equal to 2048',
  ],
])('CreateGrant refuses %s', async (_, overrides, value, constraint) => {
  const standIn = new StandIn();
  const arn = 'arn:aws:license-manager::294406891311:license:l-1';
  const answer = await standIn.call(MARKETPLACE, 'CreateGrant', standIn.grantTerms(arn, overrides));
  expect(answer.error).toBe('ValidationException');
  expect(answer.message).toContain(value);
  expect(answer.message).toContain(`Member must have length ${constraint}`);
});

const STRUCTURE = 'Start of structure or map found where not expected.';
test.each<[object | string, string]>([
  [
    { Entitlements: [{ Name: 'a', Unit: 'Count', Value: 1 }] },
    'NUMBER_VALUE can not be converted to a String',
  ],
  [{ Entitlements: 'a' }, 'STRING_VALUE can not be converted to a List'],
  [{ ProductSKU: [] }, 'Start of list found where not expected'],
  [{ Entitlements: {} }, STRUCTURE],
  ['"text"', 'STRING_VALUE can not be converted to a Structure'],
  ['{', 'The body is not JSON'],
])('a request with %j is a SerializationException', async (changes, message) => {
  const request = typeof changes === 'string' ? changes : { ...GOOD_CHECKOUT, ...changes };
  const answer = await new StandIn().call(BUYER, 'CheckoutLicense', request);
  expect(answer.error).toBe('SerializationException');
  expect(answer.status).toBe(400);
  expect(answer.message).toContain(message);
});

test('members that the model does not know are ignored', async () => {
  const answer = await new StandIn().call(BUYER, 'ListReceivedLicenses', { Bogus: 1 });
  expect(answer).toEqual({ status: 200, Licenses: [] });
});

const begins = (Begin: string, End?: string) => ({ Validity: { Begin, End } });
const entitled = (...all: object[]) => ({
  Entitlements: all.map((each) => ({ Name: 'a', ...each })),
});
const lives = (MaxTimeToLiveInMinutes: number) => ({
  ConsumptionConfiguration: { ProvisionalConfiguration: { MaxTimeToLiveInMinutes } },
});
test.each<[string, Body, string]>([
  ['a time that is none', begins('2027-01-01'), 'regular expression'],
  ['31 February', begins('2027-02-31T00:00:00Z'), 'not a date and time'],
  ['a time without zone', begins('2027-01-01T00:00:00'), 'regular expression'],
  ['a year beyond the calendar', begins('12027-01-01T00:00:00Z'), 'not a date and time'],
  ['an early end', begins('2027-01-02T00:00:00Z', '2027-01-01T00:00:00Z'), 'before it begins'],
  ['unit None with a count', entitled({ Unit: 'None', MaxCount: 1 }), 'not a MaxCount'],
  ['a counted value', entitled({ Unit: 'Count', Value: 'Enabled' }), 'not a Value'],
  ['a name twice', entitled({ Unit: 'None' }, { Unit: 'Count' }), 'given twice'],
  ['a negative count', entitled({ Unit: 'Count', MaxCount: -1 }), 'must not be negative'],
  ['no time to live', lives(0), 'at least 1'],
])('CreateLicense refuses %s', async (_, overrides, message) => {
  const standIn = new StandIn();
  const answer = await standIn.call(MARKETPLACE, 'CreateLicense', standIn.licenseTerms(overrides));
  expect(answer).toMatchObject({ status: 400, error: 'ValidationException' });
  expect(answer.message).toContain(message);
  expect(standIn.manager.licenses()).toEqual([]);
});
