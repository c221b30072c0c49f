import { expect, it } from 'vitest';
import { csvOf } from '../../../lib/seller/report/page/csv.ts';

it('quotes what would end a cell, and no cell is a formula', () => {
  const rows = [
    ['Buyer', 'Use'],
    ['a, "b"', '=HYPERLINK("x")'],
    ['two\nlines', '-1'],
    ['-', "O'Brien"],
  ];
  expect(csvOf(rows)).toBe(
    `\ufeffBuyer,Use\r\n"a, ""b""","'=HYPERLINK(""x"")"\r\n"two\nlines","'-1"\r\n"'-","O'Brien"\r\n`,
  );
});
