import type { Filed } from '../../../../domain/ledger/archive.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { announcement, scanCost } from './announcement.ts';
import { csvLines } from './csv.ts';
import { jsonLines } from './jsonl.ts';
import { readSelection } from './read-selection.ts';
import { rowsOf } from './rows.ts';
import { selectionOf, type SelectionOptions } from './selection.ts';
import { writeLines } from './write-lines.ts';

export const FORMATS = ['jsonl', 'csv'] as const;

export interface ExportOptions extends SelectionOptions {
  readonly format: (typeof FORMATS)[number];
  readonly dryRun?: boolean;
}

/** Writes ledgers to standard output, no faster than they are taken. */
export async function exportLedgers(
  options: ExportOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const selection = await selectionOf(options, watcher, io);
  const cost = selection.kind === 'everything' ? scanCost(await watcher.archive.extent()) : null;
  io.stderr(`${announcement(selection, cost).join('\n')}\n`);
  if (options.dryRun === true) {
    if (options.format === 'jsonl')
      io.stdout(`${JSON.stringify({ reads: selection.kind, scan: cost })}\n`);
    return;
  }
  const count = new Count();
  const filed = count.counted(readSelection(selection, watcher, io));
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
