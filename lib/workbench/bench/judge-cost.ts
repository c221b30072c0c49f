import type { Figures } from './bench.ts';
import { totalOf } from './cost.ts';
import { rangesOf } from '../../domain/registration/place.ts';
import { DAYS_A_MONTH, TICKS_A_DAY } from './day.ts';
import type { BudgetFinding } from './budget-finding.ts';
import type { PageFigures, ReportFigures } from './report/measure.ts';

const MASS_DAY = 10_000;
const CHECKS_A_MONTH = DAYS_A_MONTH * TICKS_A_DAY;

/** Compares the costs with their budgets. */
export function judgeCost({
  costs,
  input,
  processes,
  day,
  buyersPerMessage,
}: Figures): readonly BudgetFinding[] {
  const { lines, naive, massDay, unreachable, widths } = costs;
  const { perBuyer, fixed } = totalOf(lines);
  const agreements = totalOf(lines, 'agreements');
  const usage = totalOf(lines, 'usage');
  const watching = fixed - agreements.fixed;
  const ofAgreements = agreements.fixed + MASS_DAY * agreements.perBuyer;
  const cheapest = widths[0];
  const ours = widths.find(({ width }) => width === input.width);
  if (cheapest === undefined) throw new Error('no width was reckoned');
  return [
    {
      what: 'cost per buyer-month',
      budget: '$0.0005',
      measured: dollars(perBuyer, 5),
      met: perBuyer <= 0.0005,
      how:
        `list prices without free tiers, 15 minutes, 10,000 buyers of one product, usage (${dollars(usage.perBuyer, 6)}) and agreements ` +
        `(${dollars(agreements.perBuyer, 6)}) among it: calls counted over a simulated day of contracts two years old, ` +
        `${input.cpuMsPerCheck.toFixed(1)} ms of CPU a check measured here (median of warm messages of ${buyersPerMessage} buyers), 1 ms for each of ` +
        `${processes.message.connections} TLS connections, ${costs.messageMs.toFixed(0)} ms an invocation of ${Math.ceil(10_000 / rangesOf(10_000).length)} buyers computed from it; ` +
        `a million checks are ${dollars((perBuyer / CHECKS_A_MONTH) * 1e6, 3)}`,
    },
    {
      what: 'fixed cost a month',
      budget: '$4',
      measured: dollars(watching, 2),
      met: watching <= 4,
      how:
        `${input.watching.alarms} metrics with alarms, ${input.watching.polledQueues} polled queues, ${day.metrics} metrics, and ` +
        `${dollars(usage.fixed, 2)} for the metric of usage of one product`,
    },
    {
      what: 'agreements, 10,000 buyers',
      budget: '$1 a month',
      measured: dollars(ofAgreements, 2),
      met: ofAgreements <= 1,
      how:
        `${dollars(agreements.fixed, 2)} fixed, of it ${input.agreements.alarms} alarms and the idle polling of ${input.agreements.polledQueues} queue; ` +
        `${day.agreementCalls} calls to AWS Marketplace in the simulated day, which cost nothing`,
    },
    {
      what: 'the naive watcher',
      budget: '10 times ours',
      measured: `${dollars(naive.perBuyer, 5)}, ${(naive.perBuyer / perBuyer).toFixed(1)} times`,
      met: naive.perBuyer >= 10 * perBuyer,
      how:
        `an invocation and a message for each buyer, ${naive.calls.toFixed(0)} calls in a row, what was seen written every tick; run in the same way: ` +
        `${naive.cpuMs.toFixed(1)} ms of CPU a check`,
    },
    {
      what: 'mass day, 10,000 notices',
      budget: '-',
      measured: dollars(MASS_DAY * massDay.dollars, 2),
      met: true,
      how:
        `each recorded and told to the buyer: ${massDay.calls.toFixed(1)} calls, ${massDay.units.read.toFixed(1)} read and ${massDay.units.write.toFixed(1)} ` +
        `write units, ${massDay.publishes.toFixed(1)} publishes; ${dollars(MASS_DAY * 20e-6, 2)} of it are SNS's e-mails`,
    },
    {
      what: 'unreachable buyer-month',
      budget: '-',
      measured: dollars(DAYS_A_MONTH * unreachable.dollars, 5),
      met: true,
      how: `asked for once a day: ${unreachable.calls.toFixed(1)} calls, ${unreachable.units.read.toFixed(1)} read and ${unreachable.units.write.toFixed(1)} write units each time`,
    },
    {
      what: 'checks side by side',
      budget: 'the cheapest +2 %',
      measured: `${input.width}; cheapest ${cheapest.width}`,
      met: ours !== undefined && ours.perBuyer <= 1.02 * cheapest.perBuyer,
      how: `GB-seconds of a buyer-month by width: ${widths.map(({ width, perBuyer: each }) => `${width}: ${dollars(each, 6)}`).join(', ')}`,
    },
  ];
}

function dollars(value: number, digits: number): string {
  return `$${value.toFixed(digits)}`;
}

const MEGABYTE = 1_000_000;

/** Compares the figures of the report with their budgets; a budget that could not be measured is neither met nor missed. */
export function judgeReport({
  buyers,
  entries,
  bytes,
  makingMs,
  page,
}: ReportFigures): readonly BudgetFinding[] {
  const unmeasured =
    page === undefined ? '; paint and filters are not measured, as no Chromium is installed' : '';
  return [
    {
      what: 'report, file',
      budget: '2 MB',
      measured: `${(bytes / MEGABYTE).toFixed(1)} MB`,
      met: bytes <= 2 * MEGABYTE,
      how:
        `${buyers} buyers with two years of history, ${entries} entries; made in ${(makingMs / 1_000).toFixed(1)} s from memory, ` +
        `what reading the tables takes is not in it${unmeasured}`,
    },
    ...(page === undefined ? [] : [firstPaint(page), slowestFilter(page)]),
  ];
}

function firstPaint({ firstPaintMs, drawnMs }: PageFigures): BudgetFinding {
  return {
    what: 'report, first paint',
    budget: '200 ms',
    measured: `${firstPaintMs.toFixed(0)} ms`,
    met: firstPaintMs <= 200,
    how: `first contentful paint of that file, from disk in Chromium, median of five; the script has drawn what the window shows after ${drawnMs.toFixed(0)} ms`,
  };
}

function slowestFilter({ filters }: PageFigures): BudgetFinding {
  const slowest = Math.max(...filters.map(({ ms }) => ms));
  return {
    what: 'report, slowest filter',
    budget: '200 ms',
    measured: `${slowest.toFixed(0)} ms`,
    met: slowest <= 200,
    how:
      'from the input to the next frame, medians of five at the slowest of four places of the page: ' +
      filters.map(({ what, ms }) => `${what} ${ms.toFixed(0)} ms`).join(', '),
  };
}
