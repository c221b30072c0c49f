import { styleText } from 'node:util';
import type { Io } from '../io.ts';

// `io.colour` decides: the stream that styleText would ask is not the one we write to.

export function bold(text: string, { colour }: Io): string {
  return colour ? styleText('bold', text, { validateStream: false }) : text;
}

export function alarming(text: string, { colour }: Io): string {
  return colour ? styleText('red', text, { validateStream: false }) : text;
}

/** Terminals that say nothing of their width, and mails, have 80 columns. */
export const WIDTH = 80;

/** The title of the column with who of the seller's looks after the buyer. */
export const OWNER = 'OWNER';

const GAP = '  ';
const NARROWEST = 5;

/**
 * Rows as text: where they are wider than `width`, the columns named in `shrink` are cut, each cut marked. Undefined: nothing is
 * cut, as whoever reads it from a pipe looks for whole names.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  shrink: readonly number[],
  width: number | undefined,
): string[] {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  if (width !== undefined) fit(widths, shrink, width);
  return [head, ...rows].map((row) =>
    row
      .map((cell, at) => cut(cell, widths[at] ?? 0).padEnd(widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Text in lines of at most 80 columns, each after `indent`. A word that is longer stands alone. */
export function wrapped(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** `  name        value`, the value wrapped under itself. */
export function fact(name: string, value: string, width = 12): string[] {
  return wrapped(value, ' '.repeat(width + 2)).map((line, at) =>
    at === 0 ? `  ${name.padEnd(width)}${line.trimStart()}` : line,
  );
}

/** One word for a POSIX shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function fit(widths: number[], shrink: readonly number[], width: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  for (;;) {
    const widest = shrink.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (total() <= width || widest === undefined || (widths[widest] ?? 0) <= NARROWEST) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function cut(cell: string, width: number): string {
  if (cell.length <= width) return cell;
  // Not within a character that takes two units.
  return `${cell.slice(0, Math.max(0, width - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}
