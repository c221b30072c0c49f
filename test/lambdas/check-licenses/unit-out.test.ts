import { expect, test } from 'vitest';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import type { ObservingSession } from '../../../lib/domain/ports.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { DAY, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import {
  BUYER,
  buyerToCheck,
  checking,
  queued,
  seenInForce,
  TICK,
  sessionThat,
} from '../../support/checking.ts';

const CONTRACT = contractKey(BUYER, 'example');

/** Check-ins denied for good: every probe of a unit would leave one more out. */
test('a unit that was not returned keeps the checks of a day from taking another', async () => {
  let tick: Instant = TICK;
  const deps = checking({ now: () => tick });
  const told: (Instant | null)[] = [];
  const session: ObservingSession = {
    ...sessionThat(() => seenInForce()),
    observe: ({ unitOutUntil }) => {
      told.push(unitOutUntil);
      const paused = unitOutUntil !== null && unitOutUntil > tick;
      return Promise.resolve({
        ...seenInForce(),
        probe: paused
          ? { outcome: 'not-probed', untried: 'unit-out', reason: 'a unit is out' }
          : {
              outcome: 'accepted',
              entitlementName: 'ReadOnly',
              licenseArn: 'a',
              checkedIn: false,
              unitOut: true,
            },
      });
    },
  };
  const sweep = async () => {
    const head = await deps.store.contracts.head(CONTRACT);
    const contracts = [
      { productId: 'example', digest: head?.digest ?? null, nextDue: head?.nextDue ?? null },
    ];
    const message = deps.messageFor({
      tick,
      visibleAt: tick,
      buyers: [buyerToCheck({ contracts })],
    });
    await checkLicenses(queued(message), { ...deps, openSession: () => Promise.resolve(session) });
    tick = plus(tick, 15 * MINUTE);
  };
  for (let check = 0; check <= 96; check += 1) await sweep();
  const until = plus(TICK, DAY);
  // The first and the one after a day take a unit, the 95 between do not.
  expect(told).toEqual([null, ...Array.from({ length: 96 }, () => until)]);
  expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({
    entries: 1,
    unitOutUntil: plus(until, DAY),
  });
  // Those two, and that the second check could not try: as much as the head remembers of a probe.
  expect(deps.touched.filter((name) => name === 'record')).toHaveLength(3);
});
