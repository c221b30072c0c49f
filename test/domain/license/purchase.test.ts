import { describe, expect, it } from 'vitest';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import { type Entitlement, isOwned } from '../../../lib/domain/license/contract.ts';
import {
  dimensionsIn,
  isPool,
  knownProduct,
  type Product,
  productCodes,
  productCodeWords,
  productOfEntry,
} from '../../../lib/domain/license/product.ts';
import { purchaseOf } from '../../../lib/domain/license/purchase.ts';
import { product } from '../../support/contracts.ts';
import {
  DIMENSIONS,
  gigabytes,
  license,
  SEAT,
  seats,
  tier,
  USAGE,
} from '../../support/licenses.ts';

const TIERED = product({ tiers: ['Basic', 'Pro'] });

it.each<[string, Product, readonly Entitlement[], string | null, readonly string[]]>([
  [
    'seats of one name together',
    product(),
    [seats(5), USAGE, seats(3)],
    null,
    ['8 ReadOnly Count'],
  ],
  [
    'unlimited with any',
    product(),
    [seats(5), seats(null), seats(3)],
    null,
    ['null ReadOnly Count'],
  ],
  ['unlimited first', product(), [seats(null), seats(5)], null, ['null ReadOnly Count']],
  [
    'by name and unit',
    product(),
    [seats(5, 'B'), { ...gigabytes(7), name: 'A' }, seats(1, 'A')],
    null,
    ['1 A Count', '7 A Gigabytes', '5 B Count'],
  ],
  ['the highest tier of the list', TIERED, [tier('Pro'), tier('Basic')], 'Pro', []],
  [
    'a tier that is counted',
    TIERED,
    [seats(2, 'Pro'), seats(5)],
    'Pro',
    ['2 Pro Count', '5 ReadOnly Count'],
  ],
  ['a known tier before an unknown one', TIERED, [tier('Secret'), tier('Basic')], 'Basic', []],
  ['all of the unknown ones', TIERED, [tier('Secret'), tier('Other')], 'Other, Secret', []],
  ['no tier', TIERED, [seats(5)], null, ['5 ReadOnly Count']],
])('what was bought is %s', (_, of, entitlements, name, counts) => {
  const { bought, isIncomparable } = purchaseOf(canonicalLicense(license({ entitlements })), of);
  expect(bought.tier).toBe(name);
  expect(bought.counts.map((each) => `${each.maxCount} ${each.name} ${each.unit}`)).toEqual(counts);
  expect(isIncomparable).toBe(name === 'Other, Secret');
});

it.each([
  ['None', null, true],
  ['None', '', true],
  ['None', ' Enabled ', true],
  ['None', 'ENABLED', true],
  ['None', 'Disabled', false],
  ['Count', 'Disabled', true],
])('unit %s with value %j is owned: %s', (unit, value, owned) => {
  expect(isOwned({ unit, value })).toBe(owned);
});

it('a product that only its ledger shows is known by what that keeps of the settings', () => {
  const of = knownProduct('suite', 'Suite', DIMENSIONS);
  expect(of).toEqual({
    ...{ id: 'suite', name: 'Suite', productSku: '', formerSkus: [], tiers: [] },
    ...{ dimensions: DIMENSIONS, issuerFingerprint: product().issuerFingerprint },
    ...{
      reminderDays: [],
      decisionDays: [],
      probe: 'off',
      contact: '',
      renewalUrl: null,
      retired: false,
    },
  });
  const entry = { productId: 'suite', productName: 'Suite' };
  expect(productOfEntry({ ...entry, dimensions: DIMENSIONS })).toEqual(of);
  expect(productOfEntry(entry, 'us@example.com')).toMatchObject({
    dimensions: {},
    contact: 'us@example.com',
  });
});

describe('what is checked out', () => {
  const said = (usedUp: boolean | null) => ({ Scans: { ...SEAT, usedUp } });
  it.each([
    ['Count', {}, null, false],
    ['Count', { allowCheckIn: false as const }, null, true],
    ['Count', {}, true, true],
    ['Count', { allowCheckIn: false as const }, false, false],
    ['Gigabytes', {}, null, true],
    ['Bits', {}, null, true],
    ['Microseconds', {}, null, true],
    ['Gigabytes', {}, false, false],
    ['Gigabytes/Second', {}, null, false],
    ['Count/Second', {}, null, false],
    ['Percent', {}, null, false],
    ['Furlongs', {}, null, false],
    ['None', { allowCheckIn: false as const }, true, false],
  ])('in %s, %j, where the seller says %s, is used up: %s', (unit, traits, usedUp, expected) => {
    expect(isPool({ name: 'Scans', unit, ...traits }, said(usedUp))).toBe(expected);
    if (usedUp === null) expect(isPool({ name: 'Scans', unit, ...traits }, {})).toBe(expected);
  });

  it('of a dimension with the name that AWS’s guide gives a pool is used up', () => {
    const name = 'AWS::Marketplace::Usage/Drawdown/DataConsumption';
    expect(isPool({ name, unit: 'Count' }, {})).toBe(true);
    expect(isPool({ name: 'constructor', unit: 'Count' }, {})).toBe(false);
  });
});

it('a product code in the place of a product ID is found, in former SKUs, too, but not of a retired product', () => {
  const code = '3i5u8Ab9c0d1e2f3g4h5i6j7k';
  const suspects = [
    product({ id: 'now', productSku: code }),
    product({ id: 'before', formerSkus: ['prod-abcdefghijklm', code] }),
    product({ id: 'retired', productSku: code, retired: true }),
    product({ id: 'longer', productSku: `${code}x` }),
    product({ id: 'part', productSku: `prod-${code.slice(5)}`, formerSkus: [code.slice(1)] }),
    product({ id: 'guid', productSku: `-${code}` }),
  ];
  expect(productCodes(suspects)).toEqual(['now', 'before']);
  expect(productCodeWords(['now', 'before'])).toBe(
    'the productSku of "now", "before" has 25 letters and digits, as a product code has: no license is found by that',
  );
});

it('of the settings, what the licenses hold is kept', () => {
  const states = [[canonicalLicense(license({ entitlements: [USAGE, seats(5)] }))]];
  expect(dimensionsIn(states, DIMENSIONS)).toEqual({ ReadOnly: SEAT });
  expect(dimensionsIn([], DIMENSIONS)).toEqual({});
});
