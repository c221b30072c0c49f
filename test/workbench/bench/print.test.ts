import { expect, test } from 'vitest';
import { print } from '../../../lib/workbench/bench/print.ts';

test('the report fits 80 columns and says which budget is missed', () => {
  const finding = {
    what: 'a very long name of what is measured',
    budget: '$0.0006',
    measured: 'much '.repeat(20),
  };
  const how = 'counted '.repeat(40);
  const text = print(
    [
      { ...finding, met: false, how },
      { ...finding, what: 'import', met: true, how },
    ],
    {
      lines: [{ what: 'SQS', part: 'watching', perBuyer: 0.0001, fixed: 0.78 }],
      bySize: [{ buyers: 100_000, perBuyer: 0.0004, fixed: 3.9 }],
      byProducts: [{ products: 10, calls: 43.5, cpuMs: 41, perBuyer: 0.004, fixed: 6.6 }],
    },
  );
  const lines = text.split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(lines.filter((line) => line.endsWith('MISSED'))).toHaveLength(1);
  expect(lines.some((line) => /^sum +\$0\.000100 +\$0\.78$/.test(line))).toBe(true);
  expect(lines.some((line) => /^100,000 +\$0\.000400 +\$43\.90$/.test(line))).toBe(true);
});
