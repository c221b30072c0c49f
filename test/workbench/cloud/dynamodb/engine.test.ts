import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { EngineClient } from '../../../../lib/workbench/cloud/dynamodb/engine-client.ts';
import {
  dynamoDbLocal,
  dynoxide,
  startEngine,
} from '../../../../lib/workbench/cloud/dynamodb/engine.ts';

describe.each([
  ['dynoxide', dynoxide()],
  ['DynamoDB Local', dynamoDbLocal()],
])('%s', (_name, program) => {
  test.skipIf(program === undefined)(
    'starts, serves only who knows address and key of this start, and is gone when it stops',
    async () => {
      const engine = await startEngine(program);
      const client = new EngineClient(engine);
      expect(await client.require('ListTables', {})).toEqual({ TableNames: [] });
      await client.require('CreateTable', {
        TableName: 'secret',
        KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      });
      expect(await client.require('ListTables', {})).toEqual({ TableNames: ['secret'] });
      const { port } = new URL(engine.url);
      const stranger = new EngineClient({ url: `http://127.0.0.1:${port}`, accessKeyId: 'local' });
      const seen = await stranger.require('ListTables', {}).catch(() => ({ TableNames: [] }));
      expect(seen).toEqual({ TableNames: [] });
      await engine.stop();
      expect(await accepts(engine.url)).toBe(false);
      await engine.stop();
    },
  );
});

test('ends with the process that started it, even one that was killed', async () => {
  const source = `
    const { startEngine } = await import('./lib/workbench/cloud/dynamodb/engine.ts');
    process.stdout.write((await startEngine()).url);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(owner.stdout, 'data')) as [Buffer];
  const engine = url.toString();
  expect(await accepts(engine)).toBe(true);
  owner.kill('SIGKILL');
  while (await accepts(engine))
    await once(owner, 'exit', { signal: AbortSignal.timeout(10) }).catch(() => undefined);
});

test('a program that does not start is an error with its last words', async () => {
  const broken = {
    name: 'broken engine',
    host: '127.0.0.1',
    command: () => ['/bin/sh', '-c', 'echo no such option >&2; exit 2'],
  };
  await expect(startEngine(broken)).rejects.toThrow('broken engine did not start: no such option');
});

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
