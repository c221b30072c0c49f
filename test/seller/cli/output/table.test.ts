import { expect, it } from 'vitest';
import { errorText } from '../../../../lib/seller/cli/output/explain.ts';
import { table, wrapped } from '../../../../lib/seller/cli/output/text.ts';

it('cuts no character in halves', () => {
  for (const before of ['', 'a']) {
    const [, line = ''] = table(['A', 'B'], [['x', `${before}${'😀'.repeat(50)}`]], [1], 80);
    expect(line.isWellFormed()).toBe(true);
    expect(line).toMatch(/…$/);
  }
});

const HEAD = ['ACCOUNT', 'NAME', 'SINCE', 'OWNER'];
const rows = (name: string) => [
  ['111122223333', name, '2026-01-05', 'Ada Moreau-Whittington'],
  ['444455556666', 'Borealis Bank', '2026-01-05', '-'],
];
const aside = [
  { title: 'OWNER', to: 'beneath' },
  { title: 'SINCE', to: 'out' },
] as const;

it('puts an owner under the row, and leaves out a column, before it cuts a name of common length', () => {
  const drawn = (width: number | undefined) => table(HEAD, rows('Aurora Labs'), [1], width, aside);
  expect(drawn(63)).toEqual([
    'ACCOUNT       NAME           SINCE       OWNER',
    '111122223333  Aurora Labs    2026-01-05  Ada Moreau-Whittington',
    '444455556666  Borealis Bank  2026-01-05  -',
  ]);
  expect(drawn(undefined)).toEqual(drawn(63));
  expect(drawn(62)).toEqual([
    'ACCOUNT       NAME           SINCE',
    '111122223333  Aurora Labs    2026-01-05',
    '              owner Ada Moreau-Whittington',
    '444455556666  Borealis Bank  2026-01-05',
  ]);
  expect(drawn(38)).toEqual([
    'ACCOUNT       NAME',
    '111122223333  Aurora Labs',
    '              owner Ada Moreau-Whittington',
    '444455556666  Borealis Bank',
  ]);
});

it('cuts a name that is longer than that, and nothing steps aside for it', () => {
  const [, line] = table(HEAD, rows('Universal Consolidated Holdings'), [1], 66, aside);
  expect(line).toBe('111122223333  Universal Conso…  2026-01-05  Ada Moreau-Whittington');
});

it.each([
  ['株式会社サンプル', '株式会社サン…'],
  ['مجموعة الرياض القابضة', 'مجموعة الريا…'],
  ['👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀', '👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀…'],
])('counts columns, not units, and keeps characters whole: %s', (name, cut) => {
  const [head, line = ''] = table(['NAME', 'B'], [[name, 'x']], [0], 16);
  expect(head).toBe('NAME           B');
  expect(line.trimEnd().split(/ {2,}/)).toEqual([cut, 'x']);
});

it('wraps names of wide characters within 80 columns, in text as in errors', () => {
  const words = Array.from({ length: 12 }, () => '株式会社サンプル').join(' ');
  const wide = (line: string) => line.length + (line.match(/[^ -~]/g) ?? []).length;
  for (const line of [...wrapped(words, '    '), ...errorText(words).split('\n')])
    expect(wide(line), line).toBeLessThanOrEqual(80);
});
