import { afterEach, describe, expect, test } from 'vitest';
import { observe } from '../../../lib/aws/license-manager/observe.ts';
import { readVersions } from '../../../lib/aws/license-manager/read-licenses.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import { instant } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { SWITCHES, type Switches } from '../../../lib/workbench/license-manager/switches.ts';
import {
  BUYER,
  DATA,
  SEATS,
  serveAlone,
  SKU,
  StandIn,
  TIER,
  USAGE,
} from '../../workbench/license-manager/stand-in.ts';
import {
  CREDENTIALS,
  floatingProduct,
  lookRequest,
  lookTools,
  managerAt,
  type ReportingTools,
} from '../../support/looking.ts';
import { sha256 } from '../../../lib/aws/text.ts';

let served: Awaited<ReturnType<typeof serveAlone>> | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** The stand-in over HTTP, and looks of the buyer's session at it through the real SDK client. */
async function watching(switches: Partial<Switches> = {}) {
  await served?.close();
  const standIn = new StandIn(switches);
  served = await serveAlone(standIn.manager, { [CREDENTIALS.accessKeyId]: BUYER });
  const manager = managerAt(served.url, 200);
  const tools: ReportingTools = lookTools({ now: () => instant(standIn.now), sha256 });
  const product = (changes: Partial<Product>) => floatingProduct({ productSku: SKU, ...changes });
  const looked = (changes: Partial<Product> = {}, checkId = 'check-1'): Promise<Observation> => {
    const buyer = { buyerAccountId: BUYER, probe: true, shareUsage: true };
    return observe(manager, lookRequest({ buyer, product: product(changes), checkId }), tools);
  };
  return { standIn, tools, looked, manager };
}

const POSITIONS = Object.entries(SWITCHES).flatMap(([name, positions]) =>
  positions.map((position) => [name, position] as const),
);

test.each([
  ['AccessDeniedException', 'full', []],
  ['allowed', 'full', ['1', '2', '3']],
  ['allowed', 'empty', ['1', '2', '3']],
] as const)(
  'versions of a license, where listing them is %s and the first page %s',
  async (granteeListsVersions, firstPage, versions) => {
    const { standIn, manager } = await watching({ granteeListsVersions, firstPage });
    const { arn } = await standIn.purchase();
    await standIn.amend(arn);
    await standIn.amend(arn, { Status: 'SUSPENDED' });
    const { licenses, problem } = await readVersions(manager, arn, new AbortController().signal);
    expect(licenses.map(({ version }) => version)).toEqual(versions);
    expect(problem).toEqual(
      granteeListsVersions === 'allowed' ? null : expect.stringMatching(/^AccessDeniedException/),
    );
    expect(licenses.map(({ status }) => status).slice(1)).toEqual(
      versions.length === 0 ? [] : ['AVAILABLE', 'SUSPENDED'],
    );
  },
);

/** A success is accepted only by the name that was asked for, and the license that was read. */
function outcomeWith(position: string): 'accepted' | 'unclear' {
  return [
    'EntitlementsAllowed-empty',
    'EntitlementsAllowed-other-name',
    'LicenseArn-other',
  ].includes(position)
    ? 'unclear'
    : 'accepted';
}

