import { expect, it } from 'vitest';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import { type Entitlement, isOwned } from '../../../lib/domain/license/contract.ts';
import { knownProduct, type Product, productOfEntry } from '../../../lib/domain/license/product.ts';
import { purchaseOf } from '../../../lib/domain/license/purchase.ts';
import { product } from '../../support/contracts.ts';
import { gigabytes, license, seats, tier, USAGE } from '../../support/licenses.ts';

const TIERED = product({ pricing: 'tiered', tiers: ['Basic', 'Pro'] });

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

it.each<[readonly Entitlement[], Product['pricing']]>([
  [[USAGE, seats(5)], 'floating'],
  [[USAGE], 'floating'],
  [[seats(5), gigabytes(5)], 'drawdown'],
  [[seats(5), gigabytes(5), tier('Pro')], 'tiered'],
  [[seats(5), { ...tier('Pro'), value: 'Disabled' }], 'floating'],
])('a product that only its licenses show is known by their units', (entitlements, pricing) => {
  const after = [canonicalLicense(license({ entitlements }))];
  expect(knownProduct('suite', 'Suite', after)).toEqual({
    ...{ id: 'suite', name: 'Suite', pricing, productSku: '', formerSkus: [], tiers: [] },
    ...{ issuerFingerprint: product().issuerFingerprint, reminderDays: [], probe: 'off' },
    ...{ contact: '', renewalUrl: null, retired: false },
  });
  const entry = { productId: 'suite', productName: 'Suite', before: after, after: [] };
  expect(productOfEntry(entry, 'us@example.com')).toMatchObject({
    pricing,
    contact: 'us@example.com',
  });
  expect(productOfEntry({ ...entry, before: null, after })).toMatchObject({ pricing, contact: '' });
});
