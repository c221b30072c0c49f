import { styleText } from 'node:util';
import { cleanText, jsonText } from '../../../domain/outside-text.ts';

/** How a command writes its results. */
export interface Screen {
  readonly print: (lines: readonly string[]) => void;
  /** For machines: members are added, never renamed or removed. */
  readonly printJson: (answer: unknown) => void;
  readonly bold: (text: string) => string;
  readonly alarming: (text: string) => string;
}

export function screenOf(stdout: (text: string) => void, colour: boolean): Screen {
  // `colour` decides, because styleText would check a stream that we do not write to.
  const styled = (style: 'bold' | 'red') => (text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return {
    print: (lines) => {
      stdout(`${lines.join('\n')}\n`);
    },
    printJson: (answer) => {
      stdout(`${jsonText(answer, 2)}\n`);
    },
    bold: styled('bold'),
    alarming: styled('red'),
  };
}

/** Columns of a mail, and of a terminal that does not tell its width. */
export const WIDTH = 80;

const GAP = '  ';
const NARROWEST = 5;
/** Columns that a cell that may be cut gets before other columns step aside for it. Most names fit. */
const READABLE = 16;

/** Title, text of a cell, and whether a cell may be cut. False: the table does not have this column. */
export type TextColumn<Row> =
  readonly [title: string, cell: (row: Row) => string, isCut?: boolean] | false;

/** The column for who on the seller's team looks after the buyer; false, if no row has an owner. */
export function ownerColumn<Row>(
  rows: readonly Row[],
  ownerOf: (row: Row) => string | undefined,
): TextColumn<Row> {
  return (
    rows.some((row) => ownerOf(row) !== undefined) && [
      OWNER,
      (row) => cleanText(ownerOf(row) ?? '-'),
    ]
  );
}
const OWNER = 'OWNER';
export const OWNER_BENEATH: StepAside = { title: OWNER, to: 'beneath' };

/** A column that gives way if a table is wider than the terminal, before any cell is cut. */
interface StepAside {
  readonly title: string;
  /** `beneath`: moves in full to a line under each row with a value. `out`: dropped, as others say it too, or it matters least. */
  readonly to: 'beneath' | 'out';
}

/** A table for the terminal, its head in bold. */
export function listOf<Row>(
  all: readonly TextColumn<Row>[],
  rows: readonly Row[],
  aside: readonly StepAside[],
  { width, bold }: Pick<Screen, 'bold'> & { readonly width: number | undefined },
): string[] {
  const columns = all.filter((each) => each !== false);
  const [head = '', ...lines] = table(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, cell]) => cell(row))),
    columns.flatMap(([, , isCut = false], at) => (isCut ? [at] : [])),
    width,
    aside,
  );
  return [bold(head), ...lines];
}

/**
 * Rows as text. If they are wider than `width`, columns step aside in the order given, then those named in `shrink` are cut, each cut
 * marked. `width` undefined: nothing is cut, because a reader of a pipe looks for whole names.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  shrink: readonly number[],
  width: number | undefined,
  aside: readonly StepAside[] = [],
): string[] {
  const widths = head.map((title, at) =>
    Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[at] ?? ''))),
  );
  const shown = new Set(head.keys());
  if (width !== undefined) {
    const wanted = widths.map((each, at) =>
      shrink.includes(at) ? Math.min(each, READABLE) : each,
    );
    for (const { title } of aside)
      if (total(wanted, shown) > width) shown.delete(head.indexOf(title));
    fit(widths, shown, shrink, width);
  }
  const lineOf = (row: readonly string[]): string =>
    [...shown]
      .map((at) => padded(cut(row[at] ?? '', widths[at] ?? 0), widths[at] ?? 0))
      .join(GAP)
      .trimEnd();
  return [
    lineOf(head),
    ...rows.flatMap((row) => {
      const under = aside
        .map(({ title, to }) => ({ at: head.indexOf(title), to }))
        .filter(({ at, to }) => at >= 0 && to === 'beneath' && !shown.has(at) && row[at] !== '-')
        .map(({ at }) => `${head[at]?.toLowerCase() ?? ''} ${row[at] ?? ''}`);
      return [
        lineOf(row),
        ...under.map((text) => ' '.repeat((widths[0] ?? 0) + GAP.length) + text),
      ];
    }),
  ];
}

/** Wraps text in lines of at most 80 columns, each after `indent`. A word that is longer stands alone. Null: no line. */
export function wrapped(text: string | null, indent = ''): string[] {
  if (text === null) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && columnsOf(`${indent}${line} ${word}`) > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** `  name        value`, the value wrapped under itself. Null: no line. */
export function fact(name: string, value: string | null, width = 12): string[] {
  return wrapped(value, ' '.repeat(width + 2)).map((line, at) =>
    at === 0 ? `  ${name.padEnd(width)}${line.trimStart()}` : line,
  );
}

/** Quotes text as one word for a POSIX shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function total(widths: readonly number[], shown: ReadonlySet<number>): number {
  return [...shown].reduce((sum, at) => sum + (widths[at] ?? 0) + GAP.length, -GAP.length);
}

function fit(
  widths: number[],
  shown: ReadonlySet<number>,
  shrink: readonly number[],
  width: number,
): void {
  for (;;) {
    const widest = shrink
      .filter((at) => shown.has(at))
      .toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    const tooWide = total(widths, shown) > width;
    if (!tooWide || widest === undefined || (widths[widest] ?? 0) <= NARROWEST) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Characters that take two columns of a terminal: Chinese, Japanese and Korean writing, full-width forms, and emoji. */
const TWO_COLUMNS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of CHARACTERS.segment(text)) columns += TWO_COLUMNS.test(segment) ? 2 : 1;
  return columns;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

/** Cuts between characters only, however many code units they have. */
function cut(cell: string, width: number): string {
  if (columnsOf(cell) <= width) return cell;
  let [kept, columns] = ['', 0];
  for (const { segment } of CHARACTERS.segment(cell)) {
    columns += columnsOf(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
