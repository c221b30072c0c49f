import type { License } from '../../domain/license/contract.ts';
import type { Product } from '../../domain/license/product.ts';
import { share } from '../../domain/license/quantity.ts';
import {
  another,
  entitlementsOnSale,
  mixed,
  poolNames,
  unknown,
} from '../../domain/simulation/altered-licenses.ts';
import { ACCEPTED, REFUSED, seen } from '../../domain/simulation/simulated-contract.ts';
import type { Instant } from '../../domain/time.ts';
import type { Phase, SampleCase } from './sample-mails.ts';

/** Every license of the cases begins at this instant and ends a year later, unless its case says otherwise. */
const BEGIN = '2026-02-01T00:00:00Z' as Instant;
const END = '2027-02-01T00:00:00Z' as Instant;
const NEXT_END = '2028-02-01T00:00:00Z' as Instant;
const FIRST_LOOK = '2026-03-01T00:00:00Z' as Instant;

/** AWS's answer for each cause. */
const DETAILS = {
  'role-missing-or-untrusting': 'AccessDenied: not authorized to perform sts:AssumeRole',
  'service-linked-role-missing': 'AccessDeniedException: Service role not found',
} as const;

/** The cases of one product: together they have every change and every reminder that can happen to it. */
export function sampleCasesOf(product: Product): readonly SampleCase[] {
  const of = phasesOf(product);
  const cases: readonly (readonly [string, readonly Phase[], (string | null)?])[] = [
    ['Aurora Labs', [of.phase(FIRST_LOOK, of.license())]],
    ['Borealis Bank', of.morePurchased()],
    ['Cumulus Foods', of.renewedLate()],
    ['Delta Works', of.grants()],
    ['Éclair Média', of.blindForADay()],
    ['Fjord Systems', of.overlapping()],
    ['Großmann KG', of.futureRenewal(), '2027-01-10'],
    [
      'Helix Instruments',
      [of.phase(FIRST_LOOK, of.license({ validity: { begin: BEGIN, end: null } }))],
    ],
    ['Ionic Travel', [of.phase(FIRST_LOOK, of.license())], null],
    ['Jasmine Retail', of.odd()],
    ['Krypton Freight', of.taken()],
    ...(poolNames(product.dimensions).length > 0
      ? [['Lumen Insurance', of.pool()] as const, ['Marble Press', of.exceededPool()] as const]
      : []),
  ];
  return cases.map(([name, phases, confirmed], index) => ({
    buyer: { buyerAccountId: String(222_200_000_001 + index), name },
    product,
    phases,
    confirmed: confirmed === null ? null : confirmed === undefined ? FIRST_LOOK : day(confirmed),
  }));
}

