import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** By its path from the top of the repository: `docs/runbook.md`. */
export function documentText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The headings of a document as GitHub links to them. Code blocks hold none. */
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

/** What `[words](target)` leads to. */
export function linksOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The text below a heading, up to the next of its rank or a higher one. */
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

/** The words of one command as a shell would take them: quotes and continued lines, and nothing else that shells can do. */
export function shellWords(command: string): readonly string[] {
  const words = command.replaceAll('\\\n', ' ').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return [...words].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));
}

function withoutCode(text: string): string {
  return text
    .replaceAll(/^ *```.*?^ *```$/gms, '')
    .replaceAll(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code));
}
