import { request, type IncomingMessage } from 'node:http';
import type { ApiDestination, Connection } from './api-destinations.ts';

/** "A maximum client execution timeout of 5 seconds" (user guide), in the machine's time: a call in flight holds the cloud's time. */
const TIMEOUT_MS = 5_000;

/** A failed call, as EventBridge sees it. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
  readonly isTransient: boolean;
  /** The endpoint's Retry-After in seconds. */
  readonly retryAfter?: number;
}

/** Host names and the servers on this machine that stand for them: the local cloud calls nothing beyond this machine. */
export type Hosts = ReadonlyMap<string, URL>;

/**
 * Calls the endpoint of an API destination with plain HTTP, at the server that `hosts` has for it. A status of 2xx is a delivery. The user
 * guide says which others are retried ("API destination error codes": 401, 407, 409, 429 and 5xx; until 2023 only the last two).
 */
export async function callEndpoint(
  { endpoint }: ApiDestination,
  { headers }: Connection,
  body: string,
  {
    hosts,
    timeoutMs = TIMEOUT_MS,
  }: { readonly hosts: Hosts; readonly timeoutMs?: number | undefined },
): Promise<CallFailure | undefined> {
  const origin = hosts.get(endpoint.hostname);
  const unreachable = failure(
    'SDK_CLIENT_ERROR',
    'API destination endpoint cannot be reached.',
    true,
  );
  if (origin === undefined) return unreachable;
  try {
    const { status, retryAfter } = await answerTo(endpoint, origin, headers, body, timeoutMs);
    if (status >= 200 && status < 300) return undefined;
    const isTransient = [401, 407, 409, 429].includes(status) || status >= 500;
    const refusal = failure('SDK_CLIENT_ERROR', `the endpoint answered ${status}`, isTransient);
    return { ...refusal, ...(retryAfter !== undefined && { retryAfter }) };
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      return failure(
        'UNKNOWN',
        'Timeout calling endpoint for API Destination: socket closed.',
        true,
      );
    return unreachable;
  }
}

function failure(code: string, reason: string, isTransient: boolean): CallFailure {
  return { code, message: `Unable to invoke ApiDestination endpoint: ${reason}`, isTransient };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: number | undefined;
}

function answerTo(
  endpoint: URL,
  origin: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(endpoint.pathname + endpoint.search, origin),
      {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        // The user guide, "Headers included in requests to API destinations".
        headers: {
          'User-Agent': 'Amazon/EventBridge/ApiDestinations',
          'Content-Type': 'application/json; charset=utf-8',
          Range: 'bytes=0-1048575',
          'Accept-Encoding': 'gzip,deflate',
          Connection: 'close',
          'Content-Length': String(Buffer.byteLength(body)),
          Host: endpoint.host,
          ...headers,
        },
      },
      (answer) => {
        answer.resume();
        answer.once('end', () => {
          resolve({ status: answer.statusCode ?? 0, retryAfter: retryAfterOf(answer) });
        });
        answer.once('error', reject);
      },
    );
    call.once('error', (error) => {
      reject(error.name === 'AbortError' && error.cause instanceof Error ? error.cause : error);
    });
    call.end(body);
  });
}

/** The Retry-After header in seconds; undefined for a date, which is not read. */
function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && headers['retry-after'] !== '' ? seconds : undefined;
}
