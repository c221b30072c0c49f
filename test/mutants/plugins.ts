import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import { keyOf, type Mutant } from './mutant.ts';

/** Stryker takes ranges of the text only. Of the mutants in them those that were drawn are tried. */
class DrawnOnly {
  static readonly inject = ['options'] as const;
  readonly #drawn: ReadonlySet<string>;

  constructor({ drawn }: { readonly drawn: readonly string[] }) {
    this.#drawn = new Set(drawn);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  /** All at once: alone, each is a message between two processes. */
  group(mutants: readonly { readonly id: string }[]): Promise<string[][]> {
    return Promise.resolve([mutants.map(({ id }) => id)]);
  }

  check(mutants: readonly (Mutant & { readonly id: string })[]): Promise<Record<string, object>> {
    return Promise.resolve(
      Object.fromEntries(
        mutants.map((mutant) => {
          const fileName = relative(process.cwd(), mutant.fileName);
          const isDrawn = this.#drawn.has(keyOf({ ...mutant, fileName }));
          return [mutant.id, { status: isDrawn ? 'passed' : 'compileError', reason: 'not drawn' }];
        }),
      ),
    );
  }
}

/** A line for each mutant that no test noticed, at once: a run may last hours, and be ended before it is done. */
class AsTheyCome {
  #tested = 0;

  onMutantTested(result: MutantResult): void {
    const { status, fileName, location, mutatorName, replacement, statusReason } = result;
    if (status === 'CompileError' || status === 'Ignored') return;
    this.#tested += 1;
    if (this.#tested % 25 === 0) process.stdout.write(`${this.#tested} tried\n`);
    if (status === 'Killed') return;
    const { start, end } = location;
    const lines = readFileSync(fileName, 'utf8')
      .split('\n')
      .slice(start.line - 1, end.line);
    const text = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, end.column - 1)].join('\n');
    const short = (code: string) => code.replace(/\s+/g, ' ').slice(0, 200);
    process.stdout.write(
      `${status} ${relative(process.cwd(), fileName)}:${start.line}:${start.column} ${mutatorName}: ${short(text.slice(start.column - 1))} => ${short(replacement)}${statusReason === undefined ? '' : ` (${short(statusReason)})`}\n`,
    );
  }
}

export const strykerPlugins = [
  { kind: 'Checker', name: 'drawn-only', injectableClass: DrawnOnly },
  { kind: 'Reporter', name: 'as-they-come', injectableClass: AsTheyCome },
];
