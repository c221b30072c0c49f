import type { KeptAgreement } from '../../../domain/agreement/kept-agreement.ts';
import type { Head } from '../../../domain/check/head.ts';
import { dayOf, type SeenUsage } from '../../../domain/check/seen-usage.ts';
import { contractOf } from '../../../domain/license/contract.ts';
import { share } from '../../../domain/license/quantity.ts';
import { DAY, plus, type Instant } from '../../../domain/time.ts';
import type { ReportSources } from '../../../seller/report/read-report.ts';
import { PRODUCTS } from './lives.ts';
import { likeOf, memberOf } from './member.ts';
import type { Outlined } from '../../../domain/ports.ts';

/** A watcher's tables in memory, as a report reads them. */
export interface ReportFleet extends ReportSources {
  readonly now: Instant;
  readonly since: Instant;
  readonly entries: number;
}

export interface FleetOptions {
  readonly buyers: number;
  readonly now: Instant;
  /** The name of a buyer; default: names like those of companies. */
  readonly nameOf?: (index: number) => string;
}

/** The number of histories that are decided. To decide 30,000 entries takes seconds, and a report shows no hashes. */
export const DECIDED = 210;

/**
 * Buyers with two years of history, in which the domain's rules decided and sealed every entry. Buyers beyond the 210th copy the history of
 * an earlier one under their own name. The same options give the same fleet: a buyer's history depends only on its number.
 */
export function reportFleet({
  buyers: count,
  now,
  nameOf = companyName,
}: FleetOptions): ReportFleet {
  const since = plus(now, -730 * DAY);
  const histories = Array.from({ length: Math.min(count, DECIDED) }, (_, index) =>
    memberOf(index, nameOf(index), since, now),
  );
  const members = Array.from({ length: count }, (_, index) =>
    likeOf(index, nameOf(index), histories),
  );
  const entries = members
    .flatMap(({ ledger }) => ledger)
    .toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : a.observedAt > b.observedAt ? 1 : 0));
  return {
    now,
    since,
    entries: entries.length,
    deployment: 'default',
    region: 'us-east-1',
    sellerAccountId: '999900001111',
    productIds: PRODUCTS.map(({ id }) => id),
    agreements: { all: () => each(members.flatMap(({ head }) => agreementsOf(head, now))) },
    register: {
      eachBuyer: () =>
        each(
          members.map(({ buyer, head, lastSeen, notices }) => ({
            buyerAccountId: buyer.buyerAccountId,
            buyer,
            heads: head === null ? [] : [head],
            unrecorded: [],
            notes: [],
            usage: usageByDay(head, now),
            notices,
            reachability: undefined,
            lastSeen:
              head === null || buyer.status !== 'active'
                ? []
                : [{ contract: head.contract, since, at: lastSeen, excused: null }],
          })),
        ),
    },
    archive: {
      outlines: (productId, from, until) =>
        each(
          entries
            .filter(
              (entry) =>
                entry.productId === productId &&
                entry.observedAt >= from &&
                entry.observedAt < until,
            )
            .map((outline): Outlined => ({ kind: 'outline', outline })),
        ),
      // All ledgers begin within the period of the report.
      standings: (wanted) => Promise.resolve(wanted.map(() => undefined)),
    },
  };
}

/** An agreement for each license; every third renews by itself. */
function agreementsOf(head: Head | null, now: Instant): readonly KeptAgreement[] {
  if (head === null) return [];
  const { buyerAccountId, productId } = contractOf(head.contract);
  return head.state.map(({ licenseArn, validity: { begin, end } }, index) => {
    const agreementId = `agmt-${buyerAccountId}-${productId}-${index}`;
    const renews = Number(buyerAccountId) % 3 === 0;
    return {
      agreement: {
        ...{ agreementId, initialAgreementId: agreementId, buyerAccountId, productId },
        ...{ productSku: productId, status: 'ACTIVE', start: begin, end, updatedAt: begin },
        endTimeBehavior: renews
          ? { type: 'RENEW', reason: null }
          : { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' },
        ...{ offerId: null, renewalOfferId: null, licenseArns: [licenseArn], terms: null },
      },
      ...{ foundAt: now, told: null, step: null, stepSince: now, revision: 1 },
    };
  });
}

async function* each<Item>(items: readonly Item[]): AsyncIterable<Item> {
  yield* await Promise.resolve(items);
}

const FIRST = [
  'Aurora',
  'Borealis',
  'Cumulus',
  'Delta',
  'Éclair',
  'Fjord',
  'Großmann',
  'Helix',
  'Ionic',
  '北極',
];
const SECOND = [
  'Labs',
  'Bank',
  'Foods',
  'Works',
  'Média',
  'Systems',
  'KG',
  'Instruments',
  'Travel',
  'Freight',
];

export function companyName(index: number): string {
  const [first, second] = [
    FIRST[index % FIRST.length] ?? '',
    SECOND[Math.floor(index / 10) % SECOND.length] ?? '',
  ];
  return `${first} ${second} ${index + 1}`;
}

/** Usage on each of the last 92 days. AWS says nothing about one entitlement. */
export function usageByDay(head: Head | null, now: Instant): readonly SeenUsage[] {
  if (head === null) return [];
  const entitlements = head.state.flatMap(({ entitlements: all }) =>
    all.flatMap(({ name, unit, maxCount }) => {
      if (maxCount === null || name === 'Author') return [];
      const peaks = Array.from({ length: 92 }, (_, day) => share(maxCount, (day * 37) % 100));
      const from = dayOf(plus(now, -91 * DAY));
      return [
        { name, unit, maxCount, consumed: maxCount, maxSince: null, isPool: false, from, peaks },
      ];
    }),
  );
  return [{ contract: head.contract, at: now, entitlements }];
}
