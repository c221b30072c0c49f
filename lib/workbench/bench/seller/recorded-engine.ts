import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { sha256 } from '../../../aws/text.ts';
import { openLoopback, type Loopback } from '../../cloud/loopback.ts';
import { CALL_MS } from '../processes.ts';

export interface RecordedEngine extends Loopback {
  /** Switches to the recorded answers, given after `CALL_MS`; the engine has nothing more to do. */
  replay(): void;
}

/**
 * Starts a server in front of an engine; it writes each of the engine's answers into a directory. `bytes`: the sizes of the tables as
 * DynamoDB would say them. The engine says 0, and a command reads a large table in more segments than a small one.
 */
export async function startRecordedEngine(
  engineUrl: string,
  directory: string,
  bytes: Readonly<Record<string, number>>,
): Promise<RecordedEngine> {
  let isReplaying = false;
  const server = await openLoopback(async (request, asked, response) => {
    const headers = request.headers as Record<string, string>;
    const path = join(directory, sha256(`${headers['x-amz-target'] ?? ''} ${asked}`));
    if (isReplaying) {
      const [answer] = await Promise.all([readFile(path), setTimeout(CALL_MS)]);
      response.writeHead(200, { 'content-type': TYPE }).end(answer);
      return;
    }
    const { host: _host, connection: _connection, ...others } = headers;
    const answered = await fetch(engineUrl, { method: 'POST', headers: others, body: asked });
    const said = Buffer.from(await answered.arrayBuffer());
    const isDescription = headers['x-amz-target']?.endsWith('.DescribeTable') === true;
    const answer = isDescription ? sized(said.toString(), bytes) : said;
    if (answered.ok) await writeFile(path, answer);
    response.writeHead(answered.status, { 'content-type': TYPE }).end(answer);
  });
  return {
    ...server,
    replay: () => {
      isReplaying = true;
    },
  };
}

function sized(description: string, bytes: Readonly<Record<string, number>>): string {
  const { Table } = JSON.parse(description) as { Table: { TableName: string } };
  return JSON.stringify({ Table: { ...Table, TableSizeBytes: bytes[Table.TableName] } });
}

const TYPE = 'application/x-amz-json-1.0';
