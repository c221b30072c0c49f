import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const OUTPUTS = {
  WatchTableName: 'watch',
  AuditTableName: 'audit',
  RegistrationTopicArn: 'arn:aws:sns:us-east-1:999900001111:license-watcher-default-registration',
  Products: 'scanner,viewer',
  CheckFunctionName: 'checks',
  NoticeFunctionName: 'notices',
  RegistrationFunctionName: 'registrations',
};
const STACK_ID =
  'arn:aws:cloudformation:us-east-1:999900001111:stack/LicenseWatcher/8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e';

let directory: string;
let server: Server;
let deployed: boolean;
let asked: { service: string; accessKeyId: string; operation: string }[];

beforeEach(async () => {
  deployed = true;
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const [, accessKeyId = '', service = ''] =
        /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
      const operation = String(request.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action'));
      asked.push({ service, accessKeyId, operation });
      const answer = service === 'cloudformation' ? describeStacks() : { status: 200, body: '{"Items":[],"Count":0}' };
      response.writeHead(answer.status).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  directory = await mkdtemp(join(tmpdir(), 'license-watcher-cli-'));
  await mkdir(join(directory, '.license-watcher'));
  const local = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    sellerAccountId: '999900001111',
    credentials: { '999900001111': { accessKeyId: 'SELLERKEY', secretAccessKey: 'local' } },
    buyers: [],
  };
  await writeFile(join(directory, '.license-watcher/local.json'), JSON.stringify(local));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

/** As AWS answers: the query protocol's XML. */
function describeStacks(): { status: number; body: string } {
  if (!deployed) {
    const words = 'Stack with id LicenseWatcher does not exist';
    return {
      status: 400,
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${words}</Message></Error></ErrorResponse>`,
    };
  }
  const outputs = Object.entries(OUTPUTS).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackId>${STACK_ID}</StackId><StackName>LicenseWatcher</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join('')}</Outputs>`;
  return {
    status: 200,
    body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
}

async function run(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(resolve('node_modules/.bin/node'), [resolve('bin/cli.ts'), ...argv], {
    cwd: directory,
    // Nothing of this machine's AWS settings, and nowhere to look for any.
    env: { PATH: process.env['PATH'], HOME: directory, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('the command as a process', () => {
  it('finds the watcher by its stack and reads its table, as the seller of the local cloud', async () => {
    expect(await run('buyers', '--json', '--local')).toEqual({ code: 0, out: '[]\n', err: '' });
    expect(asked[0]).toEqual({ service: 'cloudformation', accessKeyId: 'SELLERKEY', operation: 'DescribeStacks' });
    expect(asked.slice(1).every(({ service }) => service === 'dynamodb')).toBe(true);
    expect(asked.length).toBeGreaterThan(1);
  });

  it('says where it looked when there is none', async () => {
    deployed = false;
    const { code, out, err } = await run('buyers', '--local');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('no stack LicenseWatcher in us-east-1 of this account: deploy it with "npx cdk deploy"');
  });

  it('knows the products by the stack, and ends with 2 when misused', async () => {
    const { code, err } = await run('invite', '111122223333', '--name', 'x', '--product', 'y', '--local');
    expect(code).toBe(2);
    expect(err).toContain('this watcher watches scanner, viewer');
  });
});
