import { Agent, request } from 'node:http';
import { AwsFault } from '../fault.ts';
import type { Engine } from './engine.ts';

export interface EngineAnswer {
  readonly status: number;
  readonly body: string;
}

/** Closes a connection after 10 idle seconds: DynamoDB Local closes it after 30, perhaps just as a call starts. */
const AGENT = new Agent({ keepAlive: true, timeout: 10_000 });

/** The local cloud's own client of the engine, which holds the tables of all accounts side by side. */
export class EngineClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, accessKeyId }: Pick<Engine, 'url' | 'accessKeyId'>) {
    this.#url = url;
    // Engines check the form of the signature, not its value. DynamoDB Local accepts only letters and digits in the key.
    this.#headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=local`,
    };
  }

  /** Uses `node:http` because every call to a table passes here, and `fetch` takes twice as much CPU (measured). */
  send(operation: string, input: object): Promise<EngineAnswer> {
    const headers = { ...this.#headers, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    return new Promise((resolve, reject) => {
      request(this.#url, { method: 'POST', headers, agent: AGENT }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
        });
      })
        .on('error', reject)
        .end(JSON.stringify(input));
    });
  }

  /** Sends a call of the local cloud's own and throws an error of the engine. */
  async require(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const { status, body } = await this.send(operation, input);
    if (status === 200) return JSON.parse(body) as Readonly<Record<string, unknown>>;
    const { __type: type = 'InternalServerError', message } = JSON.parse(body) as {
      __type?: string;
      message?: string;
    };
    throw new AwsFault(type.replace(/^.*#/, ''), message ?? body, status);
  }

  /** Resolves when the table and its indexes are usable: DynamoDB Local fills a new index in the background. */
  async active(tableName: string): Promise<void> {
    let failure: unknown;
    for (let attempt = 0; attempt < ACTIVE_ATTEMPTS; attempt += 1) {
      try {
        const answer = await this.require('DescribeTable', { TableName: tableName });
        const { Table: table } = answer as unknown as Described;
        const pending = (table.GlobalSecondaryIndexes ?? []).some(
          ({ IndexStatus: status }) => status !== 'ACTIVE',
        );
        if (table.TableStatus === 'ACTIVE' && !pending) return;
      } catch (error) {
        // Until then it may answer InternalFailure (seen once, on a busy machine).
        if (!(error instanceof AwsFault) || error.status < 500) throw error;
        failure = error;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(
      `the engine has not made ${tableName} ready in ${ACTIVE_ATTEMPTS} looks, 10 ms apart`,
      { cause: failure },
    );
  }
}

const ACTIVE_ATTEMPTS = 1000;

interface Described {
  readonly Table: {
    readonly TableStatus: string;
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexStatus: string }[];
  };
}
