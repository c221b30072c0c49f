import { Agent, request as plainRequest, type ClientRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { AgentOptions } from 'node:https';
import { CLIENT_SETTINGS } from './client-settings.ts';

export interface HttpCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Returns the answer, whatever its status. Rejects if there is none, with an error name or code that `SDK_ERRORS` knows. */
export type Send = (call: HttpCall) => Promise<HttpAnswer>;

/** Connections to one host at the same time, as many as the SDK opens. */
const WIDTH = 50;

/**
 * Posts over connections that are kept for the next call of any caller. `requestTimeout` runs from the call to the end of the answer,
 * `connectionTimeout` from when a connection is opened. Both are in milliseconds.
 */
export function connections(
  limits: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
  } = CLIENT_SETTINGS.requestHandler,
  options: AgentOptions = {},
): Send {
  const kept = { keepAlive: true, maxSockets: WIDTH, ...options };
  const [plain, tls] = [new Agent(kept), new TlsAgent(kept)];
  return ({ url, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(givenUp(signal));
        return;
      }
      const { hostname, port, pathname: path } = url;
      const post = { method: 'POST', hostname, port, path, headers };
      const request =
        url.protocol === 'https:'
          ? tlsRequest({ ...post, agent: tls })
          : plainRequest({ ...post, agent: plain });
      const end = (): void => {
        clearTimeout(limit);
        signal?.removeEventListener('abort', abort);
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
        request.destroy();
      };
      const abort = (): void => {
        if (signal !== undefined) fail(givenUp(signal));
      };
      const limit = setTimeout(() => {
        fail(late(`no answer of ${url.host} within ${limits.requestTimeout} ms`));
      }, limits.requestTimeout);
      signal?.addEventListener('abort', abort);
      limitConnecting(request, limits.connectionTimeout, () => {
        fail(late(`no connection to ${url.host} within ${limits.connectionTimeout} ms`));
      });
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          end();
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      // As a string, the body goes out in one packet with the headers.
      request.end(body);
    });
}

function limitConnecting(request: ClientRequest, milliseconds: number, tooLate: () => void): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return;
    const limit = setTimeout(tooLate, milliseconds);
    const clear = (): void => {
      clearTimeout(limit);
    };
    socket.once('connect', clear);
    socket.once('close', clear);
  });
}

/** Named as the SDK names it, like the error of `givenUp`. */
function late(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}

function givenUp({ reason }: AbortSignal): Error {
  const error = new Error('whoever called gave up', { cause: reason });
  return Object.assign(error, { name: 'AbortError' });
}
