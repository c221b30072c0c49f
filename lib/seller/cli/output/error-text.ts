import { WIDTH } from './table.ts';

const HANGING = '  ';

/** A command of ours, or of npm, in quotes, is copied as it stands: no line ends within it. */
const WORDS = /"(?:license-watcher|npx|npm) [^"\s]+(?: [^"\s]+)*"\S*|\S+/g;

/** What a command fails with, in lines of at most 80 columns. A message of several lines keeps them. */
export function errorText(message: string): string {
  return `license-watcher: ${message}`.split('\n').flatMap(hung).join('\n');
}

/** What follows the first line is indented. A word that is longer than a line stands alone. */
function hung(text: string): readonly string[] {
  if (text.length <= WIDTH) return [text];
  const [margin = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(WORDS) ?? []) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${margin}${HANGING}${word}`;
    } else line = line === '' ? `${margin}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}
