import {
  CheckInLicenseCommand,
  CheckoutLicenseCommand,
  GetLicenseCommand,
  LicenseManagerClient,
  ListReceivedLicensesCommand,
} from '@aws-sdk/client-license-manager';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { BUYER, HOME, MARKETPLACE_FINGERPRINT, serveAlone, SKU, StandIn } from './stand-in.ts';

/** What AWS's own client makes of the stand-in's answers: names, messages, members, retries. */

const standIn = new StandIn();
let served: Awaited<ReturnType<typeof serveAlone>>;
let client: LicenseManagerClient;
let arn: string;

beforeAll(async () => {
  // The client signs by the machine's clock and corrects it by the answers' Date.
  ({ arn } = await standIn.purchase());
  served = await serveAlone(standIn.manager, { AKIDBUYER: BUYER });
  client = new LicenseManagerClient({
    region: HOME,
    endpoint: served.url,
    credentials: { accessKeyId: 'AKIDBUYER', secretAccessKey: 'secret' },
    maxAttempts: 2,
    retryStrategy: {
      mode: 'counted',
      acquireInitialRetryToken: () => Promise.resolve(retryToken(0)),
      refreshRetryTokenForRetry: (token, { errorType }) => {
        attempts += 1;
        if (token.getRetryCount() > 0 || errorType === 'CLIENT_ERROR') throw new Error('no more');
        return Promise.resolve(retryToken(1));
      },
      recordSuccess: () => undefined,
    },
  });
});

let attempts = 0;
beforeEach(() => {
  attempts = 0;
  standIn.manager.faults.clear();
});

afterAll(async () => {
  client.destroy();
  await served.close();
});

test('it reads a license', async () => {
  const { License } = await client.send(new GetLicenseCommand({ LicenseArn: arn }));
  expect(License).toMatchObject({
    LicenseArn: arn,
    Status: 'AVAILABLE',
    Validity: { Begin: '2027-01-01T00:00:00Z', End: '2028-01-01T00:00:00Z' },
    Entitlements: [{ Name: 'ReadOnly', MaxCount: 5 }, { Name: 'AWS::Marketplace::Usage' }],
  });
  const { Licenses } = await client.send(new ListReceivedLicensesCommand({}));
  expect(Licenses).toMatchObject([
    { LicenseArn: arn, ReceivedMetadata: { ReceivedStatus: 'ACTIVE' } },
  ]);
});

test('it checks out and in', async () => {
  const out = await client.send(checkout('AWS::Marketplace::Usage'));
  expect(out).toMatchObject({
    LicenseArn: arn,
    EntitlementsAllowed: [{ Name: 'AWS::Marketplace::Usage', Unit: 'None', Value: 'Enabled' }],
    Expiration: '2027-01-01T01:00:00',
  });
  const { LicenseConsumptionToken } = out;
  await client.send(new CheckInLicenseCommand({ LicenseConsumptionToken }));
  expect(standIn.manager.openCheckouts()).toEqual([]);
});

test.each([
  ['NoEntitlementsAllowedException', 400, 'No Entitlements Allowed', () => checkout('ReadOnly')],
  [
    'InvalidParameterValueException',
    400,
    'The resource cannot be found: arn:aws:license-manager::1:license:l-1',
    () => new GetLicenseCommand({ LicenseArn: 'arn:aws:license-manager::1:license:l-1' }),
  ],
  [
    'ResourceNotFoundException',
    400,
    "No checkout has the consumption token 'x'",
    () => new CheckInLicenseCommand({ LicenseConsumptionToken: 'x' }),
  ],
] as const)('it throws %s', async (name, status, message, command) => {
  // One command type at a time: the client's overloads do not take a union.
  const failure: unknown = await client
    .send(command() as GetLicenseCommand)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name, message, $metadata: { httpStatusCode: status } });
});

test('what it lacks the service refuses, for the client checks nothing', async () => {
  const failure: unknown = await client
    .send(new GetLicenseCommand({ LicenseArn: undefined }))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'licenseArn' failed to satisfy constraint: Member must not be null",
  });
});

test.each([
  ['throttled', 'RateLimitExceededException', 429],
  ['failing', 'ServerInternalException', 500],
  ['no-service-role', 'AccessDeniedException', 401],
] as const)('it names a fault: %s', async (kind, name, status) => {
  standIn.manager.faults.inject({ kind });
  const failure: unknown = await client
    .send(new ListReceivedLicensesCommand({}))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name, $metadata: { httpStatusCode: status } });
});

test('it asks again after a passing failure', async () => {
  standIn.manager.faults.inject({ kind: 'failing' }, { times: 1 });
  await client.send(new ListReceivedLicensesCommand({}));
  expect(attempts).toBe(1);
});

test('a malformed answer is a SyntaxError', async () => {
  standIn.manager.faults.inject({ kind: 'malformed' });
  const failure: unknown = await client
    .send(new ListReceivedLicensesCommand({}))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'SyntaxError' });
});

function checkout(name: string): CheckoutLicenseCommand {
  return new CheckoutLicenseCommand({
    ProductSKU: SKU,
    CheckoutType: 'PROVISIONAL',
    KeyFingerprint: MARKETPLACE_FINGERPRINT,
    Entitlements: [{ Name: name, Unit: 'None' }],
    ClientToken: standIn.token(),
  });
}

function retryToken(count: number) {
  return { getRetryCount: () => count, getRetryDelay: () => 0 };
}
