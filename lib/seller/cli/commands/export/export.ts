import { type Command, Option } from 'commander';
import type { Extent, Filed } from '../../../../domain/ledger/archive.ts';
import { PRICES } from '../../../prices.ts';
import { AWS_COUNTS } from '../../aws-sentences.ts';
import { type AddCommand, collect } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveAccount } from '../../output/account.ts';
import { CommandFailure } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';
import { wrapped } from '../../output/text.ts';
import { csvLines, jsonLines, rowsOf } from './formats.ts';
import { readPlanned, type ExportPlan, exportPlan, type PlanOptions, sinceOf } from './plan.ts';
import { jsonText } from '../../../../domain/outside-text.ts';

export const addExport: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('export')
    .description('All that was recorded and told, as JSON lines or for a spreadsheet.')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('jsonl'))
    .option('--since <when>', 'what was seen since: 30d, 2027-01-01 (UTC), or an instant')
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--account <account>', 'only this buyer, by AWS account ID or whole name')
    .option('--dry-run', 'say what would be read and what that costs, and stop')
    .option('--json', 'the same as --format jsonl')
    .addHelpText('after', HELP)
    .action((options: ExportOptions & { readonly json?: boolean }, command: Command) => {
      if (options.since !== undefined) sinceOf(options.since, io);
      const format = options.json === true ? 'jsonl' : options.format;
      return withWatcher(command, async (watcher) => {
        const account =
          options.account === undefined
            ? {}
            : { account: await resolveAccount(options.account, watcher) };
        return exportLedgers({ ...options, ...account, format }, watcher, io);
      });
    });
};

const HELP = `
Without --since, --product or --account the whole audit table is scanned; what
that reads and costs is said before it begins. All else is queried. Ledgers are
written oldest first; of a scan, and between products, in no order.

jsonl: one line for each thing, told apart by "kind".
  version, reminder  an entry, as it was sealed: without the member "hash" at
                     its end the line is what the hash (SHA-256) is of, byte
                     for byte, and "previousHash" is that of the entry before
  delivery           an entry was told: to whom, when, as which SNS message;
                     textHash is of subject, line feed, text
  unreadable         written by a later version, or meddled with: as it is
An entry by itself, without this program (one line in entry.json):
  $ sed 's/,"hash":"[0-9a-f]*"}$/}/' entry.json | tr -d '\\n' | sha256sum

csv: one row for each entry, for spreadsheets: RFC 4180, UTF-8 with a byte
order mark. The columns:
  contract, account, buyerName, product, productName, entry, observedAt,
  effectiveAt, standing, verdict, end, changes, before, after, reason,
  toldBuyerAt, toldSellerAt, askedSellerAt (to tell a buyer whom our mail did
  not reach), hash, problem (of what cannot be read)
Columns are only added, at the end. Times are UTC. No text can act as a
formula: one that begins with = + - @ has an apostrophe before it, semicolons
are commas. Spreadsheets drop the zeros an account begins with; "contract" has
them. For machines and for proof take jsonl.

Examples:
  $ license-watcher export --dry-run
  $ license-watcher export > everything.jsonl
  $ license-watcher export --format csv --since 30d > month.csv
  $ license-watcher export --account 111122223333 --product scanner`;

const FORMATS = ['jsonl', 'csv'] as const;

interface ExportOptions extends PlanOptions {
  readonly format: (typeof FORMATS)[number];
  readonly dryRun?: boolean;
}

/** Writes ledgers to standard output, no faster than they are taken. */
async function exportLedgers(options: ExportOptions, watcher: Watcher, io: Io): Promise<void> {
  const selection = await exportPlan(options, watcher, io);
  const cost = selection.kind === 'everything' ? scanCost(await watcher.archive.extent()) : null;
  io.stderr(`${announcement(selection, cost).join('\n')}\n`);
  if (options.dryRun === true) {
    if (options.format === 'jsonl')
      io.stdout(`${jsonText({ reads: selection.kind, scan: cost })}\n`);
    return;
  }
  const count = new Count();
  const filed = count.counted(readPlanned(selection, watcher, io));
  const lines = options.format === 'csv' ? csvLines(rowsOf(filed)) : jsonLines(filed);
  try {
    await writeLines(lines, () => count.words(), io);
  } catch (error) {
    io.stderr(`The export is incomplete: it ended after ${count.words()}.\n`);
    throw error;
  }
  if (io.interrupted.aborted) {
    throw new CommandFailure(
      `interrupted: the export is incomplete, it ended after about ${count.words()}`,
    );
  }
  io.stderr(`${count.words()}.\n`);
}

