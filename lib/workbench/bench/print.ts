import { table, WIDTH, wrapped } from '../../seller/cli/output/text.ts';
import { totalOf, type CostLine } from './cost.ts';
import type { Finding } from './findings.ts';

export function printFindings(findings: readonly Finding[]): string {
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
export function print(findings: readonly Finding[], cost: readonly CostLine[]): string {
  const { perBuyer, fixed } = totalOf(cost);
  const bill = [...cost, { what: 'sum', perBuyer, fixed }].map((line) => [
    line.what,
    `$${line.perBuyer.toFixed(6)}`,
    `$${line.fixed.toFixed(3)}`,
  ]);
  return [
    printFindings(findings),
    ...table(['a month of 30 days, in us-east-1', 'per buyer', 'fixed'], bill, [0], WIDTH),
    '',
    ...wrapped(
      'Prices are list prices of 2026 from third parties, without free tiers: look at them anew before you rely on them. ' +
        'Not in it: CloudTrail events of AssumeRole in both accounts, e-mails, data transfer, TLS, the speed of Lambda’s own CPUs.',
    ),
    '',
  ].join('\n');
}
