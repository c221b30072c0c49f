import type { IncomingHttpHeaders } from 'node:http';
import { openLoopback } from '../../lib/workbench/cloud/loopback.ts';

export interface ReceivedCall {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The endpoint's answer: a status, perhaps with a Retry-After; `silent` never answers. */
export type Behavior =
  { readonly status: number; readonly retryAfter?: number } | 'silent' | 'hangs up';

/** A server on this machine that keeps the calls it receives. */
export interface RecordingEndpoint extends AsyncDisposable {
  readonly origin: URL;
  readonly received: ReceivedCall[];
  behavior: Behavior;
}

export async function openRecordingEndpoint(): Promise<RecordingEndpoint> {
  const received: ReceivedCall[] = [];
  const { url, close } = await openLoopback((request, body, response) => {
    const { method, url: path, headers } = request;
    received.push({ method, path, headers, body });
    const { behavior } = endpoint;
    if (behavior === 'hangs up') request.socket.destroy();
    if (typeof behavior === 'string') return;
    const { status, retryAfter } = behavior;
    const extra = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    response.writeHead(status, extra).end();
  });
  const endpoint: RecordingEndpoint = {
    ...{ origin: new URL(url), received, behavior: { status: 200 } },
    [Symbol.asyncDispose]: close,
  };
  return endpoint;
}
