import { afterAll, beforeAll, describe, it } from 'vitest';
import { dynamoDbReading } from '../../../lib/adapters/dynamodb/dynamodb-reading.ts';
import { dynamoDbWatchStore } from '../../../lib/adapters/dynamodb/dynamodb-watch-store.ts';
import { archiveContract } from '../../ports/archive.contract.ts';
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

  archiveContract(async () => {
    const tables = await running.createTables();
    // Whatever takes more than a page takes it here.
    return { store: dynamoDbWatchStore(running.client, tables), ...dynamoDbReading(running.inPages(2), tables) };
  });
});
