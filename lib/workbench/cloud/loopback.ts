import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A small HTTP server on a free port of this machine. */
export interface Loopback extends AsyncDisposable {
  readonly url: string;
  /** Also breaks the connections that are still open. */
  readonly close: () => Promise<void>;
}

/** Serves `answer`, which gets each request with its whole body. Where it fails, the caller reads why, with status 500. */
export async function openLoopback(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => unknown,
): Promise<Loopback> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    text(request)
      .then((body) => answer(request, body, response))
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy(error as Error);
        else response.writeHead(500).end(String(error));
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = server[Symbol.asyncDispose]();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}
