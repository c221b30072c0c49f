import { wrapped } from '../../output/text.ts';
import type { Block, Letter, LetterSpan } from './letter.ts';

/** The letter, split at its command. */
export interface LetterText {
  readonly before: string;
  /** Stands between `before` and `after`. */
  readonly command: string;
  readonly after: string;
}

/** Text to be pasted into a mail: lines of at most 80 columns, except for what must stay in one piece. */
export function letterText({ subject, blocks }: Letter): LetterText {
  const at = blocks.findIndex(({ kind }) => kind === 'command');
  const command = blocks[at];
  if (command?.kind !== 'command') throw new Error('a letter without its command');
  const text = (some: readonly Block[]): string =>
    some.map((block) => linesOf(block).join('\n')).join('\n\n');
  return {
    before: `Subject: ${subject}\n\n${text(blocks.slice(0, at))}\n\n`,
    command: command.text,
    after: `\n${text(blocks.slice(at + 1))}\n`,
  };
}

export function wholeText({ before, command, after }: LetterText): string {
  return `${before}${command}\n${after}`;
}

/** The column where the values of facts begin. */
const VALUE = 22;

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return wrapped(block.text);
    case 'heading':
      return [block.text, '-'.repeat(block.text.length)];
    case 'facts':
      return block.rows.flatMap(([label, value]) => factLines(label, value));
    case 'step':
      return block.parts.flatMap((part, at) => [
        ...(at === 0 ? [] : ['']),
        ...partLines(part).map((line, n) =>
          at === 0 && n === 0 ? `${block.at}. ${line.trimStart()}` : line,
        ),
      ]);
    case 'command':
      return block.text.split('\n');
  }
}

function factLines(label: string, value: string): readonly string[] {
  const [first = '', ...more] = wrapped(value, ' '.repeat(VALUE));
  // A hash does not fit into the rest of the line, so it stands below its label.
  return first.length > 80
    ? [`  ${label}`, `    ${value}`]
    : [`  ${label}`.padEnd(VALUE) + first.trimStart(), ...more];
}

const INDENT = '   ';

function partLines({ kind, text }: LetterSpan): readonly string[] {
  switch (kind) {
    case 'words':
      return wrapped(text, INDENT);
    case 'code':
      return text.split('\n').map((line) => `${INDENT}${line}`);
    case 'link':
      // Not indented: mail programs end a link at a space, and break an indented one.
      return [text];
  }
}
