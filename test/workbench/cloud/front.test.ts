import { request as httpRequest } from 'node:http';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GetLicenseCommand, LicenseManagerClient } from '@aws-sdk/client-license-manager';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsService } from '../../../lib/workbench/cloud/call.ts';
import { AwsFault } from '../../../lib/workbench/cloud/fault.ts';
import { internalFailure, throttled } from '../../../lib/workbench/cloud/faults.ts';
import { jsonService } from '../../../lib/workbench/cloud/json-protocol.ts';
import { BUYER, clientOf, NOON, openBareCloud, SELLER } from '../../support/bare-cloud.ts';

const protocol = { version: '1.1', targetPrefix: 'AWSLicenseManager' } as const;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const front of open.splice(0)) await front.close();
});

async function opened(...parameters: Parameters<typeof openBareCloud>) {
  const bare = await openBareCloud(...parameters);
  open.push(bare.front);
  return bare;
}

function licenses(operations: Parameters<typeof jsonService>[0]['operations']): AwsService {
  return jsonService({ name: 'license-manager', protocol, operations });
}

test('finds the service by the scope and the caller by the key', async () => {
  const bare = await opened();
  const identity = await new STSClient(clientOf(bare, bare.credentials.root(BUYER))).send(
    new GetCallerIdentityCommand({}),
  );
  expect(identity).toMatchObject({ Account: BUYER, Arn: `arn:aws:iam::${BUYER}:root` });
});

test('knows a session by key and token, until it expires by the cloud’s time', async () => {
  const bare = await opened();
  const role = {
    accountId: SELLER,
    arn: `arn:aws:iam::${SELLER}:role/path/reader`,
    name: 'reader',
  };
  const sts = new STSClient(clientOf(bare, bare.credentials.session(role, 'me', 900)));
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: `arn:aws:sts::${SELLER}:assumed-role/reader/me`,
  });
  await bare.clock.advanceTo(NOON + 899_999);
  await sts.send(new GetCallerIdentityCommand({}));
  await bare.clock.advanceTo(NOON + 900_000);
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
  });
});

