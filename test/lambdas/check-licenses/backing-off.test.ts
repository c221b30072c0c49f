import { expect, test } from 'vitest';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { Observation } from '../../../lib/domain/check/observation.ts';
import {
  BUYER,
  buyerToCheck,
  checking,
  queued,
  seenInForce,
  sessionThat,
  TICK,
} from '../../support/checking.ts';

const CONTRACT = contractKey(BUYER, 'example');
const DENIED = { kind: 'blind', cause: 'permission-missing', detail: 'as scripted' } as const;

/** Sweeps one buyer every 15 minutes, each time with what the store knows, as start-sweep does. */
async function sweep(from: Instant, ticks: number, see: (tick: Instant) => Observation) {
  const deps = checking();
  const opened: Instant[] = [];
  for (let n = 0; n < ticks; n += 1) {
    const tick = plus(from, n * 15 * MINUTE);
    const head = await deps.store.contracts.head(CONTRACT);
    const contracts = [
      { productId: 'example', digest: head?.digest ?? null, nextDue: head?.nextDue ?? null },
    ];
    const message = deps.messageFor({
      tick,
      visibleAt: tick,
      checkId: tick,
      buyers: [buyerToCheck({ contracts })],
    });
    await checkLicenses(queued(message), {
      ...deps,
      now: () => tick,
      openSession: () => {
        opened.push(tick);
        const observation = see(tick);
        return Promise.resolve(
          observation.kind === 'blind' || observation.kind === 'trouble'
            ? observation
            : sessionThat(() => observation),
        );
      },
    });
  }
  const changes: string[] = [];
  for await (const entry of deps.store.contracts.entries(CONTRACT))
    changes.push(...entry.changes.map(({ type }) => type));
  return { deps, opened, changes };
}

test('a buyer who cannot be seen is asked every 6 hours, and seen again once the cause is gone', async () => {
  const lost = plus(TICK, HOUR);
  const mended = plus(TICK, 20 * HOUR);
  const { opened, changes, deps } = await sweep(TICK, 30 * 4, (tick) =>
    tick < lost || tick >= mended ? seenInForce() : DENIED,
  );
  expect(changes).toEqual(['WatchStarted', 'WatchLost', 'WatchRestored']);
  const blindLooks = opened.filter((tick) => tick >= lost && tick < mended);
  expect(blindLooks.length).toBeGreaterThanOrEqual(5);
  expect(blindLooks.length).toBeLessThanOrEqual(7);
  // Restored within the 6 hours, then every tick again.
  expect(opened.filter((tick) => tick >= plus(mended, 6 * HOUR))).toHaveLength(4 * 4);
  expect(deps.logged.every(({ code }) => code === 'CHECK_FAILED')).toBe(true);
});

test('trouble of AWS is asked again at every tick and loses nobody within a day', async () => {
  const { opened, changes } = await sweep(TICK, 30, (tick) =>
    tick === TICK
      ? seenInForce()
      : { kind: 'trouble', cause: 'aws-failing', detail: 'as scripted' },
  );
  expect(opened).toHaveLength(30);
  expect(changes).toEqual(['WatchStarted']);
});
