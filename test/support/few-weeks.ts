import type { Entitlement } from '../../lib/workbench/scenarios/test-licenses.ts';
import { gigabytes, seats, tier } from '../../lib/workbench/scenarios/test-licenses.ts';
import type { StoryBuyer } from '../../lib/workbench/scenarios/rehearsal.ts';
import { answerStale } from '../../lib/workbench/scenarios/year/mishaps.ts';
import { Stage as Hands } from '../../lib/workbench/scenarios/year/stage.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The three contracts of one telling: one of each pricing. */
export interface Cast {
  readonly seats: StoryBuyer;
  readonly tier: StoryBuyer;
  readonly pool: StoryBuyer;
}

/** Buyers nobody has met: the same cloud tells the story again and again. */
export function newCast(telling: number): Cast {
  const buyer = (productId: string, role: number): StoryBuyer => {
    const accountId = String(200_000_000_000 + telling * 10 + role);
    return { accountId, name: `Buyer ${accountId}`, email: `it@${accountId}.example`, productId };
  };
  return { seats: buyer('viewer', 1), tier: buyer('suite', 2), pool: buyer('lake', 3) };
}

const EXPORTS: Entitlement = { Name: 'Exports', Unit: 'Count', Overage: false, AllowCheckIn: true };

/** Minutes after an event at which sweeps look for it. */
interface Looks {
  readonly goodNews: readonly number[];
  /** Long enough for the hour in which bad news settles. */
  readonly badNews: readonly number[];
}

const QUICK: Looks = { goodNews: [10], badNews: [10, 85] };
const SLOW: Looks = { goodNews: [10, 40], badNews: [10, 40, 115] };

export interface Telling {
  /** Where a first read may be stale, or two have to agree. */
  readonly slow?: boolean;
  /** Once for two buyers. The SDK waits for its second attempt by the machine's clock, so not in every telling. */
  readonly throttled?: boolean;
}

/**
 * Three weeks with what is critical: an upgrade, a full pool, stale answers, throttling, an expiry, renewals under new ARNs, a
 * second license beside the first, a grant switched off and on, a cancellation. All buyers leave in the end.
 */
export async function fewWeeks(
  { cloud, rehearsal }: Pick<Stage, 'cloud' | 'rehearsal'>,
  cast: Cast,
  { slow = false, throttled = false }: Telling,
): Promise<void> {
  const looks = slow ? SLOW : QUICK;
  const hands = new Hands(rehearsal);
  const title = (buyer: StoryBuyer, name = 'first'): string => `${name} of ${buyer.accountId}`;
  const start = Math.ceil(cloud.clock.now() / DAY) * DAY;
  const on = (day: number, time = '00:00'): string =>
    `${new Date(start + day * DAY).toISOString().slice(0, 10)}T${time}:00Z`;
  const settle = async (news: keyof Looks, day: number, time: string): Promise<void> => {
    const event = Date.parse(on(day, time));
    for (const minutes of looks[news])
      await rehearsal.sweep(new Date(event + minutes * MINUTE).toISOString());
  };

  await rehearsal.at(on(0, '08:00'));
  await hands.issue(title(cast.seats), cast.seats, {
    begin: on(-300),
    end: on(20),
    entitlements: [seats(5)],
  });
  await hands.issue(title(cast.tier), cast.tier, {
    begin: on(-300),
    end: on(8),
    entitlements: [tier('BasicTier')],
  });
  await hands.issue(title(cast.pool), cast.pool, {
    begin: on(-100),
    end: on(200),
    entitlements: [gigabytes(500), EXPORTS],
  });
  // A license may be invisible for its first minutes; these have been there for long.
  await rehearsal.at(on(0, '08:10'));
  for (const buyer of [cast.seats, cast.tier, cast.pool]) await hands.join(buyer);
  await rehearsal.sweep();

  await rehearsal.at(on(2, '10:05'));
  await hands.amend(title(cast.seats), { entitlements: [seats(8)] });
  await hands.use(title(cast.pool), gigabytes(500), 410, 'PERPETUAL');
  await settle('goodNews', 2, '10:05');

  await rehearsal.at(on(3, '10:05'));
  await hands.use(title(cast.seats), seats(8), 8, 'PROVISIONAL');
  const fresh = answerStale(hands, title(cast.seats), '1', { entitlements: [seats(5)] });
  const { faults } = cloud.licenseManager;
  for (const { accountId } of throttled ? [cast.tier, cast.pool] : [])
    faults.inject({ kind: 'throttled' }, { accountId, times: 1 });
  await rehearsal.sweep(on(3, '10:15'));
  fresh();
  await rehearsal.sweep(on(3, '10:45'));

  // The license of the tier ends, and a day later no renewal was seen.
  await settle('badNews', 8, '00:05');
  await rehearsal.sweep(on(9));

  await rehearsal.at(on(12, '10:05'));
  await hands.issue(title(cast.seats, 'next'), cast.seats, {
    begin: on(20),
    end: on(385),
    entitlements: [seats(8)],
  });
  await hands.issue(title(cast.tier, 'next'), cast.tier, {
    begin: on(12),
    end: on(377),
    entitlements: [tier('BasicTier')],
  });
  await hands.issue(title(cast.pool, 'other'), cast.pool, {
    begin: on(12),
    end: on(180),
    entitlements: [gigabytes(100)],
  });
  await settle('goodNews', 12, '10:05');

  await rehearsal.at(on(14, '10:05'));
  await hands.setGrant(title(cast.tier, 'next'), 'DISABLED');
  await settle('badNews', 14, '10:05');
  await rehearsal.at(on(15, '10:05'));
  await hands.setGrant(title(cast.tier, 'next'), 'ACTIVE');
  await settle('goodNews', 15, '10:05');

  // The old license of the seats ends, the new one begins.
  await rehearsal.at(on(20, '00:05'));
  await hands.cancel(title(cast.tier, 'next'));
  await settle('badNews', 20, '00:05');
  for (const buyer of [cast.seats, cast.tier, cast.pool]) await hands.leave(buyer);
}
