import { afterAll, beforeAll, describe, it } from 'vitest';
import { dynamoDbWatchStore } from '../../../lib/adapters/dynamodb/dynamodb-watch-store.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';
import { dynamoDbLocal, dynoxide, type RunningEngine } from '../../support/engines.ts';

describe.each([dynoxide, dynamoDbLocal])('the store in DynamoDB, on $name', (engine) => {
  if (engine.missing !== null) {
    it.skip(`is not tested here: ${engine.missing}`);
    return;
  }
  let running: RunningEngine;
  beforeAll(async () => {
    running = await engine.start();
  });
  afterAll(() => running.stop());

  watchStoreContract(async () => dynamoDbWatchStore(running.client, await running.createTables()));
});
