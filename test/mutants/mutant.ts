import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** A change of the code that tests should notice. Lines and columns count from 0, as Stryker counts. */
export interface Mutant {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: Range;
}

export interface Range {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface Instrumented {
  /** In their order. Their `id` is the one by which the instrumented texts switch them on. */
  readonly mutants: readonly Mutant[];
  readonly files: readonly { readonly name: string; readonly content: string }[];
}

/** All that Stryker would change in these files, or in these ranges of them, and the files with all of it in place, switched off. */
export async function instrumented(
  files: readonly string[],
  rangesOf: (file: string) => boolean | readonly Range[] = () => true,
): Promise<Instrumented> {
  const texts = files.map((name) => ({
    ...{ name, content: readFileSync(name, 'utf8') },
    mutate: rangesOf(name) as boolean | Range[],
  }));
  const silent = { debug: () => undefined, info: () => undefined, isDebugEnabled: () => false };
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  return new Instrumenter(silent as never).instrument(texts, options);
}

/** Whether it is of this file, of a file of this folder, or begins in this line (`lib/domain/time.ts:12`). */
export function isIn({ fileName, location }: Mutant, path: string): boolean {
  return (
    [fileName, `${fileName}:${location.start.line + 1}`].includes(path) ||
    fileName.startsWith(`${path.replace(/\/$/, '')}/`)
  );
}

/** One of each of so many equal parts, which spreads them over the files by their size. */
export function drawn<T>(all: readonly T[], count: number, seed: string): readonly T[] {
  return Array.from({ length: count }, (_, part) => {
    const hash = createHash('sha256').update(`${seed} ${part}`).digest();
    const chance = hash.readUInt32BE() / 2 ** 32;
    return all.slice(Math.floor(((part + chance) * all.length) / count)).slice(0, 1);
  }).flat();
}

/** What tells a mutant from every other, whatever its id is. */
export function keyOf({ fileName, location: { start, end }, replacement }: Mutant): string {
  return `${fileName}:${start.line}:${start.column}-${end.line}:${end.column} ${replacement}`;
}

/** `lib/domain/time.ts:41 EqualityOperator: at < least => at <= least`. */
export function said({ fileName, mutatorName, replacement, location }: Mutant): string {
  const { start, end } = location;
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  const text = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, end.column)].join('\n');
  const [from, to] = [text.slice(start.column), replacement].map((code) =>
    code.replace(/\s+/g, ' ').slice(0, 150),
  );
  return `${fileName}:${start.line + 1} ${mutatorName}: ${from ?? ''} => ${to ?? ''}`;
}