/** Counts what passes by. */
class Count {
  #entries = 0;
  #facts = 0;
  #unreadable = 0;

  async *counted(filed: AsyncIterable<Filed>): AsyncIterable<Filed> {
    for await (const each of filed) {
      if (each.kind === 'entry') this.#entries += 1;
      else if (each.kind === 'fact') this.#facts += 1;
      else this.#unreadable += 1;
      yield each;
    }
  }

  words(): string {
    const [entries, facts] = [this.#entries, this.#facts].map((count) =>
      count.toLocaleString('en-US'),
    );
    const unreadable =
      this.#unreadable === 0 ? '' : `, ${this.#unreadable} that cannot be read: see "problem"`;
    return `${entries ?? ''} ${this.#entries === 1 ? 'entry' : 'entries'}, ${facts ?? ''} ${this.#facts === 1 ? 'fact' : 'facts'} of delivery${unreadable}`;
  }
}

/** What a scan of the whole table comes to. */
interface ScanCost {
  readonly items: number;
  readonly bytes: number;
  readonly readUnits: number;
  readonly dollars: number;
}

const KB = 1024;

/** A scan is paid by what it reads: half a read unit for each 4 KB, as it need not be consistent. */
function scanCost({ items, bytes }: Extent): ScanCost {
  const readUnits = Math.ceil(bytes / (4 * KB)) / 2;
  return { items, bytes, readUnits, dollars: readUnits * PRICES.dynamoDbReadUnit };
}

/** What is about to be read. `cost`: of the scan, where it is one. */
function announcement(selection: ExportPlan, cost: ScanCost | null): readonly string[] {
  if (cost !== null) return wrapped(scanWords(cost));
  switch (selection.kind) {
    case 'everything':
      return [];
    case 'ledgers': {
      const { contracts, since } = selection;
      const from = since === null ? '' : `, and leaves out what was seen before ${timeText(since)}`;
      return wrapped(
        `This queries ${contracts.length} ledger${contracts.length === 1 ? '' : 's'}${from}; no scan.`,
      );
    }
    case 'since': {
      const products = selection.productIds.join(', ');
      return wrapped(
        `This queries the index by product and month since ${timeText(selection.since)} for ${products === '' ? 'no product' : products}, and the facts of delivery of each entry found; no scan.`,
      );
    }
  }
}

function scanWords({ items, bytes, readUnits, dollars }: ScanCost): string {
  return `This scans the whole audit table: ${number(items)} items, ${size(bytes)}, ${AWS_COUNTS}. That takes about ${number(readUnits)} read request units, $${money(dollars)} at the list price of us-east-1 ($${(PRICES.dynamoDbReadUnit * 1e6).toString()} per million). With --since, --product or --account it is no scan.`;
}

function number(value: number): string {
  return Math.ceil(value).toLocaleString('en-US');
}

function size(bytes: number): string {
  if (bytes < KB * KB) return `${number(bytes / KB)} KB`;
  return `${(bytes / KB / KB).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

/** Never `0.00` for what costs something. */
function money(dollars: number): string {
  return dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : dollars.toFixed(6);
}

/** Written at once, in characters: what a pipe takes in one go. */
const CHUNK = 64 * 1024;

/** Where both go to a terminal, lines would stand behind the words on how far it is. */
const CLEAR = '\r\u001b[K';

/** Milliseconds between two words on how far it is. */
const OFTEN_ENOUGH = 200;

/**
 * Writes text that comes in whole lines, no faster than it is taken, and ends with whole lines, whatever ends it. `done`: how
 * far it is, in words.
 */
async function writeLines(lines: AsyncIterable<string>, done: () => string, io: Io): Promise<void> {
  let chunk = '';
  let lastShown = io.now();
  try {
    for await (const line of lines) {
      if (io.interrupted.aborted) return;
      chunk += line;
      if (chunk.length < CHUNK) continue;
      await flush();
      advance();
    }
  } finally {
    await flush();
    if (io.progress) io.stderr(CLEAR);
  }

  async function flush(): Promise<void> {
    if (chunk === '') return;
    if (io.progress) io.stderr(CLEAR);
    io.stdout(chunk);
    chunk = '';
    await io.drained();
  }

  function advance(): void {
    if (!io.progress || io.now() - lastShown < OFTEN_ENOUGH) return;
    lastShown = io.now();
    io.stderr(`\r${done()}\u001b[K`);
  }
}
