import { fork } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../../domain/time.ts';
import { startEngine } from '../../cloud/dynamodb/engine.ts';
import { reportOf } from '../invocation.ts';
import { measurePage, type PageFigures } from '../report/measure.ts';
import type { CommandOrder, CommandReport } from './give-command.ts';
import { startRecordedEngine } from './recorded-engine.ts';
import { fillStore, type Filled } from './store.ts';

/** What a command took: CPU, memory and waits with recorded answers, and the time with an engine that works on the same machine. */
export interface SellerCommand extends CommandReport {
  readonly command: string;
  readonly engineWallMs: number;
}

export interface SellerFigures extends Filled {
  readonly commands: readonly SellerCommand[];
  readonly reportBytes: number;
  /** Undefined if there is no Chromium on this machine. */
  readonly page: PageFigures | undefined;
}

/** The number of buyers in the budget. */
export const BUYERS = 10_000;
const NOW = '2027-01-18T00:00:00Z' as Instant;

/** The commands to measure; `REPORT` stands for a file of this run. */
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

/** Fills tables in an engine and runs each command twice, in a process of its own. At the budget's size it takes half an hour. */
export async function measureSeller(
  buyers: number,
  say: (line: string) => void,
): Promise<SellerFigures> {
  const engine = await startEngine();
  const directory = await mkdtemp(join(tmpdir(), 'license-watcher-seller-'));
  try {
    const { url: endpoint, accessKeyId } = engine;
    const client = new DynamoDBClient({
      ...{ endpoint, region: 'us-east-1' },
      credentials: { accessKeyId, secretAccessKey: 'secret' },
    });
    say(`writing ${buyers} buyers with two years of history`);
    const filled = await fillStore(client, { buyers, now: NOW });
    client.destroy();
    const report = join(directory, 'report.html');
    const commands: SellerCommand[] = [];
    for (const command of COMMANDS) {
      say(`license-watcher ${command}`);
      const argv = command.split(' ').map((word) => (word === 'REPORT' ? report : word));
      const answers = join(directory, 'answers');
      await mkdir(answers);
      await using server = await startRecordedEngine(endpoint, answers, filled.bytes);
      const order = { argv, endpoint: server.url, accessKeyId, now: Date.parse(NOW) };
      const recorded = await run(order);
      server.replay();
      const replayed = await run(order);
      // A command that fails is quick: it ends sooner than what it was asked for.
      for (const { code, outBytes, err } of [recorded, replayed])
        if (code !== (command === 'doctor' ? 1 : 0) || outBytes !== recorded.outBytes)
          throw new Error(
            `license-watcher ${command} ended with ${code} after ${outBytes} bytes, at first after ${recorded.outBytes}: ${err}`,
          );
      commands.push({ command, engineWallMs: recorded.wallMs, ...replayed });
      say(
        `  ${(replayed.wallMs / 1_000).toFixed(1)} s, ${(replayed.cpuMs / 1_000).toFixed(1)} s of CPU`,
      );
      await rm(answers, { recursive: true });
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
  const report = reportOf<CommandReport>(child, 'the command');
  child.send(order);
  return report;
}
