import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { sha256 } from '../../../aws/text.ts';
import { CALL_MS } from '../processes.ts';

export interface RecordedEngine extends AsyncDisposable {
  readonly url: string;
  /** Switches to the recorded answers, given after `CALL_MS`; the engine has nothing more to do. */
  replay(): void;
}

/** Starts a server in front of an engine; it writes each of the engine's answers into a directory. */
export async function startRecordedEngine(
  engineUrl: string,
  directory: string,
): Promise<RecordedEngine> {
  let isReplaying = false;
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    replay: () => {
      isReplaying = true;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = request.headers as Record<string, string>;
    const asked = await buffer(request);
    const path = join(directory, sha256(`${headers['x-amz-target'] ?? ''} ${asked.toString()}`));
    if (isReplaying) {
      const [answer] = await Promise.all([readFile(path), setTimeout(CALL_MS)]);
      response.writeHead(200, { 'content-type': TYPE }).end(answer);
      return;
    }
    const { host: _host, connection: _connection, ...others } = headers;
    const answered = await fetch(engineUrl, { method: 'POST', headers: others, body: asked });
    const answer = Buffer.from(await answered.arrayBuffer());
    if (answered.ok) await writeFile(path, answer);
    response.writeHead(answered.status, { 'content-type': TYPE }).end(answer);
  }
}

const TYPE = 'application/x-amz-json-1.0';
