import { type Command, Option } from 'commander';
import type { Extent, Filed } from '../../../ledger/archive.ts';
import { counted, number, several } from '../../../../mail/dates.ts';
import { PRICES } from '../../../prices.ts';
import { AWS_COUNTS } from '../../aws-sentences.ts';
import { type AddCommand, collect } from '../../command.ts';
import type { Io, Watcher } from '../../io.ts';
import { resolveAccount } from '../../output/account.ts';
import { CommandFailure } from '../../output/failure.ts';
import { timeText } from '../../output/moment.ts';
import { type Progress, progressOf } from '../../output/progress.ts';
import { money } from '../../output/read-words.ts';
import { wrapped } from '../../output/text.ts';
import { csvLines, jsonLines, rowsOf } from './formats.ts';
import { readPlanned, type ExportPlan, exportPlan, type PlanOptions, sinceOf } from './plan.ts';
import { cleanText, jsonText } from '../../../../domain/outside-text.ts';

export const addExport: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('export')
    .description('Everything recorded and told, as JSON lines or for a spreadsheet.')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('jsonl'))
    .option('--since <when>', 'only what was seen since: 30d, 2027-01-01 (UTC), or an instant')
    .option('--product <id>', 'only this product; again for several', collect)
    .option('--account <account>', 'only this buyer, by AWS account ID or full name')
    .option('--dry-run', 'only say what would be read and what that costs')
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
Without --account the whole audit table is scanned, even with --since and
--product, which only filter what was read. The command first says what that
reads and costs. With --account the ledgers of that buyer are queried. Each
ledger is written oldest first; the ledgers of a scan come in no order.

jsonl: one line for each record, distinguished by "kind".
  version, reminder, an entry, as it was sealed: without the member "hash" at
  note               its end, the line is byte for byte what the hash (SHA-256)
                     covers; "previousHash" is the hash of the entry before
  delivery           an entry was told: to whom, when, as which SNS message;
                     textHash covers subject, line feed, text
  unreadable         written by a later version, or altered: as it is
An entry by itself, without this program (one line in entry.json):
  $ sed 's/,"hash":"[0-9a-f]*"}$/}/' entry.json | tr -d '\\n' | sha256sum

csv: one row for each entry, for spreadsheets: RFC 4180, UTF-8 with a byte
order mark. The columns:
  contract, account, buyerName, product, productName, entry, observedAt,
  effectiveAt, standing, verdict, end, changes, before, after, reason,
  toldBuyerAt, toldSellerAt, askedSellerAt (to tell a buyer whom our mail did
  not reach), hash, problem (why a record cannot be read)
Columns are only added, at the end. Times are UTC. No text can act as a
formula: a text that begins with = + - @ gets an apostrophe before it, and
semicolons become commas. Spreadsheets drop an account's leading zeros;
"contract" keeps them. For machines and for proof use jsonl.

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

/** Writes ledgers to standard output, no faster than they are taken from it. */
async function exportLedgers(options: ExportOptions, watcher: Watcher, io: Io): Promise<void> {
  const selection = await exportPlan(options, watcher, io);
  const extent = selection.kind === 'everything' ? await watcher.archive.extent() : null;
  const cost = extent && scanCost(extent);
  io.stderr(`${announcement(selection, cost).join('\n')}\n`);
  if (options.dryRun === true) {
    if (options.format === 'jsonl')
      io.stdout(`${jsonText({ reads: selection.kind, scan: cost })}\n`);
    return;
  }
  const count = new Count();
  const progress = progressOf('items', extent?.items, io);
  const filed = count.counted(readPlanned(selection, watcher, progress.advance));
  const lines = options.format === 'csv' ? csvLines(rowsOf(filed)) : jsonLines(filed);
  try {
    await writeLines(lines, progress, io);
  } catch (error) {
    io.stderr(`The export is incomplete: it ended after ${count.words()}.\n`);
    throw error;
  }
  if (io.interrupted.aborted) {
    throw new CommandFailure(
      `interrupted: the export is incomplete, it ended after about ${count.words()}`,
    );
  }
  if (count.problems.length > 0)
    throw new CommandFailure(`exported ${count.words()}. ${count.problems.join('; ')}`);
  io.stderr(`${count.words()}.\n`);
}

