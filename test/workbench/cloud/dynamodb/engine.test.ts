import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { EngineClient } from '../../../../lib/workbench/cloud/dynamodb/engine-client.ts';
import {
  dynamoDbLocal,
  dynoxide,
} from '../../../../lib/workbench/cloud/dynamodb/engine-program.ts';
import { startEngine } from '../../../../lib/workbench/cloud/dynamodb/engine.ts';

describe.each([
  ['dynoxide', dynoxide()],
  ['DynamoDB Local', dynamoDbLocal()],
])('%s', (_name, program) => {
  test.skipIf(program === undefined)('starts, serves and is gone when it stops', async () => {
    const engine = await startEngine(program);
    expect(await new EngineClient(engine).require('ListTables', {})).toEqual({ TableNames: [] });
    await engine.stop();
    expect(await accepts(Number(new URL(engine.url).port))).toBe(false);
    await engine.stop();
  });
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
  const port = Number(new URL(url.toString()).port);
  expect(await accepts(port)).toBe(true);
  owner.kill('SIGKILL');
  while (await accepts(port))
    await once(owner, 'exit', { signal: AbortSignal.timeout(10) }).catch(() => undefined);
});

test('a program that does not start is an error with its last words', async () => {
  const broken = {
    name: 'broken engine',
    command: () => ['/bin/sh', '-c', 'echo no such option >&2; exit 2'],
  };
  await expect(startEngine(broken)).rejects.toThrow('broken engine did not start: no such option');
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
