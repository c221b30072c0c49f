import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { openLoopback, type Loopback } from '../../lib/workbench/cloud/loopback.ts';

const OUTPUTS = {
  WatchTableName: 'watch',
  AuditTableName: 'audit',
  RegistrationTopicArn: 'arn:aws:sns:us-east-1:999900001111:license-watcher-default-registration',
  SellerTopicArn: 'arn:aws:sns:us-east-1:999900001111:seller',
  SellerName: 'Meridian Software',
  SecurityContact: 'none',
  Products: 'scanner,viewer',
  Product1: '{"id":"scanner","name":"Scanner","contact":"a@seller.example"}',
  Product2: '{"id":"viewer","name":"Viewer","contact":"a@seller.example"}',
  ProductCodes: 'none',
  CheckFunctionName: 'checks',
  NoticeFunctionName: 'notices',
  RegistrationFunctionName: 'registrations',
};
const STACK_ID =
  'arn:aws:cloudformation:us-east-1:999900001111:stack/LicenseWatcher/8c0d3d50-0a7e-11f0-9d6a-0e2b9a1c2d3e';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line in a process of its own, and a server that it treats as a local cloud. */
export class SpawnedCommand {
  deployed = true;
  /** The calls to AWS; the unsigned requests for the local cloud's time are not among them. */
  readonly requested: {
    readonly service: string;
    readonly accessKeyId: string;
    readonly operation: string;
  }[] = [];
  /** DynamoDB's answer. */
  answer: (operation: string) => object = (operation) =>
    operation.endsWith('.DescribeTable')
      ? { Table: { ItemCount: 0, TableSizeBytes: 0 } }
      : { Items: [], Count: 0 };
  #server: Loopback | undefined;
  #directory = '';

  static async open(): Promise<SpawnedCommand> {
    const command = new SpawnedCommand();
    const server = await openLoopback(({ headers }, body, response) => {
      const [, accessKeyId = '', service = ''] =
        /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
      const operation = String(headers['x-amz-target'] ?? new URLSearchParams(body).get('Action'));
      if (service !== '') command.requested.push({ service, accessKeyId, operation });
      const answer = service === 'cloudformation' ? command.#stacks() : command.#items(operation);
      response.writeHead(answer.status).end(answer.body);
    });
    command.#server = server;
    command.#directory = await mkdtemp(join(tmpdir(), 'license-watcher-cli-'));
    await mkdir(join(command.#directory, '.license-watcher'));
    const local = {
      endpoint: server.url,
      region: 'us-east-1',
      sellerAccountId: '999900001111',
      credentials: { '999900001111': { accessKeyId: 'SELLERKEY', secretAccessKey: 'local' } },
      buyers: [],
    };
    await writeFile(join(command.#directory, '.license-watcher/local.json'), JSON.stringify(local));
    return command;
  }

  /** Writes a file of the process's home, which may name the address of the server. */
  async write(path: string, textOf: (url: string) => string): Promise<void> {
    const file = join(this.#directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, textOf(this.#server?.url ?? ''));
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await rm(this.#directory, { recursive: true });
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.#directory, path), 'utf8');
  }

  env: Readonly<Record<string, string>> = {};
  /** The process may write no file larger than this many kilobytes, as on a full disk. */
  mostKilobytes: number | undefined;

  start(...argv: string[]): ChildProcessByStdio<null, Readable, Readable> {
    const run = [resolve('node_modules/.bin/node'), resolve('bin/cli.ts'), ...argv];
    const limit = `ulimit -f ${this.mostKilobytes ?? 'unlimited'} && exec "$@"`;
    return spawn('bash', ['-c', limit, 'bash', ...run], {
      cwd: this.#directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The process must not find AWS settings of this machine.
      env: {
        ...{ PATH: process.env['PATH'], HOME: this.#directory, AWS_EC2_METADATA_DISABLED: 'true' },
        ...this.env,
      },
    });
  }

  /** Runs the command to its end and reads all of its output. */
  async run(...argv: string[]): Promise<Ended> {
    return ended(this.start(...argv));
  }

  #items(operation: string): { status: number; body: string } {
    return { status: 200, body: JSON.stringify(this.answer(operation)) };
  }

  /** AWS's answer in the query protocol's XML. */
  #stacks(): { status: number; body: string } {
    if (!this.deployed) {
      const words = 'Stack with id LicenseWatcher does not exist';
      return {
        status: 400,
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${words}</Message></Error></ErrorResponse>`,
      };
    }
    const outputs = Object.entries(OUTPUTS).map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    const stack = `<StackId>${STACK_ID}</StackId><StackName>LicenseWatcher</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join('')}</Outputs>`;
    return {
      status: 200,
      body: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    };
  }
}

export async function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
