#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_SETTINGS } from '../lib/adapters/client-settings.ts';
import { dynamoDbWatchStore } from '../lib/adapters/dynamodb/dynamodb-watch-store.ts';
import { publishRevocation } from '../lib/adapters/registration-topic.ts';
import { watcherStackOutputs } from '../lib/adapters/watcher-stack-outputs.ts';
import type { Connection } from '../lib/cli/connection.ts';
import type { Watcher } from '../lib/cli/io.ts';
import { main } from '../lib/cli/main.ts';

// Not process.exit: what was written to a pipe would be lost.
process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  colour: process.stdout.isTTY && process.stdout.hasColors(),
  env: process.env,
  readFile: readIfThere,
  now: () => Date.now(),
  newExternalId: () => randomBytes(16).toString('hex'),
  connect,
});

async function connect({ deployment, region, profile, local }: Connection): Promise<Watcher> {
  const settings = {
    ...CLIENT_SETTINGS,
    region,
    ...(profile !== undefined && { profile }),
    ...(local !== undefined && { endpoint: local.endpoint, credentials: local.credentials }),
  };
  const stack = await watcherStackOutputs(new CloudFormationClient(settings), deployment, region);
  const { buyers, contracts } = dynamoDbWatchStore(new DynamoDBClient(settings), stack);
  return {
    deployment,
    region,
    sellerAccountId: stack.sellerAccountId,
    productIds: stack.productIds,
    buyers,
    contracts,
    endWatch: (buyerAccountId) =>
      publishRevocation(new SNSClient(settings), stack.registrationTopicArn, buyerAccountId),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
