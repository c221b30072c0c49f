import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../../domain/time.ts';
import { startEngine } from '../../cloud/dynamodb/engine.ts';
import { measurePage, type PageFigures } from '../report/measure.ts';
import type { CommandOrder, CommandReport } from './give-command.ts';
import { fillStore, type Filled } from './store.ts';

export interface SellerFigures extends Filled {
  readonly commands: readonly (CommandReport & { readonly command: string })[];
  readonly reportBytes: number;
  /** Undefined: there is no Chromium on this machine. */
  readonly page: PageFigures | undefined;
}

const BUYERS = 10_000;
const NOW = '2027-01-18T00:00:00Z' as Instant;

/** `REPORT` stands for a file of this run. */
const COMMANDS: readonly string[] = [
  'buyers',
  'contracts',
  'contracts --ends-within 30d',
  'changes',
  'report -o REPORT',
  'verify',
  'export --since 30d',
  'export',
  'redeliver --dry-run',
  'doctor',
];

/** Fills tables in an engine and gives each command in a process of its own. Takes a quarter of an hour. */
export async function measureSeller(say: (line: string) => void): Promise<SellerFigures> {
  const engine = await startEngine();
  const directory = await mkdtemp(join(tmpdir(), 'license-watcher-seller-'));
  try {
    const { url: endpoint, accessKeyId } = engine;
    const client = new DynamoDBClient({
      ...{ endpoint, region: 'us-east-1' },
      credentials: { accessKeyId, secretAccessKey: 'secret' },
    });
    say(`writing ${BUYERS} buyers with two years of history`);
    const filled = await fillStore(client, { buyers: BUYERS, now: NOW });
    client.destroy();
    const report = join(directory, 'report.html');
    const commands = [];
    for (const command of COMMANDS) {
      say(`license-watcher ${command}`);
      const argv = command.split(' ').map((word) => (word === 'REPORT' ? report : word));
      const now = Date.parse(NOW);
      commands.push({ command, ...(await run({ argv, endpoint, accessKeyId, now })) });
    }
    const html = await readFile(report, 'utf8');
    return {
      ...filled,
      commands,
      reportBytes: Buffer.byteLength(html),
      page: await measurePage(html),
    };
  } finally {
    await engine.stop();
    await rm(directory, { recursive: true });
  }
}

function run(order: CommandOrder): Promise<CommandReport> {
  const child = fork(join(import.meta.dirname, 'commanded.ts'), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once('message', (report: CommandReport) => {
      resolve(report);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(
        new Error(`the command ended (${signal ?? String(code)}) without a report: ${errors}`),
      );
    });
  });
}
