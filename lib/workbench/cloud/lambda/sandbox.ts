import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { FunctionConfiguration } from './function-configuration.ts';
import type {
  FunctionErrorPayload,
  InvokeMessage,
  WorkerMessage,
  WorkerStart,
} from './worker-protocol.ts';

export interface SandboxOptions {
  readonly configuration: FunctionConfiguration;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: SharedArrayBuffer;
  readonly endpoint: string;
  /** Takes what the function writes to stdout or stderr, piece by piece. */
  readonly onOutput: (text: string) => void;
}

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionErrorPayload };

/** Lambda's init phase may take ten seconds (developer guide); a busy test machine gets the same. */
const INIT_TIMEOUT_MS = 10_000;

/** Keeps compiled bundles, which every cloud shares, and the stripped `worker-entry.ts`: stripping it costs 15 ms per start (measured). */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** One copy of a function in a worker thread, which runs one invocation at a time. */
export class Sandbox {
  readonly #worker: Worker;
  readonly #ready: Promise<FunctionErrorPayload | undefined>;
  #finish: ((outcome: Outcome) => void) | undefined;
  #requestId = '';
  #dead = false;

  constructor(options: SandboxOptions) {
    const { configuration, environment, clock, endpoint, onOutput } = options;
    const [file = '', handlerName = ''] = configuration.handler.split('.');
    const { NODE_OPTIONS: nodeOptions = '', ...early } = environment;
    const start: WorkerStart = {
      handlerFile: handlerFile(configuration.codeDirectory, file),
      handlerName,
      environment,
      clock,
      endpoint,
    };
    this.#worker = new Worker(new URL('./worker-entry.ts', import.meta.url), {
      name: configuration.name,
      env: { ...early, NODE_COMPILE_CACHE: COMPILE_CACHE },
      argv: [],
      workerData: start,
      stdout: true,
      stderr: true,
      ...workerLimits(configuration.memoryMb, nodeOptions),
    });
    // Warnings of Node.js itself, a stack overflow, and running out of memory bypass the replaced streams.
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        onOutput(text);
      });
    this.#ready = this.#listen(onOutput);
  }

  /** True once the sandbox has ended (a timeout, a crash, a failed start); it cannot be used again. */
  get dead(): boolean {
    return this.#dead;
  }

  /** Runs one invocation. A failure inside it is the function's error, not a rejection. */
  async invoke(message: InvokeMessage): Promise<Outcome> {
    const initError = await this.#ready;
    if (initError !== undefined) {
      await this.close();
      return { ok: false, error: initError };
    }
    if (this.#dead) throw new Error('a sandbox that ended was invoked again');
    this.#requestId = message.context.awsRequestId;
    const outcome = new Promise<Outcome>((resolve) => (this.#finish = resolve));
    const timer = setTimeout(() => {
      this.#end({ errorType: 'Sandbox.Timedout', errorMessage: timedOut(message) });
      void this.close();
    }, message.timeoutMs);
    this.#worker.postMessage(message);
    try {
      return await outcome;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.#dead = true;
    await this.#worker.terminate();
  }

  /** Resolves when the code is loaded, or with the error if it could not be loaded. */
  #listen(onOutput: (text: string) => void): Promise<FunctionErrorPayload | undefined> {
    return new Promise((resolve) => {
      const slow = setTimeout(() => {
        resolve({
          errorType: 'Sandbox.Timedout',
          errorMessage: `the start took more than ${INIT_TIMEOUT_MS} ms`,
        });
      }, INIT_TIMEOUT_MS);
      const started = (error?: FunctionErrorPayload): void => {
        clearTimeout(slow);
        resolve(error);
      };
      this.#worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'output') onOutput(message.text);
        else if (message.kind === 'ready') started();
        else if (message.kind === 'init-failed') started(message.error);
        else if (message.kind === 'done') this.#end(undefined, message.payload);
        else this.#end(message.error);
      });
      const ended = (error: FunctionErrorPayload): void => {
        this.#dead = true;
        started(error);
        this.#end(error);
      };
      this.#worker.on('error', (error: Error) => {
        ended(crashed(this.#requestId, error));
      });
      this.#worker.on('exit', (code) => {
        ended({
          errorType: 'Runtime.ExitError',
          errorMessage: `RequestId: ${this.#requestId} Error: Runtime exited with error: exit status ${code}`,
        });
      });
    });
  }

  #end(error: FunctionErrorPayload | undefined, payload = 'null'): void {
    this.#finish?.(error === undefined ? { ok: true, payload } : { ok: false, error });
    this.#finish = undefined;
  }
}

function handlerFile(directory: string, name: string): string {
  const candidates = ['mjs', 'js', 'cjs'].map((extension) =>
    join(directory, `${name}.${extension}`),
  );
  // If no file exists, the import fails with Node's own message.
  return candidates.find((file) => existsSync(file)) ?? join(directory, `${name}.mjs`);
}

function timedOut({ context, timeoutMs }: InvokeMessage): string {
  return `RequestId: ${context.awsRequestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
}

function crashed(
  requestId: string,
  error: Error & { readonly code?: unknown },
): FunctionErrorPayload {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed (${error.message})`,
    };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

/** The options in NODE_OPTIONS that set the size of the heap. */
const OLD_SPACE = /^--max[-_]old[-_]space[-_]size=(\d+)$/;
const SEMI_SPACE = /^--max[-_]semi[-_]space[-_]size=(\d+)$/;

/** Lambda's Node.js runtime gives the heap about nine tenths of the function's memory. */
const HEAP_SHARE = 0.9;

/**
 * A worker thread's options, from the function's memory and NODE_OPTIONS. Heap sizes become the worker's limits, because as options they
 * apply to the whole process. All other options are passed on; Node.js itself refuses those that a thread cannot have.
 */
function workerLimits(
  memoryMb: number,
  nodeOptions: string,
): { readonly resourceLimits: ResourceLimits; readonly execArgv: string[] } {
  const options = nodeOptions.split(/\s+/).filter((option) => option !== '');
  const oldSpace = sizeOf(options, OLD_SPACE) ?? Math.floor(memoryMb * HEAP_SHARE);
  const semiSpace = sizeOf(options, SEMI_SPACE);
  return {
    // The young generation consists of three semi-spaces.
    resourceLimits: {
      maxOldGenerationSizeMb: oldSpace,
      ...(semiSpace !== undefined && { maxYoungGenerationSizeMb: 3 * semiSpace }),
    },
    execArgv: options.filter((option) => !OLD_SPACE.test(option) && !SEMI_SPACE.test(option)),
  };
}

function sizeOf(options: readonly string[], pattern: RegExp): number | undefined {
  const found = options
    .map((option) => pattern.exec(option)?.[1])
    .find((size) => size !== undefined);
  return found === undefined ? undefined : Number(found);
}