test('mints no key twice, and at each start others, by which nobody else is known', async () => {
  const [one, other] = [await opened(), await opened()];
  const role = { accountId: SELLER, arn: `arn:aws:iam::${SELLER}:role/r`, name: 'r' };
  const minted = [one, other].flatMap(({ credentials }) => [
    ...[1, 2, 3].map(() => credentials.session(role, 's', 900).accessKeyId),
    credentials.root(SELLER).accessKeyId,
  ]);
  expect(new Set(minted).size).toBe(8);
  expect(one.credentials.root(SELLER)).toEqual(one.credentials.root(SELLER));
  for (const key of [one.credentials.root(SELLER), one.credentials.session(role, 's', 900)])
    await expect(
      new STSClient(clientOf(other, key)).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('answers no web page but its own, whatever keys it has', async () => {
  const bare = await opened();
  const { accessKeyId } = bare.credentials.root(BUYER);
  const statusOf = (headers: Readonly<Record<string, string>>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20270201/us-east-1/sts/aws4_request`;
      const asked = httpRequest(
        bare.front.url,
        { method: 'POST', headers: { authorization, ...headers } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      asked.on('error', reject).end('Action=GetCallerIdentity&Version=2011-06-15');
    });
  const { host, port } = new URL(bare.front.url);
  expect(await statusOf({ host })).toBe(200);
  expect(await statusOf({ host: `evil.example:${port}` })).toBe(403);
  expect(await statusOf({ host, origin: 'http://evil.example' })).toBe(403);
  expect(bare.front.calls().get('sts:GetCallerIdentity')).toBe(1);
});

test.each([
  ['a key nobody minted', { accessKeyId: 'AKIAUNKNOWN' }],
  ['a token of another key', { accessKeyId: 'ASIAUNKNOWN' }],
  ['an edited token', { sessionToken: 'e30.AAAA' }],
])('refuses %s as each protocol words it', async (_what, change) => {
  const bare = await opened(() => [licenses({ GetLicense: () => ({}) })]);
  const role = { accountId: SELLER, arn: `arn:aws:iam::${SELLER}:role/r`, name: 'r' };
  const settings = clientOf(bare, { ...bare.credentials.session(role, 's', 900), ...change });
  const message = 'The security token included in the request is invalid.';
  await expect(
    new STSClient(settings).send(new GetCallerIdentityCommand({})),
  ).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    message,
    $metadata: { httpStatusCode: 403 },
  });
  await expect(
    new LicenseManagerClient(settings).send(new GetLicenseCommand({ LicenseArn: 'arn' })),
  ).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    message,
    $metadata: { httpStatusCode: 400 },
  });
});

test('names what it has when a service or an operation is unknown', async () => {
  const bare = await opened(() => [licenses({})]);
  const key = bare.credentials.root(BUYER);
  const unknown = await fetch(bare.front.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/20270201/eu-west-1/ec2/aws4_request`,
    },
    body: 'Action=RunInstances',
  });
  expect(unknown.status).toBe(501);
  expect(await unknown.text()).toContain(
    'has no service &quot;ec2&quot;; it has license-manager, sts',
  );
  await expect(
    new LicenseManagerClient(clientOf(bare, key)).send(
      new GetLicenseCommand({ LicenseArn: 'arn' }),
    ),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('answers with the cloud’s time and a request ID', async () => {
  const bare = await opened();
  const { headers } = await fetch(bare.front.url);
  expect(headers.get('date')).toBe('Mon, 01 Feb 2027 12:00:00 GMT');
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a request in flight holds the time', async () => {
  const { promise: requested, resolve: request } = Promise.withResolvers<undefined>();
  const { promise: answer, resolve: release } = Promise.withResolvers<object>();
  const bare = await opened(() => [
    licenses({
      GetLicense: () => {
        request(undefined);
        return answer;
      },
    }),
  ]);
  const client = new LicenseManagerClient(clientOf(bare, bare.credentials.root(BUYER)));
  const call = client.send(new GetLicenseCommand({ LicenseArn: 'arn' }));
  await requested;
  let advanced = false;
  const advance = bare.clock.advanceTo(NOON + 1000).then(() => (advanced = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect([advanced, bare.clock.now()]).toEqual([false, NOON]);
  release({});
  await Promise.all([call, advance]);
  expect(bare.clock.now()).toBe(NOON + 1000);
});

test('a service that is itself broken fails its caller and the scenario', async () => {
  const bare = await opened(() => [
    licenses({
      GetLicense: () => {
        throw new Error('a defect');
      },
    }),
  ]);
  const client = new LicenseManagerClient(clientOf(bare, bare.credentials.root(BUYER)));
  await expect(client.send(new GetLicenseCommand({ LicenseArn: 'arn' }))).rejects.toMatchObject({
    name: 'InternalFailure',
  });
  await expect(bare.clock.settled()).rejects.toMatchObject({ cause: { message: 'a defect' } });
});

test('counts calls by service and operation, refused ones too', async () => {
  const bare = await opened();
  const key = bare.credentials.root(BUYER);
  const sts = new STSClient(clientOf(bare, key));
  await sts.send(new GetCallerIdentityCommand({}));
  await sts.send(new GetCallerIdentityCommand({}));
  await new STSClient(clientOf(bare, { ...key, accessKeyId: 'AKIAUNKNOWN' }))
    .send(new GetCallerIdentityCommand({}))
    .catch(() => undefined);
  expect([...bare.front.calls()]).toEqual([['sts:GetCallerIdentity', 3]]);
});

test('hands unsigned requests to the plain routes', async () => {
  const bare = await opened(undefined, [
    ({ path }) => (path === '/hello?a=b' ? { status: 200, headers: {}, body: 'hi' } : undefined),
  ]);
  expect(await (await fetch(`${bare.front.url}/hello?a=b`)).text()).toBe('hi');
  expect((await fetch(`${bare.front.url}/other`)).status).toBe(403);
});

test('meets calls with the faults that are injected, as often as said', async () => {
  const bare = await opened(() => [licenses({ GetLicense: () => ({}) })]);
  const settings = (account: string) => clientOf(bare, bare.credentials.root(account));
  const get = (account: string) =>
    new LicenseManagerClient(settings(account)).send(new GetLicenseCommand({ LicenseArn: 'arn' }));
  bare.faults.inject({
    service: 'license-manager',
    operation: 'GetLicense',
    when: ({ caller }) => caller.accountId === BUYER,
    answer: throttled('license-manager'),
    times: 1,
  });
  const end = bare.faults.inject({ service: 'sts', answer: internalFailure('sts') });
  await get(SELLER);
  await expect(get(BUYER)).rejects.toMatchObject({ name: 'RateLimitExceededException' });
  await get(BUYER);
  const sts = new STSClient(settings(BUYER));
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InternalFailure',
    $metadata: { httpStatusCode: 500 },
  });
  end();
  await sts.send(new GetCallerIdentityCommand({}));
});

test('a silent service holds the time until its caller hangs up', async () => {
  const bare = await opened();
  bare.faults.inject({ service: 'sts', answer: 'silent' });
  const key = bare.credentials.root(BUYER);
  const request = httpRequest(bare.front.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/20270201/us-east-1/sts/aws4_request`,
    },
  });
  const hungUp = new Promise((resolve) => request.once('error', resolve));
  request.end('Action=GetCallerIdentity');
  while (bare.front.calls().size === 0) await new Promise((resolve) => setImmediate(resolve));
  const advance = bare.clock.advanceTo(NOON + 1000);
  expect(bare.clock.now()).toBe(NOON);
  request.destroy();
  await Promise.all([hungUp, advance]);
  expect(bare.clock.now()).toBe(NOON + 1000);
});

test('says which port is taken', async () => {
  const bare = await opened();
  const { startFront } = await import('../../../lib/workbench/cloud/front.ts');
  const port = Number(new URL(bare.front.url).port);
  await expect(startFront({ ...bare, services: [], port })).rejects.toThrow(
    `port ${port} of 127.0.0.1 is taken`,
  );
});

test('a fault keeps its members on the wire', async () => {
  const bare = await opened(() => [
    licenses({
      GetLicense: () => {
        throw new AwsFault('RedirectException', 'elsewhere', 308, { Location: 'us-east-1' });
      },
    }),
  ]);
  await expect(
    new LicenseManagerClient(clientOf(bare, bare.credentials.root(BUYER))).send(
      new GetLicenseCommand({ LicenseArn: 'arn' }),
    ),
  ).rejects.toMatchObject({
    name: 'RedirectException',
    Location: 'us-east-1',
    message: 'elsewhere',
  });
});

describe('another Region than the cloud’s is refused, as AWS refuses a signature for another', () => {
  const remedy = 'the local cloud is us-east-1 alone: give --region us-east-1';

  test('in the query protocol', async () => {
    const bare = await opened();
    const client = new STSClient({
      ...clientOf(bare, bare.credentials.root(BUYER)),
      region: 'eu-west-1',
    });
    const name = 'SignatureDoesNotMatch';
    const message = expect.stringContaining(`not 'eu-west-1'; ${remedy}`) as unknown;
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name,
      message,
    });
  });

  test('in JSON, before the service sees it', async () => {
    let seen = 0;
    const bare = await opened(() => [licenses({ GetLicense: () => ({ seen: (seen += 1) }) })]);
    const settings = clientOf(bare, bare.credentials.root(BUYER));
    const request = new GetLicenseCommand({
      LicenseArn: `arn:aws:license-manager::${SELLER}:license:l-1`,
    });
    const name = 'InvalidSignatureException';
    const message = expect.stringContaining(remedy) as unknown;
    const elsewhere = new LicenseManagerClient({ ...settings, region: 'us-west-2' });
    await expect(elsewhere.send(request)).rejects.toMatchObject({ name, message });
    expect(seen).toBe(0);
  });
});
