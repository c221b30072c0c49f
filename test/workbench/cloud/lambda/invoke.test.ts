import { InvokeCommand, LambdaClient, type InvokeCommandInput } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { lambdaService } from '../../../../lib/workbench/cloud/lambda/service.ts';
import {
  allow,
  member,
  openBareCloud,
  clientOf as settingsOf,
  SELLER,
} from '../../../support/bare-cloud.ts';
import {
  ACCOUNT,
  clientOf,
  OTHER_ACCOUNT,
  smallCloud,
  START,
  type SmallCloud,
} from '../../../support/small-cloud.ts';
import { deployFunction, smallLambda } from '../../../support/small-function.ts';

const SOURCE = `export const handler = async (event, { awsRequestId }) => {
  console.log(JSON.stringify({ at: Date.now(), awsRequestId, event }));
  if (event.pause) await new Promise((resolve) => setTimeout(resolve, event.pause));
  if (event.fails) throw new TypeError('as told');
  return { event, awsRequestId, ended: Date.now() };
};`;

let cloud: SmallCloud;
let arn: string;

beforeEach(async () => {
  cloud = await smallCloud();
  arn = await deployFunction(smallLambda(cloud), SOURCE);
});
afterEach(() => cloud[Symbol.asyncDispose]());

async function invoke(input: Partial<InvokeCommandInput> = {}, accountId = ACCOUNT) {
  const client = new LambdaClient(clientOf(cloud, accountId));
  const { Payload, $metadata, ...rest } = await client.send(
    new InvokeCommand({ FunctionName: 'stack-work', ...input }),
  );
  // The SDK has no bytes where there is no body.
  const text = Payload instanceof Uint8Array ? Payload.transformToString() : '';
  return {
    ...rest,
    requestId: $metadata.requestId,
    answer: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

/** What the function saw, invocation by invocation. */
function seen(): { at: number; awsRequestId: string; event: unknown }[] {
  const lines = cloud.logs.lines('/aws/lambda/stack-work');
  return lines.map(({ text }) => JSON.parse(text) as ReturnType<typeof seen>[number]);
}

describe('an invocation that is waited for', () => {
  it('finds the function by its name and by its ARN', async () => {
    for (const FunctionName of ['stack-work', arn]) {
      const Payload = JSON.stringify({ n: 'ü' });
      const { answer, requestId, ...rest } = await invoke({ FunctionName, Payload });
      expect(answer).toEqual({ event: { n: 'ü' }, awsRequestId: requestId, ended: START });
      expect(rest).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    }
  });

  it('without a payload hands an empty object', async () => {
    expect(await invoke()).toMatchObject({ answer: { event: {} } });
  });

  it('says what the function threw, and that it was the function', async () => {
    expect(await invoke({ Payload: '{"fails":true}' })).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      answer: {
        errorType: 'TypeError',
        errorMessage: 'as told',
        trace: expect.any(Array) as unknown,
      },
    });
  });

  it('holds the cloud’s time, also where the function pauses', async () => {
    const answered = invoke({ Payload: '{"pause":50}' });
    while (seen().length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await cloud.advance(60);
    expect(await answered).toMatchObject({ answer: { ended: START } });
  });
});

describe('refusals', () => {
  test.each([
    [
      'a function that is not there',
      { FunctionName: 'nobody' },
      'ResourceNotFoundException',
      404,
      /^Function not found: arn:aws:lambda:us-east-1:111111111111:function:nobody$/,
    ],
    [
      'a name that is none',
      { FunctionName: 'a b' },
      'ValidationException',
      400,
      /'a b' at 'functionName'/,
    ],
    [
      'a payload that is no JSON',
      { Payload: '{' },
      'InvalidRequestContentException',
      400,
      /^Could not parse request body into json/,
    ],
    [
      'too much',
      { Payload: JSON.stringify('x'.repeat(6 * 1_048_576)) },
      'RequestTooLargeException',
      413,
      /6291456 bytes/,
    ],
    [
      'an invocation that nobody waits for',
      { InvocationType: 'Event' },
      'NotImplemented',
      501,
      /cannot honor InvocationType Event/,
    ],
    ['a log', { LogType: 'Tail' }, 'NotImplemented', 501, /cannot honor LogType Tail/],
    ['a version', { Qualifier: '7' }, 'NotImplemented', 501, /cannot honor Qualifier/],
    ['a context', { ClientContext: 'e30=' }, 'NotImplemented', 501, /cannot honor ClientContext/],
    [
      'a durable execution',
      { DurableExecutionName: 'a' },
      'NotImplemented',
      501,
      /cannot honor DurableExecutionName/,
    ],
    ['a tenant', { TenantId: 'a' }, 'NotImplemented', 501, /cannot honor TenantId/],
  ] as const)('%s', async (_what, input, name, httpStatusCode, message) => {
    await expect(invoke(input)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
      $metadata: { httpStatusCode },
    });
    expect(cloud.functions.counts(arn).invocations).toBe(0);
  });

  it('a caller who may not', async () => {
    cloud.deny = ({ action }) => action === 'lambda:InvokeFunction';
    await expect(invoke()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(cloud.requested).toMatchObject([
      { resource: arn, resourceAccountId: ACCOUNT, resourcePolicy: undefined },
    ]);
  });

  it('another account’s function is asked of that account', async () => {
    cloud.deny = ({ caller, resourceAccountId }) => caller.accountId !== resourceAccountId;
    await expect(invoke({ FunctionName: arn }, OTHER_ACCOUNT)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(cloud.requested).toMatchObject([
      { caller: { accountId: OTHER_ACCOUNT }, resourceAccountId: ACCOUNT },
    ]);
  });

  it('an operation that it has not, by its path', async () => {
    const { accessKeyId } = cloud.credentials.root(ACCOUNT);
    const answer = await fetch(`${cloud.front.url}/2015-03-31/functions/stack-work`, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20270301/us-east-1/lambda/aws4_request`,
      },
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      Message:
        'the local cloud has no lambda operation at GET /2015-03-31/functions/stack-work; it has GetEventSourceMapping, Invoke, UpdateEventSourceMapping',
    });
  });

  it('keys that nobody minted, in the protocol’s form', async () => {
    const credentials = { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' };
    const client = new LambdaClient({ ...clientOf(cloud), credentials });
    await expect(
      client.send(new InvokeCommand({ FunctionName: 'stack-work' })),
    ).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      $metadata: { httpStatusCode: 403 },
    });
  });
});

it('is counted by its operation', async () => {
  await invoke();
  expect(cloud.front.calls().get('lambda:Invoke')).toBe(1);
});

test.each([
  ['lambda:InvokeFunction', 'ResourceNotFoundException'],
  ['lambda:GetFunction', 'AccessDeniedException'],
])('a role that may %s is answered %s of a function that is not there', async (action, name) => {
  const bare = await openBareCloud(({ access }) => {
    const { functions } = cloud;
    return [lambdaService({ access, functions, mappings: new Map() })];
  });
  try {
    const { role } = member(
      bare.iam,
      { name: 'caller' },
      allow(action, `arn:aws:lambda:*:${SELLER}:function:other`),
    );
    const client = new LambdaClient(settingsOf(bare, bare.credentials.session(role, 'me', 900)));
    await expect(client.send(new InvokeCommand({ FunctionName: 'other' }))).rejects.toMatchObject({
      name,
    });
  } finally {
    await bare.front.close();
  }
});
