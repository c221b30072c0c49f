import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { createLicenseManager } from './license-manager.ts';
import type { LicenseManager } from './license-manager.ts';

export interface ServeSettings {
  /** 0: any free one. */
  readonly port?: number;
  /** Which account an access key ID belongs to. Absent: an ID of twelve digits is the account itself. */
  readonly credentials?: Readonly<Record<string, string>>;
}

export interface ServedLicenseManager {
  readonly url: string;
  close(): Promise<void>;
}

/** Of a SigV4 header: `Credential=AKID/20270201/us-east-1/license-manager/aws4_request`. Nothing is verified. */
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Serves the stand-in alone on loopback, for any AWS client: `aws --endpoint-url <url> license-manager ...`. */
export async function serveLicenseManager(
  licenseManager: LicenseManager,
  { port = 0, credentials }: ServeSettings = {},
): Promise<ServedLicenseManager> {
  const server = createServer((request, response) => {
    answer(licenseManager, credentials, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new Error(
          `port ${port} of 127.0.0.1 can not be served: ${error.message}. Give another, or 0 for any`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the stand-in does not listen on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  licenseManager: LicenseManager,
  credentials: ServeSettings['credentials'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [, accessKeyId = '', region = ''] =
    CREDENTIAL.exec(request.headers.authorization ?? '') ?? [];
  const accountId = accountOf(accessKeyId, credentials);
  if (accountId === undefined) {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(accessKeyId === '' ? UNSIGNED : unknownKey(accessKeyId)));
    return;
  }
  const { status, headers, body } = await licenseManager.handle({
    target: request.headers['x-amz-target']?.toString(),
    contentType: request.headers['content-type'],
    body: Buffer.concat(chunks).toString(),
    accountId,
    region,
  });
  response.writeHead(status, headers);
  response.end(body);
}

const UNSIGNED = {
  __type: 'MissingAuthenticationTokenException',
  Message: 'Request is missing Authentication Token',
};

function unknownKey(accessKeyId: string): Record<string, string> {
  return {
    __type: 'UnrecognizedClientException',
    Message: `The security token included in the request is invalid: no account has the access key ID '${accessKeyId}'`,
  };
}

function accountOf(
  accessKeyId: string,
  credentials: ServeSettings['credentials'],
): string | undefined {
  if (credentials !== undefined) return new Map(Object.entries(credentials)).get(accessKeyId);
  return /^\d{12}$/.test(accessKeyId) ? accessKeyId : undefined;
}

/** `node lib/workbench/license-manager/serve.ts [port]`, by the machine's clock; see `credentials` for who is who. */
async function main(port: number): Promise<void> {
  const served = await serveLicenseManager(createLicenseManager({ now: Date.now }), { port });
  process.stdout.write(`License Manager's stand-in listens on ${served.url}\n`);
}

if (import.meta.main) await main(Number(process.argv[2] ?? 0));
