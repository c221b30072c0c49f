import { expect, it } from 'vitest';
import type { Entitlement } from '../../lib/domain/license/contract.ts';
import {
  amountLeft,
  amountUsed,
  differingAmounts,
  knownPurchase,
  purchaseInFull,
  purchaseInShort,
} from '../../lib/mail/amounts.ts';
import type { Bought, Count } from '../../lib/domain/license/purchase.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import type { Dimensions } from '../../lib/domain/license/product.ts';
import {
  at,
  DIMENSIONS,
  gigabytes,
  inUse,
  license,
  SEAT,
  seats,
  stateOf,
  tier,
  USAGE,
} from '../support/licenses.ts';

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
    'Gold, ReadOnly: 5 seats',
    ['Gold', 'ReadOnly: 5 seats'],
  ],
  ['what proves the agreement and was never bought', [USAGE], '', []],
  ['hostile names', [tier('Go\u001b[31mld\n')], 'Go [31mld', ['Go [31mld']],
];

it.each(CASES)('%s', (_what, entitlements, short, full) => {
  const state = stateOf([license({ entitlements })], NOW);
  expect(purchaseInShort(state, NOW, DIMENSIONS)).toBe(short);
  expect(purchaseInFull(state, null, NOW, DIMENSIONS)).toEqual(full);
});

it('shows what is used of it, where that is known', () => {
  const state = stateOf([license({ entitlements: [seats(5)] })], NOW);
  const usage = [inUse('ReadOnly', 3, 5)];
  expect(purchaseInFull(state, usage, NOW, DIMENSIONS)).toEqual(['ReadOnly: 3 of 5 seats in use']);
  // A pool beside it makes no pool of it.
  const beside = stateOf([license({ entitlements: [seats(5), gigabytes(500)] })], NOW);
  const both = [
    ...usage,
    {
      ...{ name: 'DataConsumption', unit: 'Gigabytes' },
      ...{ consumed: quantity(410), maxCount: quantity(500) },
    },
  ];
  expect(purchaseInFull(beside, both, NOW, DIMENSIONS)).toEqual([
    'DataConsumption: 90 of 500 Gigabytes left (82 % used)',
    'ReadOnly: 3 of 5 seats in use',
  ]);
});

it('speaks as the seller does', () => {
  const dimensions: Dimensions = {
    ReadOnly: {
      ...SEAT,
      ...{ name: 'Node packs', singular: 'pack', plural: 'packs' },
      covers: { number: 20, of: 'nodes' },
    },
    Gold: { ...SEAT, name: 'Gold Support' },
  };
  const words = (count: number | null) => {
    const state = stateOf([license({ entitlements: [tier('Gold'), seats(count)] })], NOW);
    return purchaseInShort(state, NOW, dimensions);
  };
  expect(words(3)).toBe('Gold Support, Node packs: 3 packs (60 nodes)');
  expect(words(1)).toBe('Gold Support, Node packs: 1 pack (20 nodes)');
  expect(words(null)).toBe('Gold Support, Node packs: unlimited');
  // What one covers is said of a count, not of gigabytes.
  const inGigabytes = license({ entitlements: [{ ...gigabytes(3), name: 'ReadOnly' }] });
  expect(purchaseInShort(stateOf([inGigabytes], NOW), NOW, dimensions)).toBe('3 Gigabytes');
  const state = stateOf([license({ entitlements: [seats(3), seats(2, 'Admin')] })], NOW);
  expect(purchaseInShort(state, NOW, dimensions)).toBe(
    'Admin: 2 units, Node packs: 3 packs (60 nodes)',
  );
});

