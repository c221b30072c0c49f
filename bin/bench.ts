import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from '../lib/bench/bench.ts';
import { judge } from '../lib/bench/judge.ts';
import { print, printFindings } from '../lib/bench/print.ts';
import { judgeReport } from '../lib/bench/report/judge.ts';
import { measureReport } from '../lib/bench/report/measure.ts';

const USAGE = `Usage: npm run bench -- [--report] [--json]

Measures the budgets of the design: what a steady check asks of AWS, the
bundles, 10,000 buyers, memory, cost, seats. A missed budget is reported and
fails nothing: machines differ. Exit code 1: it could not be measured.

--report  measures the report of 1,000 buyers instead, in Chromium
--json    prints JSON
`;

interface Options {
  readonly json: boolean;
  readonly report: boolean;
}

await main();

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  await (options.report ? reportBench(options) : wholeBench(options));
}

async function wholeBench({ json }: Options): Promise<void> {
  const figures = await bench(join(import.meta.dirname, '..'), (line) => process.stderr.write(`${line}\n`));
  const findings = judge(figures);
  process.stdout.write(
    json ? `${JSON.stringify({ findings, figures }, undefined, 2)}\n` : print(findings, figures.cost),
  );
}

async function reportBench({ json }: Options): Promise<void> {
  const figures = await measureReport();
  const findings = judgeReport(figures);
  process.stdout.write(json ? `${JSON.stringify({ findings, figures }, undefined, 2)}\n` : printFindings(findings));
}

/** Undefined: nothing to do, and the exit code is set. */
function readOptions(): Options | undefined {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { json: flag, report: flag, help: flag } });
    if (!values.help) return values;
    process.stdout.write(USAGE);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}
