import { LambdaClient } from '@aws-sdk/client-lambda';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invokeFunction, FunctionFailed } from '../../../lib/seller/aws/lambda.ts';
import { clientConfig } from '../../support/looking.ts';

let reply: { readonly body: string; readonly error?: string };
let received = '';
const server = createServer((request, response) => {
  received = '';
  request.on('data', (chunk: Buffer) => (received += chunk.toString()));
  request.on('end', () => {
    response.writeHead(200, {
      ...(reply.error !== undefined && { 'x-amz-function-error': reply.error }),
    });
    response.end(reply.body);
  });
});
let client: LambdaClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new LambdaClient(
    clientConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
});
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

test('a question goes as JSON, and the answer comes back from it', async () => {
  reply = { body: '{"outcome":"checked"}' };
  expect(await invokeFunction(client, 'default-check-licenses', { request: 'check' })).toEqual({
    outcome: 'checked',
  });
  expect(received).toBe('{"request":"check"}');
});

test.each([
  [
    {
      errorType: 'Error',
      errorMessage: 'the table is full',
      trace: ['Error: the table is full', '  at x'],
    },
    'Error: the table is full',
  ],
  [
    { errorMessage: 'Task timed out after 60.00 seconds' },
    '{"errorMessage":"Task timed out after 60.00 seconds"}',
  ],
])('an error of the function is told without its stack: %j', async (error, words) => {
  reply = { body: JSON.stringify(error), error: 'Unhandled' };
  await expect(invokeFunction(client, 'f', {})).rejects.toThrow(
    new FunctionFailed(`the function f failed: ${words}`),
  );
});

test('an answer that is no JSON is told as it came', async () => {
  reply = { body: 'oops' };
  await expect(invokeFunction(client, 'f', {})).rejects.toThrow('the function f answered "oops"');
});