describe.each(POSITIONS)('with %s = %s', (name, position) => {
  test('a license of each kind is read whole, probed, and nothing stays checked out', async () => {
    const { standIn, tools, looked } = await watching({ [name]: position });
    await standIn.purchase({ Entitlements: [SEATS, USAGE] });
    standIn.now += 2 * 60_000;
    const floating = await looked({ probe: 'counted' }, 'check-1');
    expect(floating).toMatchObject({
      kind: 'seen',
      licenses: [
        {
          status: 'AVAILABLE',
          receivedStatus: 'ACTIVE',
          validity: { begin: '2027-01-01T00:00:00Z', end: '2028-01-01T00:00:00Z' },
          entitlements: [
            { name: 'ReadOnly', unit: 'Count', maxCount: quantity(5) },
            { name: 'AWS::Marketplace::Usage', unit: 'None' },
          ],
        },
      ],
      foreign: [],
      probe: {
        outcome: outcomeWith(position),
        entitlementName: 'AWS::Marketplace::Usage',
        checkedIn: true,
      },
    });
    expect(tools.reports).toMatchObject(
      position === 'LicenseArn-other' ? [{ kind: 'other-license-drawn' }] : [],
    );
    expect(standIn.manager.openCheckouts()).toEqual([]);
  });

  test('counted seats, tiers and pools are probed without a trace', async () => {
    for (const [Entitlements, product] of [
      [[SEATS], { probe: 'counted' }],
      [[TIER], { tiers: ['PremiumTier'] }],
      [[DATA, USAGE], {}],
    ] as const) {
      const { standIn, looked } = await watching({ [name]: position });
      await standIn.purchase({ Entitlements });
      standIn.now += 2 * 60_000;
      const observation = await looked(product);
      expect(observation).toMatchObject({ kind: 'seen' });
      // Where usage is denied nobody knows what is free, so no seat is asked for.
      const denied =
        name === 'granteeReadsUsage' && position === 'AccessDeniedException' && 'probe' in product;
      expect(observation).toMatchObject({
        probe: { outcome: denied ? 'not-probed' : outcomeWith(position) },
      });
      expect(standIn.manager.openCheckouts()).toEqual([]);
      expect(standIn.manager.seatsHeld()).toBe(0);
    }
  });

  test('a redelivered check leaves nothing checked out either', async () => {
    const { standIn, looked } = await watching({ [name]: position });
    await standIn.purchase({ Entitlements: [SEATS] });
    standIn.now += 2 * 60_000;
    await looked({ probe: 'counted' }, 'check-1');
    await looked({ probe: 'counted' }, 'check-1');
    expect(standIn.manager.seatsHeld()).toBe(0);
  });

  test('a license past its end is never probed and never blind', async () => {
    const { standIn, looked } = await watching({ [name]: position });
    await standIn.purchase();
    standIn.now = Date.UTC(2028, 0, 2);
    expect(await looked()).toMatchObject({ kind: 'seen', probe: { outcome: 'not-probed' } });
  });
});

describe('with a fault', () => {
  test.each([
    ['throttled', { kind: 'trouble', cause: 'throttled' }],
    ['failing', { kind: 'trouble', cause: 'aws-failing' }],
    ['no-service-role', { kind: 'blind', cause: 'service-linked-role-missing' }],
    ['malformed', { kind: 'trouble', cause: 'unexpected-answer' }],
  ] as const)('%s everywhere, the observation says so', async (kind, observation) => {
    const { standIn, looked } = await watching();
    await standIn.purchase();
    const lift = standIn.manager.faults.inject({ kind });
    expect(await looked()).toMatchObject(observation);
    lift();
  });

  test('that loses the answer of a counted checkout, at most one seat is out until its time to live', async () => {
    for (const clientTokenReplay of SWITCHES.clientTokenReplay) {
      const { standIn, looked } = await watching({ clientTokenReplay });
      await standIn.purchase({ Entitlements: [SEATS] });
      standIn.manager.faults.inject({ kind: 'answer-lost' }, { operation: 'CheckoutLicense' });
      expect(await looked({ probe: 'counted' })).toMatchObject({
        kind: 'seen',
        probe: { outcome: 'failed' },
      });
      expect(standIn.manager.seatsHeld()).toBe(1);
      standIn.now += 61 * 60_000;
      expect(standIn.manager.seatsHeld()).toBe(0);
    }
  });

  test('that loses the answer of a check-in, nothing is out', async () => {
    const { standIn, looked } = await watching();
    await standIn.purchase({ Entitlements: [SEATS] });
    standIn.manager.faults.inject(
      { kind: 'answer-lost' },
      { operation: 'CheckInLicense', times: 1 },
    );
    expect(await looked({ probe: 'counted' })).toMatchObject({
      probe: { outcome: 'accepted', checkedIn: true },
    });
    expect(standIn.manager.seatsHeld()).toBe(0);
  });
});
