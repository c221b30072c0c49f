import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** The text of a document, by its path in the repository: `docs/runbook.md`. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The anchors of a document's headings, as GitHub makes them. Code blocks have none. */
export function anchorsOf(text: string): readonly string[] {
  const headings = withoutCode(text).matchAll(/^#{1,6} (.+)$/gm);
  const seen = new Map<string, number>();
  return [...headings].map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** The targets of links like `[words](target)`. */
export function linksOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The text below a heading, up to the next heading of the same or a higher rank. */
export function sectionOf(text: string, anchor: string): string {
  const lines = text.split('\n');
  let inCode = false;
  let rank = 0;
  const found: string[] = [];
  for (const line of lines) {
    if (line.startsWith('```')) inCode = !inCode;
    const [, marks] = inCode ? [] : (/^(#{1,6}) /.exec(line) ?? []);
    if (rank > 0 && marks !== undefined && marks.length <= rank) break;
    if (rank > 0) found.push(line);
    else if (marks !== undefined && anchorsOf(line)[0] === anchor) rank = marks.length;
  }
  if (rank === 0) throw new Error(`no heading #${anchor}`);
  return found.join('\n');
}

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

export function codeBlocks(text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

/** The words of one command as a shell would split them; it knows only quotes and continued lines. */
export function shellWords(command: string): readonly string[] {
  const words = command.replaceAll('\\\n', ' ').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return [...words].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

function withoutCode(text: string): string {
  return text
    .replaceAll(/^ *```.*?^ *```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
}
