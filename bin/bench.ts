import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from '../lib/bench/bench.ts';
import { judge } from '../lib/bench/judge.ts';
import { print } from '../lib/bench/print.ts';

const USAGE = `Usage: npm run bench -- [--json]

Measures the budgets of the design: what a steady check asks of AWS, the
bundles, 10,000 buyers, memory, cost, seats. A missed budget is reported and
fails nothing: machines differ. Exit code 1: it could not be measured.
`;

await main();

async function main(): Promise<void> {
  const json = readOptions();
  if (json === undefined) return;
  const figures = await bench(join(import.meta.dirname, '..'), (line) => process.stderr.write(`${line}\n`));
  const findings = judge(figures);
  process.stdout.write(
    json ? `${JSON.stringify({ findings, figures }, undefined, 2)}\n` : print(findings, figures.cost),
  );
}

/** Undefined: nothing to do, and the exit code is set. */
function readOptions(): boolean | undefined {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    if (!values.help) return values.json;
    process.stdout.write(USAGE);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}
