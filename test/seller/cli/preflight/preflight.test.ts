import { beforeEach, describe, expect, it, test } from 'vitest';
import { answerSettings } from '../../../../lambdas/check-licenses/answer-settings.ts';
import {
  NO_READING,
  NOTHING_COUNTED,
  type AgreementReading,
} from '../../../../lib/domain/agreement/kept-agreement.ts';
import { PROBE_KINDS, type ProbeKind } from '../../../../lib/domain/check/observation.ts';
import type { Entitlement } from '../../../../lib/domain/license/contract.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../../../../lib/domain/license/product.ts';
import { quantity } from '../../../../lib/domain/license/quantity.ts';
import {
  judgeProduct,
  type ProductFacts,
} from '../../../../lib/seller/cli/commands/preflight/judge.ts';
import { anAgreement, aKeptAgreement } from '../../../support/agreements.ts';
import { at, denied, read } from '../../../support/health.ts';
import { seats, SEAT, tier, USAGE } from '../../../support/licenses.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aLicense,
  aProduct,
  BUYER,
  REGISTERED,
} from '../../../support/records.ts';
import { Terminal } from '../../../support/terminal.ts';

const OWN = 'aws:999900001111:Self:issuer-fingerprint';
const TIERS = ['BasicTier', 'PremiumTier'];
const GUID = '2205b290-19e6-4c76-9eea-377d6bf71a47';

function deployed(changes: Partial<Product> = {}) {
  const [product] = answerSettings({ products: [aProduct(changes)] }).products;
  if (product === undefined) throw new Error('the product is retired');
  return product;
}

function readAll(found: Partial<AgreementReading['found']> = {}): ProductFacts['reading'] {
  const fullAt = at('2027-03-01T09:00:00Z');
  return read({ ...NO_READING, fullAt, readAt: fullAt, found: { ...NOTHING_COUNTED, ...found } });
}

function facts(changes: Partial<ProductFacts> = {}): ProductFacts {
  return {
    product: deployed({ tiers: TIERS }),
    isProductCode: false,
    agreementsSetting: 'on',
    reading: readAll({ kept: 1 }),
    agreements: { all: 1, goOn: 1 },
    contracts: [contract([tier('BasicTier')])],
    local: false,
    ...changes,
  };
}

function contract(
  entitlements: readonly Entitlement[],
  kind: ProbeKind | null = 'accepted',
  entitlementName: string | null = entitlements[0]?.name ?? null,
): ProductFacts['contracts'][number] {
  return {
    who: `${BUYER} (Example Corp)`,
    head: {
      state: [aLicense({ entitlements })],
      needed: 'held',
      lastProbe:
        kind === null ? null : { kind, entitlementName, licenseArn: null, since: REGISTERED },
    },
  };
}

const levels = (of: ProductFacts) =>
  judgeProduct(of).map(({ area, level, what }) => `${area} ${level}: ${what}`);

describe('the judgement', () => {
  it('finds nothing amiss where all fits', () => {
    expect(judgeProduct(facts()).map(({ level }) => level)).not.toContain('warning');
    expect(levels(facts())).toMatchInlineSnapshot(`
      [
        "settings ok: the SKU prod-abcdefghijklm has the form of a product ID",
        "settings ok: the fingerprint is the one of real purchases",
        "agreements ok: 1 agreement of prod-abcdefghijklm, 1 in force",
        "entitlements ok: understood: "BasicTier" (None)",
        "grant ok: it allows checkouts and check-ins",
        "probe ok: a checkout of "BasicTier" was accepted, and holds no seat",
      ]
    `);
  });

  const sold = (changes: Partial<Product>) => ({ product: deployed({ tiers: TIERS, ...changes }) });
  const none = { agreements: { all: 0, goOn: 0 } };
  const asTest = sold({ issuerFingerprint: OWN });
  const trouble = { cause: 'denied', detail: 'no', since: REGISTERED } as const;
  const ONLY = 'only licenses with the fingerprint';
  const UNKNOWN =
    'agreements warning: whether prod-abcdefghijklm stands in an agreement is not known';
  test.each<[string, Partial<ProductFacts>, string]>([
    ['a product code', { isProductCode: true }, 'settings failure: the productSku of'],
    ['an odd SKU', sold({ productSku: 'my-product' }), 'settings warning: my-product: neither'],
    ['an odd former SKU', sold({ formerSkus: ['old'] }), 'settings warning: old: neither'],
    ['a GUID', sold({ productSku: GUID }), 'settings ok: the SKU 2205b290'],
    ['a test license’s fingerprint, and sold', asTest, `settings failure: ${ONLY}`],
    ['the same, and not sold', { ...asTest, ...none }, `settings warning: ${ONLY}`],
    ['the same on the local cloud', { ...asTest, local: true }, `settings ok: ${ONLY}`],
    [
      'agreements of other products',
      { ...none, reading: readAll({ otherProducts: 3 }) },
      'agreements warning: no agreement names',
    ],
    ['a reading not done', { ...none, reading: read(NO_READING) }, `${UNKNOWN}: they have not all`],
    ['no reading', { ...none, reading: read(undefined) }, `${UNKNOWN}: they have not all`],
    [
      'agreements that cannot be read',
      { ...none, reading: read({ ...NO_READING, trouble }) },
      `${UNKNOWN}: they cannot`,
    ],
    ['agreements off', { ...none, agreementsSetting: 'off' }, `${UNKNOWN}: the setting`],
    [
      'a table that may not be read',
      { ...none, reading: denied('dynamodb:Query') },
      'agreements warning: the progress of their reading could not be read',
    ],
    ['no license', { contracts: [] }, 'entitlements warning: no license was seen yet'],
  ])('of %s', (_what, changes, line) => {
    expect(levels(facts(changes)).filter((each) => each.startsWith(line))).toHaveLength(1);
  });

  const MANY = [contract([tier('BasicTier')]), contract([tier('BasicTier')])];
  test('names three buyers and counts the others', () => {
    const contracts = Array.from({ length: 5 }, (_, n) => ({
      ...contract([tier('Odd')]),
      who: `buyer ${n}`,
    }));
    expect(
      judgeProduct(facts({ contracts })).find(({ level }) => level === 'warning')?.detail,
    ).toBe(
      'in licenses of buyer 0, buyer 1, buyer 2 and 2 more; whether it is more or less than another cannot be told',
    );
    expect(levels(facts({ contracts: MANY })).some((line) => line.includes('warning'))).toBe(false);
  });
});

