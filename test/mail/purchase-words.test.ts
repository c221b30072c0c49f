import { expect, it } from 'vitest';
import type { Entitlement } from '../../lib/domain/license/contract.ts';
import { purchaseInFull, purchaseInShort } from '../../lib/mail/amounts.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { at, gigabytes, license, seats, stateOf, tier, USAGE } from '../support/licenses.ts';

const NOW = at('2026-06-01');

const CASES: readonly [string, readonly Entitlement[], string, readonly string[]][] = [
  ['seats', [USAGE, seats(5)], '5 seats', ['ReadOnly: 5 seats']],
  ['one seat', [seats(1)], '1 seat', ['ReadOnly: 1 seat']],
  [
    'two kinds of seats',
    [seats(5), seats(2, 'Admin')],
    'Admin: 2 seats, ReadOnly: 5 seats',
    ['Admin: 2 seats', 'ReadOnly: 5 seats'],
  ],
  ['no limit', [seats(null)], 'unlimited', ['ReadOnly: unlimited']],
  ['a tier', [USAGE, tier('Gold')], 'Gold', ['Gold']],
  ['two of them', [tier('Gold'), tier('Support')], 'Gold, Support', ['Gold', 'Support']],
  [
    'a tier that is disabled',
    [{ ...tier('Gold'), value: 'Disabled' }, seats(5)],
    '5 seats',
    ['ReadOnly: 5 seats'],
  ],
  ['a pool', [gigabytes(500)], '500 Gigabytes', ['DataConsumption: 500 Gigabytes']],
  [
    'a tier with a count',
    [tier('Gold'), seats(5)],
    'Gold, ReadOnly: 5 units',
    ['Gold', 'ReadOnly: 5 units'],
  ],
  ['what proves the agreement and was never bought', [USAGE], '', []],
  ['hostile names', [tier('Go\u001b[31mld\n')], 'Go [31mld', ['Go [31mld']],
];

it.each(CASES)('%s', (_what, entitlements, short, full) => {
  const state = stateOf([license({ entitlements })], NOW);
  expect(purchaseInShort(state, NOW)).toBe(short);
  expect(purchaseInFull(state, null, NOW)).toEqual(full);
});

it('shows what is used of it, where that is known', () => {
  const state = stateOf([license({ entitlements: [seats(5)] })], NOW);
  const usage = [{ name: 'ReadOnly', unit: 'Count', consumed: quantity(3), maxCount: quantity(5) }];
  expect(purchaseInFull(state, usage, NOW)).toEqual(['ReadOnly: 3 of 5 seats in use']);
});

it('says by how much more is used than was bought', () => {
  const [of5, of500] = [seats(5), gigabytes(500)].map((entitlement) =>
    stateOf([license({ entitlements: [{ ...entitlement, overage: true }] })], NOW),
  );
  const used = (name: string, unit: string, consumed: number, maxCount: number) => [
    { name, unit, consumed: quantity(consumed), maxCount: quantity(maxCount) },
  ];
  expect(purchaseInFull(of5!, used('ReadOnly', 'Count', 7, 5), NOW)).toEqual([
    'ReadOnly: 7 of 5 seats in use, over by 2',
  ]);
  expect(purchaseInFull(of500!, used('DataConsumption', 'Gigabytes', 500.5, 500), NOW)).toEqual([
    'DataConsumption: over by 0.5 Gigabytes (500.5 of 500 used)',
  ]);
  expect(purchaseInFull(of500!, used('DataConsumption', 'Gigabytes', 500, 500), NOW)).toEqual([
    'DataConsumption: 0 of 500 Gigabytes left (100 % used)',
  ]);
});
