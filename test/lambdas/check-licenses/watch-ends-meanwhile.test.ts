import { expect, test } from 'vitest';
import { checkLicenses } from '../../../lambdas/check-licenses/check-licenses.ts';
import type { Dependencies } from '../../../lambdas/check-licenses/dependencies.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { performCheck } from '../../../lib/domain/check/perform-check.ts';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import {
  BUYER,
  checking,
  checkMessage,
  queued,
  seenInForce,
  sessionThat,
  TICK,
} from '../../support/checking.ts';
import { floatingProduct } from '../../support/looking.ts';

const CONTRACT = contractKey(BUYER, 'example');
const NOW = plus(TICK, 4 * MINUTE);

/** The role of a buyer who is revoked still works: nothing but the time tells the check that it comes too late. */
test('a watch that ends while its contract is looked at does not begin anew', async () => {
  const deps = checking({ now: () => NOW });
  await checkLicenses(queued(checkMessage()), deps);
  let ended = false;
  const record: Dependencies['contracts']['record'] = async (...given) => {
    if (!ended) await endWatch();
    ended = true;
    return deps.store.contracts.record(...given);
  };
  const openSession = () =>
    Promise.resolve(sessionThat(() => seenInForce({ version: '2', entitlements: [] })));
  for (const _ of ['under way', 'still queued']) {
    const response = await checkLicenses(queued(checkMessage()), {
      ...deps,
      contracts: { ...deps.contracts, record },
      openSession,
    });
    expect(response).toEqual({ batchItemFailures: [] });
  }
  expect(ended).toBe(true);
  expect(deps.resent).toEqual([]);
  expect(await deps.store.contracts.head(CONTRACT)).toMatchObject({ entries: 2, watchEnded: NOW });

  async function endWatch(): Promise<void> {
    const head = (await deps.store.contracts.head(CONTRACT))!;
    const { entry } = await performCheck(
      {
        head,
        observation: { kind: 'left', detail: 'the seller revoked the invitation' },
        product: floatingProduct(),
        buyer: { buyerAccountId: BUYER, name: 'Example buyer' },
        tick: NOW,
        fleet: { checks: 0, failed: 0 },
      },
      { ...deps.store, sha256: deps.sha256, now: () => NOW },
    );
    expect(entry?.changes).toMatchObject([{ type: 'WatchEnded' }]);
  }
});
