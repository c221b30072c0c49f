import os from 'node:os';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { installCloudNetwork } from './worker-network.ts';
import type {
  FunctionErrorPayload,
  InvokeMessage,
  WorkerMessage,
  WorkerStart,
} from './worker-protocol.ts';

/** The inside of a function's worker thread: Lambda's runtime, as far as a bundle can see it. */

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null)
  throw new Error('worker-entry.ts runs as a worker thread of the local cloud only');
const { handlerFile, handlerName, environment, clock, endpoint } = workerData as WorkerStart;

installEnvironment();
installOutput();
installCloudTime(clock);
try {
  installCloudNetwork(endpoint);
  const handler = await load();
  port.on('message', (message: InvokeMessage) => void invoke(handler, message));
  post({ kind: 'ready' });
} catch (error) {
  post({ kind: 'init-failed', error: payloadOf(error) });
}

/** Sets the variables after the start, because Node.js would apply NODE_OPTIONS to the thread and refuse most of them. */
function installEnvironment(): void {
  delete process.env['NODE_COMPILE_CACHE'];
  Object.assign(process.env, environment);
  // The SDK reads ~/.aws, which the developer's home may have and a Lambda sandbox has not.
  os.homedir = () => '/home/sbx_user1051';
  syncBuiltinESMExports();
}

/** Sends output on the same port as the results, so that a line never arrives after the end of its invocation. */
function installOutput(): void {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    post({
      kind: 'output',
      text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'),
    });
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}

async function load(): Promise<Handler> {
  const module = (await import(pathToFileURL(handlerFile).href)) as Record<string, unknown>;
  const handler = module[handlerName];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${handlerName} is undefined or not exported by ${handlerFile}`), {
    name: 'Runtime.HandlerNotFound',
  });
}

async function invoke(
  handler: Handler,
  { event, context, timeoutMs, traceHeader }: InvokeMessage,
): Promise<void> {
  process.env['_X_AMZN_TRACE_ID'] = traceHeader;
  const deadline = performance.now() + timeoutMs;
  try {
    const answer: unknown = await handler(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    });
    // Lambda turns undefined into null.
    post({ kind: 'done', payload: answer === undefined ? 'null' : JSON.stringify(answer) });
  } catch (error) {
    post({ kind: 'failed', error: payloadOf(error) });
  }
}

function payloadOf(error: unknown): FunctionErrorPayload {
  if (!(error instanceof Error))
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}

function post(message: WorkerMessage): void {
  port?.postMessage(message);
}
/**
 * Makes this thread's `Date.now()`, `new Date()` and `Date()` return the cloud's time. Timers and `performance.now()` stay real, and so do
 * functions that format the present time when they are given none (`Intl.DateTimeFormat().format()`).
 */
function installCloudTime(clock: SharedArrayBuffer): void {
  const time = new BigInt64Array(clock);
  const now = (): number => Number(Atomics.load(time, 0));
  const RealDate = Date;
  RealDate.now = now;
  const CloudDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = CloudDate;
  globalThis.Date = CloudDate;
}
