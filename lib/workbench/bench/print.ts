import { table, WIDTH, wrapped } from '../../seller/cli/output/text.ts';
import type { Costs } from './bench.ts';
import { totalOf } from './cost.ts';
import type { BudgetFinding } from './budget-finding.ts';

export function printFindings(findings: readonly BudgetFinding[]): string {
  const rows = findings.map(({ what, budget, measured, met }) => [
    what,
    budget,
    measured,
    met ? 'met' : 'MISSED',
  ]);
  return [
    ...table(['what', 'budget', 'measured', ''], rows, [2], WIDTH),
    '',
    'How',
    ...findings.flatMap(({ what, how }) => [`  ${what}`, ...wrapped(how, '    ')]),
    '',
  ].join('\n');
}

/** The report for people, at most 80 columns. */
export function print(
  findings: readonly BudgetFinding[],
  { lines, bySize, byProducts }: Pick<Costs, 'lines' | 'bySize' | 'byProducts'>,
): string {
  const bill = [...lines, { what: 'sum', ...totalOf(lines) }].map(({ what, ...line }) => [
    what,
    each(line.perBuyer),
    month(line.fixed),
  ]);
  const sizes = bySize.map(({ buyers, perBuyer, fixed }) => [
    buyers.toLocaleString('en'),
    each(perBuyer),
    month(fixed + buyers * perBuyer),
  ]);
  const products = byProducts.map(({ products: count, calls, cpuMs, perBuyer, fixed }) => [
    String(count),
    calls.toFixed(2),
    cpuMs.toFixed(1),
    each(perBuyer),
    month(fixed),
  ]);
  return [
    printFindings(findings),
    ...table(['a month of 30 days, 10,000 buyers', 'per buyer', 'fixed'], bill, [0], WIDTH),
    '',
    ...table(['buyers', 'per buyer', 'a month'], sizes, [0], WIDTH),
    '',
    ...table(['products', 'calls', 'CPU ms', 'per buyer', 'fixed'], products, [0], WIDTH),
    '',
    ...wrapped(
      'Prices are list prices of 2026 from third parties, in us-east-1, without free tiers: check the current prices before you rely on them. ' +
        'Not in it: CloudTrail events of AssumeRole in both accounts, e-mails, data transfer, the speed of Lambda’s own CPUs.',
    ),
    '',
  ].join('\n');
}

function each(dollars: number): string {
  return `$${dollars.toFixed(6)}`;
}

function month(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