/** The most problems of records that are printed. */
const MOST_NAMED = 10;

/** Counts what passes through it. */
class Count {
  #entries = 0;
  #facts = 0;
  #unreadable = 0;
  /** What is wrong with the first records that cannot be read. */
  readonly problems: string[] = [];

  async *counted(filed: AsyncIterable<Filed>): AsyncIterable<Filed> {
    for await (const each of filed) {
      if (each.kind === 'entry') this.#entries += 1;
      else if (each.kind === 'fact') this.#facts += 1;
      else {
        this.#unreadable += 1;
        if (this.problems.length < MOST_NAMED) this.problems.push(cleanText(each.problem, 300));
      }
      yield each;
    }
  }

  words(): string {
    const unreadable =
      this.#unreadable === 0 ? '' : `, ${this.#unreadable} that cannot be read: see "problem"`;
    return `${several(this.#entries, 'entry', 'entries')}, ${several(this.#facts, 'fact')} of delivery${unreadable}`;
  }
}

/** What a scan of the whole table reads and costs. */
interface ScanCost {
  readonly items: number;
  readonly bytes: number;
  readonly readUnits: number;
  readonly dollars: number;
}

const KB = 1024;

/** A scan is charged for what it reads: half a read unit for each 4 KB, as it need not be consistent. */
function scanCost({ items, bytes }: Extent): ScanCost {
  const readUnits = Math.ceil(bytes / (4 * KB)) / 2;
  return { items, bytes, readUnits, dollars: readUnits * PRICES.dynamoDbReadUnit };
}

/** Says what is about to be read. `cost`: of the scan; null: there is none. */
function announcement(plan: ExportPlan, cost: ScanCost | null): readonly string[] {
  if (cost !== null) return wrapped(scanWords(cost));
  const ledgers = counted(plan.kind === 'ledgers' ? plan.contracts.length : 0, 'ledger');
  const from =
    plan.since === null ? '' : `, and leaves out what was seen before ${timeText(plan.since)}`;
  return wrapped(`This queries ${ledgers}${from}; no scan.`);
}

function scanWords({ items, bytes, readUnits, dollars }: ScanCost): string {
  return `This scans the whole audit table, even if only a part is wanted: ${several(items, 'item')}, ${size(bytes)}, ${AWS_COUNTS}. That takes about ${several(Math.ceil(readUnits), 'read request unit')}, $${money(dollars)} at the list price of us-east-1 ($${(PRICES.dynamoDbReadUnit * 1e6).toString()} per million). With --account there is no scan.`;
}

function size(bytes: number): string {
  if (bytes < KB * KB) return `${number(Math.ceil(bytes / KB))} KB`;
  return `${(bytes / KB / KB).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}

/** Characters that are written at once: as many as a pipe takes in one go. */
const CHUNK = 64 * 1024;

/**
 * Writes text that comes in whole lines, no faster than it is taken, and ends with a whole line, whatever ends it. Clears the progress
 * first: if both go to a terminal, lines would otherwise follow it.
 */
async function writeLines(
  lines: AsyncIterable<string>,
  { clear }: Progress,
  io: Io,
): Promise<void> {
  let chunk = '';
  try {
    for await (const line of lines) {
      if (io.interrupted.aborted) return;
      chunk += line;
      if (chunk.length >= CHUNK) await flush();
    }
  } finally {
    await flush();
  }

  async function flush(): Promise<void> {
    clear();
    if (chunk === '') return;
    io.stdout(chunk);
    chunk = '';
    await io.drained();
  }
}
