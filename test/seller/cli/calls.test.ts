import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instant } from '../../../lib/domain/time.ts';
import {
  type CommandReport,
  giveCommand,
} from '../../../lib/workbench/bench/seller/give-command.ts';
import { fillStore } from '../../../lib/workbench/bench/seller/store.ts';
import { type Engine, startEngine } from '../../../lib/workbench/cloud/dynamodb/engine.ts';
import { Terminal } from '../../support/terminal.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const NOW = '2027-01-18T00:00:00Z' as Instant;
const [FEW, MANY] = [4, 64];

/** Engines with so many buyers. */
const engines = new Map<number, Engine>();
beforeAll(async () => {
  for (const buyers of [FEW, MANY]) {
    const engine = await startEngine();
    engines.set(buyers, engine);
    const { url: endpoint, accessKeyId } = engine;
    const credentials = { accessKeyId, secretAccessKey: 'secret' };
    const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
    await fillStore(client, { buyers, now: NOW });
  }
});
afterAll(() => Promise.all([...engines.values()].map((engine) => engine.stop())));

const given = new Map<string, Promise<CommandReport>>();

/** Each command once: it changes nothing. */
function give(command: string, buyers: number): Promise<CommandReport> {
  const { url: endpoint, accessKeyId } = engines.get(buyers)!;
  const argv =
    command === 'report' ? [command, '-o', `${temporaryDirectory()}/r.html`] : command.split(' ');
  const order = { argv, endpoint, accessKeyId, now: Date.parse(NOW) };
  const key = `${command} of ${buyers}`;
  const report = given.get(key) ?? giveCommand(order);
  given.set(key, report);
  return report;
}

describe('a command over all buyers', () => {
  const OVER_ALL = [
    'buyers',
    'contracts',
    'contracts --ends-within 30d',
    'agreements',
    'calendar',
    'changes',
    'changes --since 2y',
    'report',
    'verify',
    'export',
    'export --since 30d',
    'export --since 2y --product suite',
    'redeliver --dry-run',
    'doctor',
  ];

  it.each(OVER_ALL)('asks not once per buyer, and says what it read: %s', async (command) => {
    const [few, many] = [await give(command, FEW), await give(command, MANY)];
    // Of this deployment nothing but its tables is there to be examined.
    expect(many.code).toBe(command === 'doctor' ? 1 : 0);
    expect(many.outBytes + many.err.length).toBeGreaterThan(100);
    // 60 buyers more are some pages more, of 1 MB each.
    expect(many.reads.calls - few.reads.calls).toBeLessThan(20);
    if (many.reads.scans > 0)
      expect(many.err).toMatch(/Read [\d,]+ read request units in [\d,]+ calls?/);
  });

  it('says in its help that it scans, where it does and nowhere else', async () => {
    const terminal = new Terminal();
    for (const command of OVER_ALL) {
      const [name = '', ...rest] = command.split(' ');
      const { reads } = await give(command, FEW);
      if (rest.length > 0 && reads.scans === 0) continue;
      await terminal.run(name, '--help');
      expect(/\bscan/i.test(terminal.out), name).toBe(reads.scans > 0);
    }
  });

  it('tries of many buyers a sample and who looks ill, all if asked to', async () => {
    const [some, all] = [await give('doctor', MANY), await give('doctor --all', MANY)];
    expect(all.invocations).toBeGreaterThan(50);
    expect(some.invocations).toBeGreaterThanOrEqual(20);
    expect(some.invocations).toBeLessThan(all.invocations - 10);
  });
});