it('says by how much more is used than was bought', () => {
  const [of5, of500] = [seats(5), gigabytes(500)].map((entitlement) =>
    stateOf([license({ entitlements: [{ ...entitlement, overage: true }] })], NOW),
  );
  const used = (name: string, unit: string, consumed: number, maxCount: number) => [
    { name, unit, consumed: quantity(consumed), maxCount: quantity(maxCount) },
  ];
  expect(purchaseInFull(of5!, used('ReadOnly', 'Count', 7, 5), NOW, DIMENSIONS)).toEqual([
    'ReadOnly: 7 of 5 seats in use, over by 2',
  ]);
  expect(
    purchaseInFull(of500!, used('DataConsumption', 'Gigabytes', 500.5, 500), NOW, DIMENSIONS),
  ).toEqual(['DataConsumption: over by 0.5 Gigabytes (500.5 of 500 used)']);
  expect(
    purchaseInFull(of500!, used('DataConsumption', 'Gigabytes', 500, 500), NOW, DIMENSIONS),
  ).toEqual(['DataConsumption: 0 of 500 Gigabytes left (100 % used)']);
});

it.each<[string, Count['unit'], number | null, number | null, string, string]>([
  [
    'a pool',
    'Gigabytes',
    500,
    410,
    '90 of 500 Gigabytes left (82 % used)',
    '90 of 500 Gigabytes left',
  ],
  ['a pool', 'Gigabytes', 1, 0, '1 of 1 Gigabyte left (0 % used)', '1 of 1 Gigabyte left'],
  ['a pool', 'Gigabytes', 0, 0, '0 of 0 Gigabytes left', '0 of 0 Gigabytes left'],
  [
    'a pool',
    'Gigabytes',
    500,
    600,
    'over by 100 Gigabytes (600 of 500 used)',
    'over by 100 Gigabytes',
  ],
  ['a pool', 'Gigabytes', null, 5, 'unlimited', 'unlimited'],
  ['a pool', 'Gigabytes', 500, null, '500 Gigabytes', ''],
  ['a pool', 'Count', 1, 0, '1 of 1 unit left (0 % used)', '1 of 1 unit left'],
  ['held', 'Count', 5, 3, '3 of 5 units in use', '2 of 5 units left'],
  ['held', 'Count', 1, 1, '1 of 1 unit in use', '0 of 1 unit left'],
  ['a seat', 'Count', 5, 3, '3 of 5 seats in use', '2 of 5 seats left'],
  ['a seat', 'Count', 1, 1, '1 of 1 seat in use', '0 of 1 seat left'],
  ['held', 'None', null, null, 'included', ''],
  ['held', 'None', 5, null, '5', ''],
  ['held', 'Kilobytes/Second', 1, null, '1 Kilobytes/Second', ''],
  ['held', '3s', 1, null, '1 3s', ''],
  ['held', 's', 1, null, '1 s', ''],
  ['held', 'Ops', 1, null, '1 Op', ''],
])('%s, unit %s: %s, used %s', (what, unit, maxCount, consumed, used, left) => {
  const most = maxCount === null ? null : quantity(maxCount);
  const count = { name: 'Scans', unit, maxCount: most, isPool: what === 'a pool' };
  const other = { name: 'Other', unit, consumed: quantity(1), maxCount: null };
  const same = consumed === null ? [] : [{ ...count, consumed: quantity(consumed) }];
  const of: Dimensions = what === 'a seat' ? { Scans: SEAT } : {};
  expect(amountUsed(count, [other, ...same], of)).toBe(used);
  expect(amountUsed(count, null, of)).toBe(amountUsed(count, [other], of));
  if (left !== '') expect(amountLeft(count, quantity(consumed ?? 0), of)).toBe(left);
});