describe('an entitlement', () => {
  const pool: Entitlement = {
    ...{ name: 'Data', unit: 'Gigabytes', value: null, maxCount: quantity(5), overage: false },
  };
  const known = { tiers: TIERS };
  const counted = { dimensions: { ReadOnly: SEAT } };
  test.each<[string, Entitlement, Partial<Product>, string]>([
    ['a tier of the settings', tier('PremiumTier'), known, 'ok: understood'],
    ['what proves an agreement', USAGE, known, 'ok: understood'],
    ['a dimension of the settings', seats(5), counted, 'ok: understood'],
    ['in no list', tier('Gold'), known, 'warning: "Gold" (None) is not among the tiers'],
    [
      'a tier, misspelt',
      tier('premium_tier'),
      known,
      'failure: "premium_tier" (None) is spelled "PremiumTier"',
    ],
    [
      'a dimension, misspelt',
      seats(5, 'readonly'),
      counted,
      'failure: "readonly" (Count) is spelled "ReadOnly"',
    ],
    ['a tier, counted', seats(1, 'PremiumTier'), known, 'warning: "PremiumTier" (Count) is among'],
    [
      'a number of something',
      pool,
      {},
      'warning: "Data" (Gigabytes) is described only by its unit',
    ],
    ['a name of an object', seats(1, '__proto__'), {}, 'warning: "__proto__" (Count)'],
  ])('that is %s', (_what, entitlement, settings, line) => {
    const product = deployed({ tiers: [], dimensions: {}, ...settings });
    const found = levels(facts({ product, contracts: [contract([entitlement])] }));
    expect(found.filter((each) => each.startsWith(`entitlements ${line}`))).toHaveLength(1);
  });

  it('from a hostile account is shown as what it is, on one line', () => {
    const name = `x\u202e\n\u001b[31m${'y'.repeat(5_000)}`;
    for (const { what, detail } of judgeProduct(facts({ contracts: [contract([tier(name)])] }))) {
      expect(`${what}${detail ?? ''}`).not.toMatch(/[\u202e\n\u001b]/);
      expect(what.length).toBeLessThan(300);
    }
  });

  it('that the product needs to start, and a buyer lacks, is said', () => {
    const [one] = [contract([seats(5)])];
    const contracts = [{ ...one, head: { ...one.head, needed: 'missing' as const } }];
    const product = deployed({ dimensions: { Nodes: { ...SEAT, neededToStart: true } } });
    expect(levels(facts({ product, contracts }))).toContain(
      'entitlements warning: 1 without Nodes',
    );
  });
});

