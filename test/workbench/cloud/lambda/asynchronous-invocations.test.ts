import { afterEach, beforeEach, expect, it, test } from 'vitest';
import type { Properties } from '../../../../lib/workbench/cloud/resource.ts';
import { deploy, smallCloud, START, type SmallCloud } from '../../../support/small-cloud.ts';
import {
  deployFunction,
  deployQueue,
  smallLambda,
  type SmallLambda,
} from '../../../support/small-function.ts';

let cloud: SmallCloud;
let lambda: SmallLambda;
let failures: string;

const SOURCE = `export const handler = async (event, { awsRequestId }) => {
  console.log(JSON.stringify({ at: Date.now(), awsRequestId }));
  if (event.fails) throw new Error('as told');
  return { fine: true };
};`;

function attempts(): { at: number; awsRequestId: string }[] {
  return cloud.logs
    .lines('/aws/lambda/stack-work')
    .map(({ text }) => JSON.parse(text) as { at: number; awsRequestId: string });
}

function letters(arn = failures): unknown[] {
  return (cloud.queues.byArn(arn)?.peek() ?? []).map(({ body }) => JSON.parse(body) as unknown);
}

async function configure(properties: Properties): Promise<void> {
  const DestinationConfig = { OnFailure: { Destination: failures } };
  const all = {
    FunctionName: 'stack-work',
    Qualifier: '$LATEST',
    DestinationConfig,
    ...properties,
  };
  await deploy(lambda.handlers, 'AWS::Lambda::EventInvokeConfig', 'config', all);
}

beforeEach(async () => {
  cloud = await smallCloud();
  lambda = smallLambda(cloud);
  failures = await deployQueue(cloud, 'failures');
});
afterEach(() => cloud[Symbol.asyncDispose]());

it('tries three times, after one and two minutes, under one request ID', async () => {
  const arn = await deployFunction(lambda, SOURCE);
  await configure({});
  const requestId = lambda.asynchronous.accept(arn, { fails: true });
  await cloud.advance(3600);
  expect(attempts()).toEqual(
    [0, 60, 180].map((seconds) => ({ at: START + seconds * 1000, awsRequestId: requestId })),
  );
  expect(letters()).toEqual([
    {
      version: '1.0',
      timestamp: new Date(START + 180_000).toISOString(),
      requestContext: {
        requestId,
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { fails: true },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: expect.objectContaining({
        errorType: 'Error',
        errorMessage: 'as told',
      }) as unknown,
    },
  ]);
});

it('does not repeat what succeeded', async () => {
  const arn = await deployFunction(lambda, SOURCE);
  lambda.asynchronous.accept(arn, {});
  await cloud.advance(3600);
  expect(attempts()).toHaveLength(1);
  expect(letters()).toEqual([]);
});

test.each([
  [{ MaximumRetryAttempts: 0 }, 1, 'RetriesExhausted'],
  [{ MaximumRetryAttempts: 1 }, 2, 'RetriesExhausted'],
  [{ MaximumEventAgeInSeconds: 60 }, 2, 'EventAgeExceeded'],
])('keeps to %j', async (properties, count, condition) => {
  const arn = await deployFunction(lambda, SOURCE);
  await configure(properties);
  lambda.asynchronous.accept(arn, { fails: true });
  await cloud.advance(3600);
  expect(attempts()).toHaveLength(count);
  expect(letters()).toMatchObject([
    { requestContext: { condition, approximateInvokeCount: count } },
  ]);
});

it('loses what the role may not put anywhere, and says so', async () => {
  const arn = await deployFunction(lambda, SOURCE);
  await configure({});
  cloud.deny = ({ action }) => action === 'sqs:SendMessage';
  lambda.asynchronous.accept(arn, { fails: true });
  await cloud.advance(3600);
  expect(letters()).toEqual([]);
  expect(lambda.destinations.failures).toMatchObject([{ targetArn: failures }]);
});
