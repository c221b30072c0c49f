import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bench } from '../lib/workbench/bench/bench.ts';
import { compareWithBudgets } from '../lib/workbench/bench/judge.ts';
import { print, printFindings } from '../lib/workbench/bench/print.ts';
import { judgeReport } from '../lib/workbench/bench/judge-cost.ts';
import { measureReport } from '../lib/workbench/bench/report/measure.ts';
import { judgeSeller } from '../lib/workbench/bench/seller/judge.ts';
import { BUYERS, measureSeller } from '../lib/workbench/bench/seller/measure.ts';
import { measureTrips } from '../lib/workbench/bench/trips.ts';
import { jsonText } from '../lib/domain/outside-text.ts';

const ROOT = join(import.meta.dirname, '..');

const USAGE = `Usage: npm run bench -- [--report | --seller [--buyers N] | --trips]
       [--json]

Measures the budgets of the design: what a steady check asks of AWS, the
bundles, 10,000 buyers, memory, cost, seats. A missed budget is reported and
fails nothing: machines differ. Exit code 1: it could not be measured.

--report  measures the report of 1,000 buyers instead, in Chromium
--seller  measures the seller's commands at 10,000 buyers and 260,000 entries
          instead; takes half an hour. Each command is given twice: once
          to a local engine, whose answers are written down, then with those
          answers, each after 100 ms, by which it is judged
--buyers  so many buyers instead of 10,000, without budgets
--trips   counts the files and functions that one upgrade passes instead, from
          the wire to the ledger, and from the entry to the buyer's mail
--json    prints JSON; of trips, with the name of each file and function
`;

interface Options {
  readonly json: boolean;
  readonly report: boolean;
  readonly seller: boolean;
  readonly buyers: number;
  readonly trips: boolean;
}

await main();

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  if (options.trips) await countTrips(options);
  else if (options.seller) await sellerBench(options);
  else await (options.report ? reportBench(options) : wholeBench(options));
}

async function wholeBench({ json }: Options): Promise<void> {
  const figures = await bench(ROOT, (line) => process.stderr.write(`${line}\n`));
  const findings = compareWithBudgets(figures);
  process.stdout.write(
    json ? `${jsonText({ findings, figures }, 2)}\n` : print(findings, figures.costs),
  );
}

async function reportBench({ json }: Options): Promise<void> {
  const figures = await measureReport();
  const findings = judgeReport(figures);
  process.stdout.write(json ? `${jsonText({ findings, figures }, 2)}\n` : printFindings(findings));
}

async function sellerBench({ json, buyers }: Options): Promise<void> {
  const figures = await measureSeller(buyers, (line) => process.stderr.write(`${line}\n`));
  const findings = judgeSeller(figures);
  process.stdout.write(json ? `${jsonText({ findings, figures }, 2)}\n` : printFindings(findings));
}

async function countTrips({ json }: Options): Promise<void> {
  const trips = await measureTrips(ROOT);
  const lines = trips.map(
    ({ name, files, functions, entered, ran }) =>
      `${name}: ${files.length} files, ${entered.length} functions that other files call, ${functions.length} with those of their own file, ${ran} with those that stand inside others\n`,
  );
  process.stdout.write(json ? `${jsonText(trips, 2)}\n` : lines.join(''));
}

/** Undefined: nothing to do, and the exit code is set. */
function readOptions(): Options | undefined {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      options: {
        ...{ json: flag, report: flag, seller: flag, trips: flag, help: flag },
        buyers: { type: 'string', default: String(BUYERS) },
      },
    });
    const buyers = Number(values.buyers);
    if (!Number.isInteger(buyers) || buyers < 1)
      throw new Error(`--buyers is "${values.buyers}"; expected a whole number of 1 or more`);
    if (!values.help) return { ...values, buyers };
    process.stdout.write(USAGE);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
  }
  return undefined;
}
