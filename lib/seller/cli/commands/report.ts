import type { Command } from 'commander';
import { instant } from '../../../domain/time.ts';
import { readReport } from '../../report/read-report.ts';
import type { ReportModel } from '../../report/model-shape.ts';
import { several } from '../../../mail/dates.ts';
import type { AddCommand } from '../command.ts';
import { giveBackMemory, keepHeapSmall } from '../heap.ts';
import type { Io, Watcher } from '../io.ts';
import { CommandFailure, misuse, namedProblems } from '../output/failure.ts';
import { momentOf, startOf } from '../output/moment.ts';
import { mayBeWrittenOver, type OwnFile } from '../output/overwrite.ts';
import { type Progress, progressOf } from '../output/progress.ts';
import { quoted } from '../../../domain/outside-text.ts';

export const addReport: AddCommand = (program, { io, withWatcher }) => {
  program
    .command('report')
    .description('Everything at a glance, as one HTML file that needs no network.')
    .option('-o, --output <file>', 'where to write it; - is standard output', 'report.html')
    .option('--since <when>', 'how far back: 2y, 2027-01-01 (UTC), or an instant', '2y')
    .option('--json', 'print what was written, as JSON; the report goes to the file')
    .addHelpText('after', HELP)
    .action((options: ReportOptions, command: Command) => {
      momentOf(options.since, '--since');
      return withWatcher(command, (watcher) => report(options, watcher, io));
    });
};

const HELP = `
Five figures and today's tasks come first; then the renewal pipeline, a timeline
of every contract, what was bought and used, the changes, and every buyer. Each
table can be saved as CSV. The page filters by buyer, product, standing, change
and period; its address keeps the filters. It shows names, accounts and licenses
of your buyers: send it with care. An existing report is overwritten; any other
file is not.

--json: file, bytes, madeAt, since, and how many buyers, contracts, entries and
unreadable records are in it. Members are added, never renamed or removed.

Examples:
  $ license-watcher report
  $ license-watcher report -o monthly/2027-02.html --since 30d
  $ license-watcher report -o - | gzip > report.html.gz`;

interface ReportOptions {
  readonly output: string;
  readonly since: string;
  readonly json?: boolean;
}

const STANDARD_OUTPUT = '-';

const REPORT: OwnFile = {
  what: 'a report',
  mark: '<title>License Watcher report',
  option: '-o',
};

async function report(
  { output, since, json }: ReportOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const toFile = output !== STANDARD_OUTPUT;
  if (!toFile && json === true)
    throw misuse('--json and the report both want standard output: give -o a file');
  const now = instant(io.now());
  const begin = startOf(momentOf(since, '--since'), now);
  if (begin >= now) throw misuse(`--since is ${quoted(since)}, which is not before now (${now})`);
  if (toFile) await mayBeWrittenOver(output, REPORT, io);
  keepHeapSmall();

  const reading = await readingProgress(watcher, io);
  const model = await readReport(watcher, {
    ...{ now, since: begin, progress: reading },
    scanEnded: giveBackMemory,
  }).finally(reading.end);
  // Loaded only here, because no other command needs what draws the charts.
  const { renderReport } = await import('../../report/render.ts');
  const html = await renderReport(model);
  const bytes = Buffer.byteLength(html);

  await (toFile ? writeTo(output, html, io) : print(html, io));
  io.stderr(
    `${toFile ? `Wrote ${output}` : 'The report'}: ${sizeWords(bytes)}, ${contentWords(model)}.\n`,
  );
  if (json === true) io.printJson(machineForm(output, bytes, model));
  const { unreadable } = model;
  if (unreadable.length > 0)
    throw new CommandFailure(
      `the report is missing ${several(unreadable.length, 'record')}, which it names: ${namedProblems(unreadable.map(({ problem }) => problem))}`,
    );
}

async function writeTo(path: string, html: string, io: Io): Promise<void> {
  try {
    await io.writeFile(path, html);
  } catch (cause) {
    throw new CommandFailure(
      `${path} cannot be written (${String(cause)}): give another file with -o`,
      1,
      { cause },
    );
  }
}

/** Prints in pieces, no faster than a pipe takes them. No piece ends within a character. */
async function print(html: string, io: Io): Promise<void> {
  let at = 0;
  while (at < html.length) {
    if (io.interrupted.aborted) throw new CommandFailure('interrupted: the report is incomplete');
    const piece = html.slice(at, at + PIECE);
    const whole = piece.isWellFormed() ? piece : html.slice(at, at + PIECE + 1);
    io.stdout(whole);
    at += whole.length;
    await io.drained();
  }
}

const PIECE = 64 * 1024;

function sizeWords(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function contentWords({ buyers, contracts, entries }: ReportModel): string {
  return [
    several(buyers.length, 'buyer'),
    several(contracts.length, 'contract'),
    several(entries.entry.length, 'entry', 'entries'),
  ].join(', ');
}

/** Members are added, never renamed or removed. */
function machineForm(
  output: string,
  bytes: number,
  { madeAt, since, buyers, contracts, entries, unreadable }: ReportModel,
) {
  return {
    file: output,
    bytes,
    madeAt,
    since,
    buyers: buyers.length,
    contracts: contracts.length,
    entries: entries.entry.length,
    unreadable: unreadable.length,
  };
}

/** Shows on a terminal how far the reading is. Ctrl-C ends it before anything is written. */
async function readingProgress({ register }: Watcher, io: Io) {
  const items = io.progress ? (await register.extent()).items : undefined;
  const scanning = progressOf('items of the watch table', items, io);
  let entries: Progress | undefined;
  const goOn = (): void => {
    if (io.interrupted.aborted) throw new CommandFailure('interrupted: nothing was written');
  };
  return {
    scanned: (more: number) => {
      goOn();
      scanning.advance(more);
    },
    entry: (about: number) => {
      goOn();
      entries ??= progressOf('entries', about, io);
      entries.advance(1);
    },
    end: () => {
      scanning.clear();
      entries?.clear();
    },
  };
}
