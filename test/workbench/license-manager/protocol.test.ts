import { expect, test } from 'vitest';

import { createLicenseManager } from '../../../lib/workbench/license-manager/license-manager.ts';
import type { LicenseManagerQuestion } from '../../../lib/workbench/license-manager/license-manager.ts';
import { BUYER, HOME, START, StandIn } from './stand-in.ts';

const manager = createLicenseManager({ now: () => START });

test.each([
  ['another operation', 'AWSLicenseManager.CreateToken'],
  ['another service', 'AWSOther.GetLicense'],
  ['no target', undefined],
  ['a name of JavaScript', 'AWSLicenseManager.constructor'],
])('refuses %s by name', async (_, target) => {
  const answer = await manager.handle({ ...request('{}'), target });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ __type: 'UnknownOperationException' });
  expect(answer.body).toContain(`'${target ?? ''}'`);
});

test('speaks JSON 1.1 only', async () => {
  const wrong = await manager.handle({
    ...request('{}'),
    contentType: 'application/x-amz-json-1.0',
  });
  expect(JSON.parse(wrong.body)).toMatchObject({ __type: 'UnknownOperationException' });
  const withCharset = await manager.handle({
    ...request('{}'),
    contentType: 'application/x-amz-json-1.1; charset=UTF-8',
  });
  expect(withCharset.status).toBe(200);
});

test('answers with a request ID of its own and the time it was given', async () => {
  const [one, other] = [await manager.handle(request('{}')), await manager.handle(request('{}'))];
  expect(one.headers['date']).toBe('Fri, 01 Jan 2027 00:00:00 GMT');
  expect(one.headers['content-type']).toBe('application/x-amz-json-1.1');
  expect(one.headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(other.headers['x-amzn-requestid']).not.toBe(one.headers['x-amzn-requestid']);
});

test('the same calls give the same IDs in every run', async () => {
  const first = await new StandIn().purchase();
  const busy = new StandIn();
  await busy.seats(1);
  expect(await busy.purchase()).toEqual(first);
  expect(first.arn).toMatch(/^arn:aws:license-manager::294406891311:license:l-[0-9a-f]{32}$/);
  expect(first.grantArn).toMatch(/^arn:aws:license-manager::294406891311:grant:g-[0-9a-f]{32}$/);
});

test('asks for permission with action and resource, before it reads the request', async () => {
  const requested: LicenseManagerQuestion[] = [];
  const standIn = new StandIn({}, (question) => {
    requested.push(question);
    return Promise.resolve({
      allowed: false,
      message: `User: x is not authorized to perform: ${question.action}`,
    });
  });
  const license = 'arn:aws:license-manager::294406891311:license:l-1';
  const grant = 'arn:aws:license-manager::294406891311:grant:g-1';
  for (const [operation, body] of [
    ['GetLicense', { LicenseArn: license }],
    ['GetLicense', { LicenseArn: 7 }],
    ['CreateGrant', { LicenseArn: license }],
    ['AcceptGrant', { GrantArn: grant }],
    ['CheckoutLicense', {}],
    ['CheckoutLicense', 'not JSON'],
    ['ListReceivedLicenses', { LicenseArns: [license] }],
  ] as const) {
    expect(await standIn.call(BUYER, operation, body)).toEqual({
      status: 400,
      error: 'AccessDeniedException',
      message: `User: x is not authorized to perform: license-manager:${operation}`,
    });
  }
  expect(requested.map(({ resource }) => resource)).toEqual([
    license,
    '*',
    license,
    grant,
    '*',
    '*',
    '*',
  ]);
  expect(requested.map(({ kind }) => kind)).toEqual([
    ...['license', 'license', 'license', 'grant'],
    ...[undefined, undefined, undefined],
  ]);
});

function request(body: string) {
  return {
    target: 'AWSLicenseManager.ListReceivedLicenses',
    contentType: 'application/x-amz-json-1.1',
    body,
    accountId: BUYER,
    region: HOME,
  };
}
