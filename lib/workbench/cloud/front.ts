import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AwsAnswer, AwsRequest, AwsService } from './call.ts';
import type { CloudClock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { AwsFault } from './fault.ts';
import { Faults } from './faults.ts';
import { isReached } from './lambda/worker-network.ts';
import { refusal, unknownService, unrecognized, wrongRegion } from './refusal.ts';
import {
  isSignedBy,
  operationOf,
  presigned,
  scopeOf,
  type SigningScope,
} from './signed-request.ts';

/** A request without a signature: an answer to CloudFormation, or a request for a page. */
export interface PlainRequest {
  readonly method: string;
  /** Path and query as they came, without the host. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** Returns undefined for a request that belongs elsewhere. */
export type PlainRoute = (
  request: PlainRequest,
) => AwsAnswer | undefined | Promise<AwsAnswer | undefined>;

export interface FrontOptions {
  /** This cloud's only Region. */
  readonly region: string;
  readonly services: readonly AwsService[];
  readonly credentials: Credentials;
  readonly clock: CloudClock;
  readonly routes?: readonly PlainRoute[];
  readonly faults?: Faults;
  /** Default: any free port. */
  readonly port?: number;
}

export interface Front {
  readonly url: string;
  /** `sqs:SendMessage` -> calls since the start, including refused ones. */
  calls(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/**
 * Starts the one address of the local cloud, on loopback, for all AWS endpoints. The signature's credential scope says which service
 * is meant, the access key who calls. A request in flight holds the cloud's time.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { clock, port = 0 } = options;
  const calls = new Map<string, number>();
  const handler = new RequestHandler(options, calls);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const headers = headersOf(request);
    const problem = foreign(headers, address.port);
    if (problem === undefined) clock.run(() => handler.serve(request, headers, response));
    else {
      request.resume();
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ problem, message: problem }));
    }
  });
  const address = await listen(server, port);
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls: () => new Map(calls),
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}

const MISSIGNED =
  'The request signature we calculated does not match the signature you provided, or its time is over.';

class RequestHandler {
  readonly #options: FrontOptions;
  readonly #calls: Map<string, number>;
  readonly #services: ReadonlyMap<string, AwsService>;
  readonly #faults: Faults;
  #requests = 0;

  constructor(options: FrontOptions, calls: Map<string, number>) {
    this.#options = options;
    this.#calls = calls;
    this.#services = new Map(options.services.map((service) => [service.name, service]));
    this.#faults = options.faults ?? new Faults();
  }

  async serve(
    request: IncomingMessage,
    headers: Readonly<Record<string, string>>,
    response: ServerResponse,
  ): Promise<void> {
    this.#requests += 1;
    const requestId = requestIdOf(this.#requests);
    const body = await bodyOf(request);
    if (body === undefined) return;
    const { method = 'GET', url: path = '/' } = request;
    const scope = scopeOf(headers) ?? presigned(method, path);
    const signed: AwsRequest = {
      service: '',
      region: '',
      ...scope,
      method,
      path,
      headers,
      body,
      requestId,
    };
    try {
      const work =
        scope === undefined
          ? this.#plain({ method, path, headers, body }, requestId)
          : this.#signed(scope, signed);
      const answer = await work;
      if (answer === 'silent') await gone(response);
      else this.#send(response, requestId, answer);
    } catch (error) {
      // The service itself is broken: the caller sees a failure, and the clock's next `settled` throws the cause.
      this.#send(
        response,
        requestId,
        this.#refuse(signed, new AwsFault('InternalFailure', String(error), 500)),
      );
      throw error;
    }
  }

  async #plain(request: PlainRequest, requestId: string): Promise<AwsAnswer> {
    for (const route of this.#options.routes ?? []) {
      const answer = await route(request);
      if (answer !== undefined) return answer;
    }
    const message =
      'Request is missing Authentication Token: the local cloud finds service and caller by the signature of an AWS client';
    return refusal(
      request.headers,
      request.body,
      requestId,
      new AwsFault('MissingAuthenticationToken', message, 403),
    );
  }

  async #signed(scope: SigningScope, request: AwsRequest): Promise<AwsAnswer | 'silent'> {
    const { headers, body } = request;
    const service = this.#services.get(scope.service);
    const operation = service?.operationOf?.(request) ?? operationOf(headers, body, request.path);
    const counted = `${scope.service}:${operation}`;
    this.#calls.set(counted, (this.#calls.get(counted) ?? 0) + 1);
    if (service === undefined)
      return this.#refuse(request, unknownService(scope.service, [...this.#services.keys()]));
    const { region } = this.#options;
    const query = service.refuse === undefined && !('x-amz-target' in headers);
    if (scope.region !== region) return this.#refuse(request, wrongRegion(scope, region, !query));
    const { credentials, clock } = this.#options;
    const caller = credentials.lookup(
      scope.accessKeyId,
      scope.presigned?.sessionToken ?? headers['x-amz-security-token'],
    );
    if (typeof caller === 'string') return this.#refuse(request, unrecognized(caller, !query));
    if (
      scope.presigned !== undefined &&
      !isSignedBy(credentials.secretOf(scope.accessKeyId), request, clock.now())
    )
      return this.#refuse(request, new AwsFault('SignatureDoesNotMatch', MISSIGNED, 403));
    const call = { ...request, caller };
    const fault = this.#faults.meet(call, operation);
    if (fault === undefined) return service.handle(call);
    return fault === 'silent' ? fault : this.#refuse(request, fault);
  }

  #refuse(request: AwsRequest, fault: AwsFault): AwsAnswer {
    const { service, headers, body, requestId = '' } = request;
    return (
      this.#services.get(service)?.refuse?.(request, fault) ??
      refusal(headers, body, requestId, fault)
    );
  }

  #send(response: ServerResponse, requestId: string, answer: AwsAnswer): void {
    response.writeHead(answer.status, {
      ...answer.headers,
      // SDKs correct their clock by it, so it must be the cloud's.
      date: new Date(this.#options.clock.now()).toUTCString(),
      'x-amzn-requestid': requestId,
      'content-length': String(Buffer.byteLength(answer.body)),
    });
    response.end(answer.body);
  }
}

/**
 * Why a request seems to come from a foreign web page; undefined if it does not. The cloud listens only on loopback, but any page that
 * the developer has open may send requests there: through a host name of its own that resolves to 127.0.0.1 (the Host header shows it),
 * or across origins (the Origin header shows it; an AWS client sends none).
 */
export function foreign(
  { host = '', origin }: Readonly<Record<string, string>>,
  port: number,
): string | undefined {
  const name = /^(.*):(\d+)$/.exec(host) ?? [];
  // Names below .localhost are this machine's, whatever DNS says. The names that `isReached` knows are Amazon's, and serve no pages.
  const isOurs =
    (Number(name[2]) === port &&
      /^(?:127\.0\.0\.1|(?:[a-z0-9.-]+\.)?localhost)$/.test(name[1] ?? '')) ||
    isReached(host);
  if (!isOurs)
    return `the Host is ${JSON.stringify(host)}; the local cloud is at http://127.0.0.1:${port} alone`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `the Origin is ${JSON.stringify(origin)}; no page may ask but the cloud’s own`;
  return undefined;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}

/** The whole body; undefined if the client hung up before its end. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return undefined;
    throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Resolves when the client has hung up. */
function gone(response: ServerResponse): Promise<void> {
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', () => {
      resolve();
    });
  });
}

/** Throws `PortTaken` if another process listens on the port; 0 is always free. */
export async function assertPortFree(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** Another process listens on the port. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

function requestIdOf(ordinal: number): string {
  const hex = createHash('sha256').update(`request ${ordinal}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTaken(
              `port ${port} of 127.0.0.1 is taken: stop what runs there, or name another with --port (0: any free one)`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server.address() as AddressInfo);
    });
  });
}
