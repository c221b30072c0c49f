import type { Entitlement } from '../../lib/workbench/scenarios/test-licenses.ts';
import { gigabytes, seats, tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { ScenarioBuyer } from '../../lib/workbench/scenarios/scenario-run.ts';
import { answerStale } from '../../lib/workbench/scenarios/year/incidents.ts';
import { ScenarioActions as Hands } from '../../lib/workbench/scenarios/year/actions.ts';
import type { WatcherFixture } from './watcher-fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The three contracts of one round: seats, a tier, a pool. */
export interface ThreeBuyers {
  readonly seats: ScenarioBuyer;
  readonly tier: ScenarioBuyer;
  readonly pool: ScenarioBuyer;
}

/** New buyers for each round, because the scenario runs several times on the same cloud. */
export function newBuyers(round: number): ThreeBuyers {
  const buyer = (productId: string, role: number): ScenarioBuyer => {
    const accountId = String(200_000_000_000 + round * 10 + role);
    return { accountId, name: `Buyer ${accountId}`, email: `it@${accountId}.example`, productId };
  };
  return { seats: buyer('viewer', 1), tier: buyer('suite', 2), pool: buyer('lake', 3) };
}

const EXPORTS: Entitlement = { Name: 'Exports', Unit: 'Count', Overage: false, AllowCheckIn: true };

/** Minutes after an event at which sweeps run: a first read may be stale, two may have to agree, and bad news settles for an hour. */
const LOOKS = { goodNews: [10, 40], badNews: [10, 40, 115] };

/** One run of the story. All rounds share the same weeks, because a sweep costs the same with three buyers as with thirty. */
export interface Round {
  readonly buyers: ThreeBuyers;
  /** License Manager throttles once, for two buyers. */
  readonly throttled: boolean;
  /** Called before anything is done for these buyers. */
  readonly turn: () => void;
  /** Takes an error of their story, which then ends; the other rounds go on. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Three weeks with the critical events: an upgrade, a full pool, stale answers, throttling, an expiry, renewals under new ARNs, a
 * second license beside the first, a grant switched off and on, a cancellation. All buyers leave in the end.
 */
export async function fewWeeks(
  { cloud, run }: Pick<WatcherFixture, 'cloud' | 'run'>,
  rounds: readonly Round[],
): Promise<void> {
  const actions = new Hands(run);
  const title = (buyer: ScenarioBuyer, name = 'first'): string => `${name} of ${buyer.accountId}`;
  const start = Math.ceil(cloud.clock.now() / DAY) * DAY;
  const on = (day: number, time = '00:00'): string =>
    `${new Date(start + day * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
  const settle = async (news: keyof typeof LOOKS, day: number, time: string): Promise<void> => {
    const event = Date.parse(on(day, time));
    for (const minutes of LOOKS[news])
      await run.sweep(new Date(event + minutes * MINUTE).toISOString());
  };

  const over = new Set<Round>();
  const forEach = async (act: (buyers: ThreeBuyers, round: Round) => unknown): Promise<void> => {
    for (const round of rounds.filter((each) => !over.has(each))) {
      round.turn();
      try {
        await act(round.buyers, round);
      } catch (error) {
        over.add(round);
        round.onTrouble(error);
      }
    }
  };

  await run.at(on(0, '08:00'));
  await forEach(async (buyers) => {
    await actions.issue(title(buyers.seats), buyers.seats, {
      begin: on(-300),
      end: on(20),
      entitlements: [seats(5)],
    });
    await actions.issue(title(buyers.tier), buyers.tier, {
      begin: on(-300),
      end: on(8),
      entitlements: [tier('BasicTier')],
    });
    await actions.issue(title(buyers.pool), buyers.pool, {
      begin: on(-100),
      end: on(200),
      entitlements: [gigabytes(500), EXPORTS],
    });
  });
  // A grant may take a minute, and a license may be invisible for its first minutes; wait until both are over.
  await run.at(on(0, '08:30'));
  await forEach(async (buyers) => {
    for (const buyer of [buyers.seats, buyers.tier, buyers.pool]) await actions.join(buyer);
  });
  await run.sweep();

  await run.at(on(2, '10:05'));
  await forEach(async (buyers) => {
    await actions.amend(title(buyers.seats), { entitlements: [seats(8)] });
    await actions.use(title(buyers.pool), gigabytes(500), 410, 'PERPETUAL');
  });
  await settle('goodNews', 2, '10:05');

  await run.at(on(3, '10:05'));
  const use = (buyers: ThreeBuyers) => actions.use(title(buyers.seats), seats(8), 8, 'PROVISIONAL');
  await forEach(use);
  const fresh: (() => void)[] = [];
  await forEach((buyers, { throttled }) => {
    fresh.push(answerStale(actions, title(buyers.seats), '1', { entitlements: [seats(5)] }));
    for (const { accountId } of throttled ? [buyers.tier, buyers.pool] : [])
      cloud.licenseManager.faults.inject({ kind: 'throttled' }, { accountId, times: 1 });
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
  await forEach(async (buyers) => {
    await actions.issue(title(buyers.seats, 'next'), buyers.seats, {
      begin: on(20),
      end: on(385),
      entitlements: [seats(8)],
    });
    await actions.issue(title(buyers.tier, 'next'), buyers.tier, {
      begin: on(12),
      end: on(377),
      entitlements: [tier('BasicTier')],
    });
    await actions.issue(title(buyers.pool, 'other'), buyers.pool, {
      begin: on(12),
      end: on(180),
      entitlements: [gigabytes(100)],
    });
  });
  await settle('goodNews', 12, '10:05');

  await run.at(on(14, '10:05'));
  await forEach((buyers) => actions.setGrant(title(buyers.tier, 'next'), 'DISABLED'));
  await settle('badNews', 14, '10:05');
  await run.at(on(15, '10:05'));
  await forEach((buyers) => actions.setGrant(title(buyers.tier, 'next'), 'ACTIVE'));
  await settle('goodNews', 15, '10:05');

  // The old license of the seats ends, the new one begins.
  await run.at(on(20, '00:05'));
  await forEach((buyers) => actions.cancel(title(buyers.tier, 'next')));
  await settle('badNews', 20, '00:05');
  await forEach(async (buyers) => {
    for (const buyer of [buyers.seats, buyers.tier, buyers.pool]) await actions.leave(buyer);
  });
}
