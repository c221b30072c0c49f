import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import type { Tried } from './every-mutant.ts';
import { drawn, instrumented, isIn, keyOf, said } from './mutant.ts';

/** The core and the words: of what tests reach in them they notice at least this many percent. */
const CORE = [
  'lib/domain/{license,check,notice,ledger}/**/*.ts',
  'lib/domain/time.ts',
  'lib/mail/**/*.ts',
  'lib/seller/ledger/**/*.ts',
];
const LEAST = 92;

/**
 * `npm run mutants -- --sample 300 --seed 1 lib/domain/notice`: which changes of these files, folders or lines no test notices; of all
 * changes, or of some that are drawn evenly. Ends with 1 where tests notice fewer than `LEAST` percent.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const files = globSync(CORE).toSorted();
const { mutants: known } = await instrumented(files);
const asked = known.filter(
  (mutant) => positionals.length === 0 || positionals.some((path) => isIn(mutant, path)),
);
const count = Math.min(asked.length, Number(values.sample ?? asked.length));
if (!Number.isInteger(count) || count < 1)
  throw new Error(
    `No mutant to try: ${asked.length} in ${positionals.join(' ')}, --sample ${values.sample ?? 'not given'}. Allowed are files, folders and lines (file.ts:12) of ${CORE.join(', ')}, and a whole number.`,
  );
const sample = new Map(drawn(asked, count, values.seed).map((mutant) => [keyOf(mutant), mutant]));
process.stdout.write(`${sample.size} of ${asked.length} mutants, seed ${values.seed}\n`);

// Only the ranges of what was drawn are instrumented: everything else stays as quick as it is.
const inFile = Map.groupBy(sample.values(), ({ fileName }) => fileName);
const { mutants: placed, files: texts } = await instrumented([...inFile.keys()], (file) =>
  (inFile.get(file) ?? []).map(({ location }) => location),
);
const mutants = placed
  .filter((mutant) => sample.has(keyOf(mutant)))
  .map((mutant) => ({ ...mutant, text: said(mutant) }));

const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
try {
  const apart = new Set(['node_modules', '.git', 'cdk.out', basename(copy)]);
  cpSync('.', copy, { recursive: true, filter: (path) => !apart.has(basename(path)) });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  process.chdir(copy);
  for (const { name, content } of texts) writeFileSync(name, content);
  writeFileSync('mutants.json', JSON.stringify(mutants));
  const vitest = await startVitest('test', [], {
    ...{ config: join(copy, 'vitest.mutants.config.ts'), root: copy, watch: false },
    reporters: [{}],
  });
  const failed = vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests('failed')].map(({ fullName }) => fullName));
  await vitest.close();
  if (failed.length > 0)
    throw new Error(`Fail without any mutant, see npm test:\n${failed.join('\n')}`);
  report(JSON.parse(readFileSync('tried.json', 'utf8')) as readonly Tried[]);
} finally {
  rmSync(copy, { recursive: true });
}

function report(tried: readonly Tried[]): void {
  const folders = Map.groupBy(tried, ({ fileName }) => dirname(fileName));
  const rows = [
    ...[...folders].toSorted(([a], [b]) => a.localeCompare(b)),
    ['all', tried] as const,
  ];
  for (const [name, of] of rows) process.stdout.write(`${name.padEnd(30)} ${sum(of)}\n`);
  const { killed, covered } = counts(tried);
  if (100 * killed < LEAST * covered) process.exitCode = 1;
}

function counts(tried: readonly Tried[]) {
  const number = (of: Tried['result']) => tried.filter(({ result }) => result === of).length;
  const [endless, uncovered] = [number('endless'), number('uncovered')];
  const killed = number('killed') + endless;
  return {
    killed,
    endless,
    covered: killed + number('survived'),
    uncovered,
    atFirst: number('static'),
  };
}

function sum(tried: readonly Tried[]): string {
  const { killed, endless, covered, uncovered, atFirst } = counts(tried);
  const percent = (part: number) => (100 * part).toFixed(1);
  const [low, high] = wilson(killed, covered);
  return `${killed} of ${covered} killed (${endless} of them endless): ${percent(killed / covered)} %, 95 % between ${percent(low)} and ${percent(high)}; no test passes ${uncovered}, ${atFirst} are passed only while files are loaded`;
}

/** Within which the true part lies in 95 of 100 samples: Wilson's interval, which also holds near 1. */
function wilson(part: number, all: number): readonly [number, number] {
  const z = 1.96;
  const middle = (part + z ** 2 / 2) / (all + z ** 2);
  const half = (z / (all + z ** 2)) * Math.sqrt((part * (all - part)) / all + z ** 2 / 4);
  return [middle - half, middle + half];
}