it.each<[Partial<Bought>, Partial<Bought>, readonly string[]]>([
  [{ counts: [one(5)] }, { counts: [one(8)] }, ['ReadOnly: 5 seats, 8 seats, from 5 to 8 seats']],
  [
    { counts: [one(5)] },
    { counts: [one(null)] },
    ['ReadOnly: 5 seats, unlimited, from 5 seats to unlimited'],
  ],
  [
    { counts: [one(null)] },
    { counts: [one(5)] },
    ['ReadOnly: unlimited, 5 seats, from unlimited to 5 seats'],
  ],
  [{ counts: [] }, { counts: [one(5)] }, ['ReadOnly: none, 5 seats, from none to 5 seats']],
  [{ counts: [one(5)] }, { counts: [] }, ['ReadOnly: 5 seats, none, from 5 seats to none']],
  [
    { counts: [one(5), one(3)] },
    { counts: [one(9)] },
    ['ReadOnly: 5 seats + 3 seats, 9 seats, from 5 seats + 3 seats to 9 seats'],
  ],
  [
    { counts: [one(5)] },
    { counts: [one(9), one(1)] },
    ['ReadOnly: 5 seats, 9 seats + 1 seat, from 5 seats to 9 seats + 1 seat'],
  ],
  [
    { counts: [one(5), one(2, 'Admin')] },
    { counts: [one(5), one(3, 'Admin')] },
    ['Admin: 2 seats, 3 seats, from 2 to 3 seats'],
  ],
  [{ tier: null }, { tier: 'Gold' }, ['Tier: none, Gold, from none to Gold']],
  [{ tier: 'Gold' }, { tier: null }, ['Tier: Gold, none, from Gold to none']],
  [
    { tier: 'Gold', counts: [one(5)] },
    { tier: 'Silver', counts: [one(8)] },
    ['Tier: Gold, Silver, from Gold to Silver', 'ReadOnly: 5 seats, 8 seats, from 5 to 8 seats'],
  ],
])('%j became %j', (before, after, words) => {
  const nothing: Bought = { tier: null, counts: [] };
  const amounts = differingAmounts(
    { ...nothing, ...before },
    { ...nothing, ...after },
    { dimensions: DIMENSIONS },
  );
  expect(
    amounts.map((each) => `${each.what}: ${each.before}, ${each.after}, ${each.words}`),
  ).toEqual(words);
  expect(amounts.map(({ kind }) => kind)).toEqual(
    words.map((each) => (each.startsWith('Tier') ? 'tier' : 'count')),
  );
});

function one(maxCount: number | null, name = 'ReadOnly'): Count {
  return { name, unit: 'Count', maxCount: maxCount === null ? null : quantity(maxCount) };
}

it.each([
  [0, 0, []],
  [1, 0, ['and 1 more entitlement']],
  [0, 2, ['and 2 more licenses']],
  [2, 1, ['and 2 more entitlements', 'and 1 more license']],
])('what a state had no room for is counted: %i, %i', (moreEntitlements, moreLicenses, words) => {
  const [first] = stateOf([license()], NOW);
  if (first === undefined) throw new Error('no license');
  const state = [
    { ...first, moreEntitlements },
    { ...first, licenseArn: 'b', moreLicenses },
  ];
  expect(knownPurchase(state, NOW, DIMENSIONS).more).toEqual(words);
  const only = [{ ...first, moreEntitlements, moreLicenses }];
  expect(purchaseInShort(only, NOW, DIMENSIONS)).toBe(
    words.length === 0 ? '5 seats' : ['ReadOnly: 5 seats', ...words].join(', '),
  );
});

it('of two licenses says which allows what, and of which is used what only where but one does', () => {
  const state = stateOf(
    [
      license({ arn: '0123456789abcdef', entitlements: [seats(5)] }),
      license({ arn: 'fedcba9876543210', entitlements: [seats(10), seats(2, 'Admin')] }),
    ],
    NOW,
  );
  const used = (name: string) => ({
    name,
    unit: 'Count',
    consumed: quantity(1),
    maxCount: quantity(15),
  });
  expect(purchaseInShort(state, NOW, DIMENSIONS)).toBe(
    'ReadOnly: 5 seats + 10 seats, Admin: 2 seats',
  );
  expect(purchaseInFull(state, [used('ReadOnly'), used('Admin')], NOW, DIMENSIONS)).toEqual([
    'ReadOnly: 5 seats (license ...89abcdef)',
    'Admin: 1 of 2 seats in use (license ...76543210)',
    'ReadOnly: 10 seats (license ...76543210)',
  ]);
});

it('of the tiers that the seller lists only the highest counts; without a list, all are named', () => {
  const state = stateOf([license({ entitlements: [tier('Gold'), tier('Silver')] })], NOW);
  expect(knownPurchase(state, NOW, DIMENSIONS).tiers).toEqual(['Gold', 'Silver']);
  expect(knownPurchase(state, NOW, DIMENSIONS, ['Silver', 'Gold']).tiers).toEqual(['Gold']);
});
