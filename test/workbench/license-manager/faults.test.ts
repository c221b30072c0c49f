import { expect, test } from 'vitest';

import { BUYER, HOME, START, StandIn, STRANGER } from './stand-in.ts';

test.each([
  ['throttled', 429, 'RateLimitExceededException'],
  ['failing', 500, 'ServerInternalException'],
] as const)('%s: nothing is done', async (kind, status, error) => {
  const standIn = new StandIn();
  await standIn.purchase();
  const lift = standIn.manager.faults.inject({ kind });
  expect(await standIn.seats(1)).toMatchObject({ status, error });
  expect(standIn.manager.seatsHeld()).toBe(0);
  lift();
  expect(await standIn.seats(1)).toMatchObject({ status: 200 });
});

test('answer-lost: done, and nobody told', async () => {
  const standIn = new StandIn();
  await standIn.purchase();
  standIn.manager.faults.inject(
    { kind: 'answer-lost' },
    { operation: 'CheckoutLicense', times: 1 },
  );
  expect(await standIn.seats(2, { ClientToken: 'same' })).toMatchObject({ status: 500 });
  expect(standIn.manager.seatsHeld()).toBe(2);
  expect(await standIn.seats(2, { ClientToken: 'same' })).toMatchObject({ status: 200 });
  expect(standIn.manager.seatsHeld()).toBe(2);
});

test('no-service-role: as an account that never opened the console sees it', async () => {
  const standIn = new StandIn();
  standIn.manager.faults.inject({ kind: 'no-service-role' });
  expect(await standIn.seats(1)).toEqual({
    status: 401,
    error: 'AccessDeniedException',
    message: 'Service role not found',
  });
});

test('a fault strikes its account, its operation, and so many times', async () => {
  const standIn = new StandIn();
  const status = async (account: string, operation: string): Promise<number> =>
    (await standIn.call(account, operation, {})).status;
  standIn.manager.faults.inject(
    { kind: 'throttled' },
    { accountId: BUYER, operation: 'ListLicenses', times: 2 },
  );
  expect(await status(STRANGER, 'ListLicenses')).toBe(200);
  expect(await status(BUYER, 'ListReceivedLicenses')).toBe(200);
  const struck = [];
  for (let count = 0; count < 3; count += 1) struck.push(await status(BUYER, 'ListLicenses'));
  expect(struck).toEqual([429, 429, 200]);
});

test('of several the latest strikes, until it is lifted', async () => {
  const standIn = new StandIn();
  const status = async (): Promise<number> =>
    (await standIn.call(BUYER, 'ListLicenses', {})).status;
  standIn.manager.faults.inject({ kind: 'throttled' });
  const lift = standIn.manager.faults.inject({ kind: 'failing' });
  expect(await status()).toBe(500);
  lift();
  expect(await status()).toBe(429);
});

test('malformed: status 200 and no JSON', async () => {
  const standIn = new StandIn();
  standIn.manager.faults.inject({ kind: 'malformed' });
  const answer = await standIn.manager.handle({
    target: 'AWSLicenseManager.ListReceivedLicenses',
    contentType: 'application/x-amz-json-1.1',
    body: '{}',
    accountId: BUYER,
    region: HOME,
  });
  expect(answer.status).toBe(200);
  expect(() => JSON.parse(answer.body) as unknown).toThrow(SyntaxError);
});

test('altered: the answer changes, the state does not', async () => {
  const standIn = new StandIn();
  const { arn } = await standIn.purchase();
  const lift = standIn.manager.faults.inject(
    {
      kind: 'altered',
      alter: (output) => {
        const license = output['License'] as Record<string, unknown>;
        license['ProductName'] = '<script>';
        delete license['Validity'];
        return { License: license };
      },
    },
    { operation: 'GetLicense' },
  );
  const license = await standIn.license(arn);
  expect(license['ProductName']).toBe('<script>');
  expect(license).not.toHaveProperty('Validity');
  lift();
  expect(await standIn.license(arn)).toMatchObject({
    ProductName: 'Test Product',
    CreateTime: String(START / 1000),
  });
});
