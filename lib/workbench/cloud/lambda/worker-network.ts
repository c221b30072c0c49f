import { Socket } from 'node:net';

/** The bucket for answers to CloudFormation, in three spellings of the host. */
const RESPONSE_BUCKET =
  /^cloudformation-custom-resource-response-[a-z0-9-]+\.s3[a-z0-9.-]*\.amazonaws\.com(\.cn)?$/;

/** A function asks STS whose signature a request bears. */
const STS = /^sts\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** A function puts events and sends single messages with plain calls. */
const PLAIN_CALLS = /^(events|sqs)\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** True for Amazon's host names that lead to the cloud's front: functions call them by `fetch`, without an AWS client. */
export function isReached(hostname: string): boolean {
  return [RESPONSE_BUCKET, STS, PLAIN_CALLS].some((each) => each.test(hostname));
}

/** The object that carries out the requests of `fetch`: the part of undici's interface that is needed here. */
interface Dispatcher {
  dispatch(options: DispatchOptions, handler: unknown): boolean;
}
interface DispatchOptions {
  readonly origin: string | URL;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The symbols under which Node.js keeps the dispatcher of its own `fetch`. Version 24.21 reads the second and has the same object under
 * the first (measured). Both exist after the first use of `fetch`.
 */
const DISPATCHERS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) =>
  Symbol.for(name),
);

/**
 * Keeps this thread's code on loopback, without a branch in that code. `fetch` to CloudFormation's response bucket, STS, EventBridge and
 * SQS goes to the cloud's front as plain HTTP, with path and Host header kept. Any other host that is not loopback is refused by name.
 */
export function installCloudNetwork(endpoint: string): void {
  const { fetch } = globalThis;
  let led: Promise<void> | undefined;
  // Only at the first request: loading Node's `fetch` takes a sixth of a start's time (measured), and most functions never use it.
  globalThis.fetch = async (...request) => {
    await (led ??= leadToCloud(endpoint, fetch));
    return fetch(...request);
  };
  refuseForeignSockets();
}

async function leadToCloud(endpoint: string, fetch: typeof globalThis.fetch): Promise<void> {
  await fetch('data:,');
  const holder = globalThis as unknown as Record<symbol, Dispatcher>;
  for (const symbol of DISPATCHERS) {
    const inner = holder[symbol];
    if (inner === undefined)
      throw new Error(`this Node.js (${process.version}) has no ${String(symbol)}`);
    holder[symbol] = {
      dispatch: (options, handler) => inner.dispatch(resolved(options, endpoint), handler),
    };
  }
}

function resolved(options: DispatchOptions, endpoint: string): DispatchOptions {
  const { host, hostname } = new URL(options.origin);
  if (isReached(hostname))
    return { ...options, origin: endpoint, headers: { ...options.headers, host } };
  if (!isLoopback(hostname)) throw foreign(hostname);
  return options;
}

/** Refuses foreign hosts below `fetch`, for everything that opens a connection, including `node:https` and the SDK. */
function refuseForeignSockets(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the socket as `this`
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const host = hostOf(args);
    if (isLoopback(host)) return connect.apply(this, args);
    // A real refusal also comes later: the caller has not yet attached its error listener.
    setImmediate(() => this.destroy(foreign(host)));
    return this;
  };
}

/** The host in `connect(port, host)`, `connect(options)`, or Node's own normalized `connect([options, callback])`. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = args;
  const options = (Array.isArray(first) ? first[0] : first) as {
    host?: string;
    path?: string;
  } | null;
  if (typeof options === 'object' && options !== null) return options.host ?? 'localhost';
  return typeof second === 'string' ? second : 'localhost';
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

function foreign(host: string): Error {
  return new Error(
    `the local cloud has no way to ${host}: functions reach only the cloud itself, on loopback`,
  );
}
