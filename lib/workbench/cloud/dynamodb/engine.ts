import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { anyEngine, type EngineProgram } from './engine-program.ts';

export interface Engine {
  readonly name: string;
  readonly url: string;
  /** Of letters and digits alone, and of this start. */
  readonly accessKeyId: string;
  stop(): Promise<void>;
}

/** DynamoDB Local's Java takes two to four seconds on two busy cores (measured). */
const START_MILLISECONDS = 30_000;

/**
 * A leash: the shell starts the engine and kills it when its own standard input ends, which it does at `stop` and when this
 * process dies in whatever way. The shell lets go of the outputs, so that their end tells the engine's. Both are a process
 * group of their own: a terminal's Ctrl-C goes to ours, which still needs the engine to end in order.
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

/** Of what a signal has ended the exit code stays null. */
function isRunning({ exitCode, signalCode }: ChildProcessWithoutNullStreams): boolean {
  return exitCode === null && signalCode === null;
}

/** Resolves with the engine's last words when it has ended. */
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
