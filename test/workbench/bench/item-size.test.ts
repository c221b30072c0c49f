import { expect, test } from 'vitest';
import { itemBytes, type Item } from '../../../lib/workbench/bench/item-size.ts';

test.each<[string, Item, number]>([
  ['names and strings in UTF-8', { é: { S: 'né' } }, 5],
  ['a number by its digits', { n: { N: '-12.34' } }, 1 + 3],
  ['true, false and null as one byte', { a: { BOOL: true }, b: { NULL: true } }, 4],
  [
    'a list with 3 bytes and one for each element',
    { l: { L: [{ S: 'ab' }, { S: '' }] } },
    1 + 3 + 3 + 1,
  ],
  ['a map with its names', { m: { M: { ab: { S: 'cd' } } } }, 1 + 3 + 1 + 2 + 2],
])('counts %s', (_, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

test('refuses what our tables do not hold, instead of counting it as nothing', () => {
  expect(() => itemBytes({ b: { B: 'AAAA' } })).toThrow('no attributes of type B');
});
