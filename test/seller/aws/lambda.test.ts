import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invokeFunction, FunctionFailed } from '../../../lib/seller/aws/lambda.ts';
import { openLoopback, type Loopback } from '../../../lib/workbench/cloud/loopback.ts';
import { clientConfig } from '../../support/looking.ts';

let reply: { readonly body: string; readonly error?: string };
let received = '';
let server: Loopback;
let client: LambdaClient;
beforeAll(async () => {
  server = await openLoopback((_request, body, response) => {
    received = body;
    const { error } = reply;
    response.writeHead(200, error === undefined ? {} : { 'x-amz-function-error': error });
    response.end(reply.body);
  });
  client = new LambdaClient(clientConfig(server.url));
});
afterAll(async () => {
  client.destroy();
  await server.close();
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
