import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** A change of the code that tests should notice. Lines and columns count from 0, as Stryker counts while it works. */
export interface Mutant {
  readonly fileName: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** All that Stryker would try in these files, in their order. */
export async function mutantsOf(files: readonly string[]): Promise<readonly Mutant[]> {
  const texts = files.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
  const silent = { debug: () => undefined, info: () => undefined, isDebugEnabled: () => false };
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  return (await new Instrumenter(silent as never).instrument(texts, options)).mutants;
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

/** As Stryker's `mutate` takes it. Within it are this mutant, and often others. */
export function rangeOf({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}

/** What tells a mutant from every other. */
export function keyOf(mutant: Mutant): string {
  return `${rangeOf(mutant)} ${mutant.replacement}`;
}
