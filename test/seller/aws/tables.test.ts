import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { countReads, tablesOfClient } from '../../../lib/seller/aws/tables.ts';
import { openLoopback, type Loopback } from '../../../lib/workbench/cloud/loopback.ts';

let server: Loopback;
let asked: { readonly target: string; readonly signed: string; readonly body: string }[];
let answers: readonly [status: number, body: object][];
beforeAll(async () => {
  server = await openLoopback(({ headers }, body, response) => {
    asked.push({
      target: String(headers['x-amz-target']),
      signed: String(headers.authorization),
      body,
    });
    const [status, answer] = answers[asked.length - 1] ?? [500, {}];
    response.writeHead(status);
    response.end(JSON.stringify(answer));
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => server.close());

function tables() {
  const credentials = { accessKeyId: 'AKIATABLES', secretAccessKey: 'secret' };
  const client = new CloudFormationClient({ region: 'eu-west-1', credentials });
  return tablesOfClient(client, server.url);
}

it('reads with the Region and the credentials of the client, twice if need be', async () => {
  answers = [
    [400, { __type: 'com.amazon#ProvisionedThroughputExceededException' }],
    [200, { Item: { buyer: { S: '1' } } }],
  ];
  // Neither variable keeps a command from the local cloud that it was sent to.
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true');
  const call = await tables();
  expect(await call('GetItem', { TableName: 'T', Key: { buyer: '1' } })).toEqual({
    Item: { buyer: '1' },
  });
  expect(asked.map(({ target }) => target)).toEqual(
    Array(2).fill('DynamoDB_20120810.GetItem') as string[],
  );
  expect(asked[1]?.signed).toMatch(/Credential=AKIATABLES\/\d{8}\/eu-west-1\/dynamodb\//);
});

it('counts what reads take, also of the tables of a batch, and no writes', async () => {
  answers = [
    [200, { ConsumedCapacity: { CapacityUnits: 2 } }],
    [200, { ConsumedCapacity: [{ CapacityUnits: 0.5 }, { CapacityUnits: 3 }] }],
    [200, {}],
  ];
  const { call, reads } = countReads(await tables());
  await call('Scan', { TableName: 'T' });
  await call('BatchGetItem', { RequestItems: {} });
  await call('UpdateItem', { TableName: 'T', Key: {} });
  expect(reads()).toEqual({ calls: 2, scans: 1, units: 5.5 });
  expect(asked.map(({ body }) => body.includes('ReturnConsumedCapacity'))).toEqual([
    true,
    true,
    false,
  ]);
});
