import type { EntitlementTerms } from '../../lib/workbench/scenarios/test-licenses.ts';
import { gigabytes, seats, tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { answerStale } from '../../lib/workbench/scenarios/year/incidents.ts';
import { ScenarioActions as Hands } from '../../lib/workbench/scenarios/year/actions.ts';
import type { WatcherFixture } from './watcher-fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The three contracts of one round, seats, a tier and a pool: the same buyer with each of the products. */
export interface ThreeContracts {
  readonly seats: ScenarioBuyer;
  readonly tier: ScenarioBuyer;
  readonly pool: ScenarioBuyer;
}

/** A new buyer for each round, because the scenario runs several times on the same cloud. */
export function newContracts(round: number): ThreeContracts {
  const accountId = String(200_000_000_000 + round);
  const buyer = { accountId, name: `Buyer ${accountId}`, email: `it@${accountId}.example` };
  return {
    seats: { ...buyer, productId: 'viewer', otherProductIds: ['suite', 'lake'] },
    tier: { ...buyer, productId: 'suite' },
    pool: { ...buyer, productId: 'lake' },
  };
}

const EXPORTS: EntitlementTerms = {
  Name: 'Exports',
  Unit: 'Count',
  Overage: false,
  AllowCheckIn: true,
};

/** Minutes after an event at which sweeps run: a first read may be stale, two may have to agree, and bad news settles for an hour. */
const LOOKS = { goodNews: [10, 40], badNews: [10, 40, 115] };

/** One run of the story, of one buyer. All rounds share the same weeks, because a sweep costs little more with ten buyers than with one. */
export interface Round {
  readonly contracts: ThreeContracts;
  /** License Manager throttles a list and a checkout, once each. */
  readonly throttled: boolean;
  /** Called before anything is done for this buyer. */
  readonly turn: () => void;
  /** Takes an error of their story, which then ends; the other rounds go on. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Three weeks with the critical events: an upgrade, a full pool, stale answers, throttling, an expiry, renewals under new ARNs, a
 * second license beside the first, a grant switched off and on, a cancellation. The buyers leave in the end.
 */
export async function fewWeeks(
  { cloud, run }: Pick<WatcherFixture, 'cloud' | 'run'>,
  rounds: readonly Round[],
): Promise<void> {
  const actions = new Hands(run);
  const title = ({ accountId, productId }: ScenarioBuyer, name = 'first'): string =>
    `${name} ${productId} of ${accountId}`;
  const start = Math.ceil(cloud.clock.now() / DAY) * DAY;
  const on = (day: number, time = '00:00'): string =>
    `${new Date(start + day * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
  const settle = async (news: keyof typeof LOOKS, day: number, time: string): Promise<void> => {
    const event = Date.parse(on(day, time));
    for (const minutes of LOOKS[news])
      await run.sweep(new Date(event + minutes * MINUTE).toISOString());
  };

  const over = new Set<Round>();
  const forEach = async (
    act: (contracts: ThreeContracts, round: Round) => unknown,
  ): Promise<void> => {
    for (const round of rounds.filter((each) => !over.has(each))) {
      round.turn();
      try {
        await act(round.contracts, round);
      } catch (error) {
        over.add(round);
        round.onTrouble(error);
      }
    }
  };

  await run.at(on(0, '08:00'));
  await forEach(async (contracts) => {
    await actions.issue(title(contracts.seats), contracts.seats, {
      begin: on(-300),
      end: on(20),
      entitlements: [seats(5)],
    });
    await actions.issue(title(contracts.tier), contracts.tier, {
      begin: on(-300),
      end: on(8),
      entitlements: [tier('BasicTier')],
    });
    await actions.issue(title(contracts.pool), contracts.pool, {
      begin: on(-100),
      end: on(200),
      entitlements: [gigabytes(500), EXPORTS],
    });
  });
  // A grant may take a minute, and a license may be invisible for its first minutes; wait until both are over.
  await run.at(on(0, '08:30'));
  await forEach(({ seats: buyer }) => actions.join(buyer));
  await run.sweep();

  await run.at(on(2, '10:05'));
  await forEach(async (contracts) => {
    await actions.amend(title(contracts.seats), { entitlements: [seats(8)] });
    await actions.use(title(contracts.pool), gigabytes(500), 410, 'PERPETUAL');
  });
  await settle('goodNews', 2, '10:05');

  await run.at(on(3, '10:05'));
  const use = (contracts: ThreeContracts) =>
    actions.use(title(contracts.seats), seats(8), 8, 'PROVISIONAL');
  await forEach(use);
  const fresh: (() => void)[] = [];
  await forEach((contracts, { throttled }) => {
    fresh.push(answerStale(actions, title(contracts.seats), '1', { entitlements: [seats(5)] }));
    const { accountId } = contracts.tier;
    for (const operation of throttled ? ['ListReceivedLicenses', 'CheckoutLicense'] : [])
      cloud.licenseManager.faults.inject({ kind: 'throttled' }, { accountId, operation, times: 1 });
  });
  await run.sweep(on(3, '10:15'));
  for (const lift of fresh) lift();
  // Each tick of an hour reads the usage of a quarter of the contracts. With these two, a whole hour of ticks has reads that are believed.
  await run.sweep(on(3, '11:00'));
  await forEach(use);
  await run.sweep(on(3, '11:15'));

  // The license of the tier ends, and a day later no renewal has been seen.
  await settle('badNews', 8, '00:05');
  await run.sweep(on(9));

  await run.at(on(12, '10:00'));
  await forEach(async (contracts) => {
    await actions.issue(title(contracts.seats, 'next'), contracts.seats, {
      begin: on(20),
      end: on(385),
      entitlements: [seats(8)],
    });
    await actions.issue(title(contracts.tier, 'next'), contracts.tier, {
      begin: on(12),
      end: on(377),
      entitlements: [tier('BasicTier')],
    });
    await actions.issue(title(contracts.pool, 'other'), contracts.pool, {
      begin: on(12),
      end: on(180),
      entitlements: [gigabytes(100)],
    });
  });
  await settle('goodNews', 12, '10:05');

  await run.at(on(14, '10:05'));
  await forEach((contracts) => actions.setGrant(title(contracts.tier, 'next'), 'DISABLED'));
  await settle('badNews', 14, '10:05');
  await run.at(on(15, '10:05'));
  await forEach((contracts) => actions.setGrant(title(contracts.tier, 'next'), 'ACTIVE'));
  await settle('goodNews', 15, '10:05');

  // The old license of the seats ends, the new one begins.
  await run.at(on(20, '00:05'));
  await forEach((contracts) => actions.cancel(title(contracts.tier, 'next')));
  await settle('badNews', 20, '00:05');
  await forEach(({ seats: buyer }) => actions.leave(buyer));
}