function phasesOf(product: Product) {
  const license = (traits: Partial<License> = {}, id = '0f3c9a7712345678'): License => ({
    ...another(undefined, product, BEGIN),
    licenseArn: `arn:aws:license-manager::294406891311:license:l-${id}`,
    version: '1',
    validity: { begin: BEGIN, end: END },
    ...traits,
  });
  const second = (traits: Partial<License>): License => license(traits, '77aa01bb89abcdef');
  const phase = (from: string, ...licenses: License[]): Phase => ({
    from: day(from),
    observation: seen(licenses),
  });
  const blind = (from: string, cause: keyof typeof DETAILS): Phase => ({
    from: day(from),
    observation: { kind: 'blind', cause, detail: DETAILS[cause] },
  });
  const used = (from: string, consumed: number, overage = false): Phase => ({
    from: day(from),
    observation: {
      ...seen([
        license({
          entitlements: entitlementsOnSale(product, 1).map((each) => ({ ...each, overage })),
        }),
      ]),
      usage: entitlementsOnSale(product, 1).flatMap(({ name, unit, maxCount }) =>
        maxCount === null ? [] : [{ name, unit, consumed: share(maxCount, consumed), maxCount }],
      ),
    },
  });
  return {
    license,
    phase,
    morePurchased: () => [
      phase(FIRST_LOOK, license()),
      phase('2026-05-04', license({ version: '2', entitlements: entitlementsOnSale(product, 1) })),
      phase('2026-06-08', license({ version: '3', entitlements: entitlementsOnSale(product, 0) })),
      phase('2026-07-06', license({ version: '4', entitlements: mixed(product) })),
      phase(
        '2026-11-20',
        license({
          version: '5',
          entitlements: mixed(product),
          validity: { begin: BEGIN, end: NEXT_END },
        }),
      ),
    ],
    renewedLate: () => [
      phase(FIRST_LOOK, license()),
      phase(
        '2027-02-01T00:30',
        license(),
        second({ validity: { begin: day('2027-02-01T00:20'), end: NEXT_END } }),
      ),
      phase(
        '2027-03-01',
        second({
          status: 'SUSPENDED',
          validity: { begin: day('2027-02-01T00:20'), end: NEXT_END },
        }),
      ),
      phase(
        '2027-03-05',
        second({ version: '2', validity: { begin: day('2027-02-01T00:20'), end: NEXT_END } }),
      ),
      phase(
        '2027-03-20',
        second({
          version: '2',
          status: 'DELETED',
          validity: { begin: day('2027-02-01T00:20'), end: NEXT_END },
        }),
      ),
    ],
    grants: () => [
      phase(FIRST_LOOK, license({ receivedStatus: 'PENDING_ACCEPT' })),
      phase('2026-03-10', license()),
      phase('2026-04-10', license({ receivedStatus: 'DISABLED' })),
      phase('2026-04-12', license()),
      phase('2026-09-01'),
      phase('2026-09-15', second({ validity: { begin: day('2026-10-01'), end: NEXT_END } })),
    ],
    blindForADay: () => [
      phase(FIRST_LOOK, license()),
      blind('2026-04-15', 'role-missing-or-untrusting'),
      phase('2026-04-16', license()),
      blind('2026-05-15', 'service-linked-role-missing'),
      phase('2026-05-20', license()),
      {
        from: day('2026-06-15'),
        observation: {
          kind: 'trouble',
          cause: 'aws-failing',
          detail: 'ServerInternalException',
        } as const,
      },
      phase('2026-06-17', license()),
      phase(
        '2026-10-15',
        license({ version: '2', validity: { begin: BEGIN, end: day('2026-12-31T23:59:59') } }),
      ),
      {
        from: day('2026-11-10'),
        observation: { kind: 'left', detail: 'the buyer deleted the stack' } as const,
      },
    ],
    overlapping: () => [
      phase(FIRST_LOOK, license()),
      phase(
        '2026-06-01',
        license(),
        second({ validity: { begin: day('2026-06-01'), end: day('2027-06-01') } }),
      ),
    ],
    futureRenewal: () => [
      phase(FIRST_LOOK, license()),
      phase(
        '2026-10-10',
        license(),
        second({ validity: { begin: day('2027-02-06'), end: NEXT_END } }),
      ),
    ],
    odd: () => [
      phase(FIRST_LOOK, license()),
      { from: day('2026-08-03'), observation: seen([license()], REFUSED) },
      { from: day('2026-08-10'), observation: seen([license()], ACCEPTED) },
      phase('2026-09-07', license({ version: '2', entitlements: unknown() })),
    ],
    taken: () => [
      phase(FIRST_LOOK, license()),
      phase('2026-08-20', license({ status: 'DEACTIVATED' })),
    ],
    pool: () => [
      used(FIRST_LOOK, 40),
      used('2026-06-20', 83),
      used('2026-08-25', 91),
      used('2026-10-30', 100),
    ],
    exceededPool: () => [used(FIRST_LOOK, 40, true), used('2026-09-15', 104, true)],
  };
}

/** The instant of a text such as `2026-05-04` or `2027-02-01T00:20`, in UTC. */
function day(text: string): Instant {
  return (
    text.endsWith('Z')
      ? text
      : `${(text.length === 10 ? `${text}T00:00` : text).padEnd(19, ':00')}Z`
  ) as Instant;
}
