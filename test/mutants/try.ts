import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import type { MutantResult } from '@stryker-mutator/api/core';
import { drawn, isIn, keyOf, mutantsOf, rangeOf } from './mutant.ts';

/**
 * `npm run mutants -- --sample 300 --seed 1 lib/domain/notice`: which changes of these files, folders or lines no test notices; of all
 * changes, or of some that are drawn evenly. Ends with 1 where tests notice a smaller part than stryker.config.json asks for.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '1' },
  },
});
const config = JSON.parse(readFileSync('stryker.config.json', 'utf8')) as {
  readonly mutate: readonly string[];
  readonly thresholds: { readonly break: number };
};
const known = await mutantsOf(globSync(config.mutate).toSorted());
const asked = known.filter(
  (mutant) => positionals.length === 0 || positionals.some((path) => isIn(mutant, path)),
);
const count = Math.min(asked.length, Number(values.sample ?? asked.length));
if (!Number.isInteger(count) || count < 1)
  throw new Error(
    `No mutant to try: ${asked.length} in ${positionals.join(' ')}, --sample ${values.sample ?? 'not given'}. Allowed are files, folders and lines (file.ts:12) of ${config.mutate.join(', ')}, and a whole number.`,
  );
const sample = drawn(asked, count, values.seed);
process.stdout.write(`${count} of ${asked.length} mutants, seed ${values.seed}\n`);

const results = await new Stryker({
  mutate: [...new Set(sample.map(rangeOf))],
  concurrency: Number(values.concurrency),
  plugins: ['@stryker-mutator/vitest-runner', join(import.meta.dirname, 'plugins.ts')],
  checkers: ['drawn-only'],
  reporters: ['as-they-come'],
  thresholds: { high: 100, low: 0, break: null },
  ...{ drawn: sample.map(keyOf) },
}).runMutationTest();

// Not tried: what was not drawn, and what is used while a file is loaded only.
const tried = results.filter(({ status }) => status !== 'CompileError' && status !== 'Ignored');
const folders = Map.groupBy(tried, ({ fileName }) => dirname(relative(process.cwd(), fileName)));
const rows = [...[...folders].toSorted(([a], [b]) => a.localeCompare(b)), ['all', tried] as const];
for (const [name, mutants] of rows) process.stdout.write(`${name.padEnd(32)} ${said(mutants)}\n`);
process.stdout.write(`${count - tried.length} are used while a file is loaded only: not tried\n`);
const { killed, survived } = counts(tried);
if ((100 * killed) / (killed + survived) < config.thresholds.break) process.exitCode = 1;

/** A mutant that went round for ever is noticed; one that was too slow for the clock, or broke the run, says nothing. */
function counts(mutants: readonly MutantResult[]) {
  const number = (of: (mutant: MutantResult) => boolean) => mutants.filter(of).length;
  const endless = number((m) => m.status === 'Timeout' && m.statusReason !== undefined);
  const killed = endless + number(({ status }) => status === 'Killed');
  const survived = number(({ status }) => status === 'Survived');
  const uncovered = number(({ status }) => status === 'NoCoverage');
  return { killed, survived, uncovered, unknown: mutants.length - killed - survived - uncovered };
}

function said(mutants: readonly MutantResult[]): string {
  const { killed, survived, uncovered, unknown } = counts(mutants);
  const covered = killed + survived;
  const percent = (part: number) => (100 * part).toFixed(1);
  const [low, high] = wilson(killed, covered);
  return `${killed} of ${covered} covered killed: ${percent(killed / covered)} % (95 %: ${percent(low)} to ${percent(high)}); no test covers ${uncovered}, unknown ${unknown}`;
}

/** The interval within which the true part lies, in 95 of 100 samples (Wilson's, which also holds near 1). */
function wilson(part: number, all: number): readonly [number, number] {
  const z = 1.96;
  const middle = (part + z ** 2 / 2) / (all + z ** 2);
  const half = (z / (all + z ** 2)) * Math.sqrt((part * (all - part)) / all + z ** 2 / 4);
  return [middle - half, middle + half];
}