describe('grant and probe', () => {
  const of = (kind: ProbeKind | null) =>
    levels(facts({ contracts: [contract([tier('BasicTier')], kind)] })).filter((line) =>
      /^(grant|probe)/.test(line),
    );

  it('are said of every kind of probe', () => {
    expect(
      Object.fromEntries(
        PROBE_KINDS.map((kind) => [kind, of(kind).map((line) => line.slice(0, 70))]),
      ),
    ).toMatchInlineSnapshot(`
      {
        "accepted": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: a checkout of "BasicTier" was accepted, and holds no seat",
        ],
        "another-license": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: the answer names no license in force whose grant allows",
        ],
        "another-name": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: the answer allows another entitlement",
        ],
        "check-in-not-granted": [
          "grant warning: the grant does not allow both CheckoutLicense and Check",
        ],
        "checkout-not-granted": [
          "grant failure: the grant does not allow CheckoutLicense",
        ],
        "denied": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: the buyer’s role may not check out",
        ],
        "failed": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: a checkout failed",
        ],
        "none-free": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: fewer than 2 units are known to be free",
        ],
        "none-in-force": [
          "grant warning: what it allows is not known",
          "probe ok: nothing was tried: no license is in force",
        ],
        "none-returnable": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: its entitlements of unit None cannot be r",
        ],
        "not-permitted": [
          "grant warning: what it allows is not known",
          "probe ok: nothing was tried: the buyer’s stack does not permit probing",
        ],
        "not-returnable": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: it has no seats that can be returned",
        ],
        "nothing-allowed": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: the answer allows nothing",
        ],
        "only-drawdown": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: a drawdown license is probed with a unit ",
        ],
        "only-seats": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: no entitlement of unit None; counted prob",
        ],
        "out-of-time": [
          "grant warning: what it allows is not known",
          "probe ok: nothing was tried: the time of this look was used up by its ",
        ],
        "refused": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: a checkout of "BasicTier" was refused",
        ],
        "refused-counted": [
          "grant ok: it allows checkouts and check-ins",
          "probe warning: a checkout of "BasicTier" was refused",
        ],
        "several-licenses": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: several licenses are in force: which one ",
        ],
        "switched-off": [
          "grant warning: what it allows is not known",
          "probe ok: nothing was tried: probing is switched off for this product",
        ],
        "unit-out": [
          "grant ok: it allows checkouts and check-ins",
          "probe ok: nothing was tried: a unit that an earlier probe took was not",
        ],
      }
    `);
    expect(of(null)).toEqual(['grant warning: what it allows is not known']);
  });

  it('of a counted unit do not say that it held no seat', () => {
    const found = levels(facts({ contracts: [contract([seats(5)])] }));
    expect(found).toContain(
      'probe ok: a checkout of one unit of "ReadOnly" was accepted, and returned',
    );
  });
});

describe('preflight', () => {
  let terminal: Terminal;
  let products: Product[];
  beforeEach(async () => {
    terminal = new Terminal();
    terminal.agreementsSetting = 'on';
    products = [aProduct(), aProduct({ id: 'other', productSku: 'prod-nopqrstuvwxyz' })];
    terminal.answer = () => JSON.parse(JSON.stringify(answerSettings({ products }))) as unknown;
    const { buyers, contracts, agreements } = terminal.store;
    await buyers.put(aBuyer({ name: 'Evil\u001b[31mCorp' }), undefined, REGISTERED);
    const head = aHead({
      entries: 0,
      state: [aLicense({ entitlements: [seats(5)] })],
      lastProbe: { kind: 'only-seats', entitlementName: null, licenseArn: null, since: REGISTERED },
    });
    await contracts.record(aDecision({ head }), null, head, undefined);
    await agreements.put(aKeptAgreement({ agreement: anAgreement() }), undefined);
  });

  it('says of each product what it found, then what is the product’s own', async () => {
    expect(await terminal.run('preflight')).toBe(0);
    expect(terminal.requested).toEqual([
      { whom: 'checks', request: { format: 1, request: 'settings' } },
    ]);
    expect(terminal.out).not.toContain('\u001b');
    for (const line of terminal.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(terminal.out).toContain('design-suite (Design Suite)');
    expect(terminal.out).toContain('1 agreement of prod-abcdefghijklm, 1 in force');
    expect(terminal.out).toContain('no license was seen yet');
    for (const call of ['RegisterUsage', 'MeterUsage', 'ExtendLicenseConsumption', 'Free products'])
      expect(terminal.out).toMatch(new RegExp(`^ {2}${call} `, 'm'));
  });

  it('is of one product, as JSON, and fails where anything does', async () => {
    terminal.productCodes = ['other'];
    expect(await terminal.run('preflight', 'other', '--json')).toBe(1);
    expect(terminal.json()).toMatchObject({
      ready: false,
      products: [{ id: 'other', productSku: 'prod-nopqrstuvwxyz' }],
      own: expect.arrayContaining([
        { call: 'RegisterUsage', rule: expect.any(String) as string },
      ]) as unknown,
    });
    expect(await terminal.run('preflight', 'design-suite', '--json')).toBe(0);
    expect(terminal.json()).toMatchObject({ ready: true });
  });

  it('is misused with a product that nobody deployed', async () => {
    expect(await terminal.run('preflight', 'nonsense')).toBe(2);
    expect(terminal.err).toContain('"design-suite", "other"');
  });

  it('says so where the deployed function is of an older version', async () => {
    terminal.answer = () => ({ format: 1, request: 'settings', outcome: 'unheard-of' });
    expect(await terminal.run('preflight')).toBe(1);
    expect(terminal.err).toContain('deploy the version that you use here');
  });
});

it('knows the fingerprint of real purchases', () => {
  expect(deployed().issuerFingerprint).toBe(MARKETPLACE_FINGERPRINT);
});
