import type { Sha256 } from '../../lib/domain/ledger/canonical-json.ts';
import type { WatchedBuyer } from '../../lib/domain/ports.ts';
import { plus, type Instant } from '../../lib/domain/time.ts';
import {
  buyerToCheck,
  type BuyerToCheck,
  type CheckBuyers,
} from '../../lib/messages/check-buyers.ts';
import type { Delayed } from './dependencies.ts';

/**
 * So many buyers share a message: few enough for one function's 60 seconds, and to be spread over some minutes. Spread messages are invoked
 * one by one, whatever the batch size allows: with 25 a buyer's queue requests, invocations and log lines cost a third of its month
 * (computed by `npm run bench`).
 */
const BUYERS_PER_MESSAGE = 50;

/** Characters of a message, all ASCII or escaped to at most 4 bytes: far below SQS's 256 KiB. */
const LARGEST_MESSAGE = 50_000;

export interface Sweep {
  readonly tick: Instant;
  readonly now: Instant;
  readonly spreadMinutes: number;
}

/**
 * Messages of full loads, spread evenly over `spreadMinutes`. A buyer keeps its place in the order from sweep to sweep
 * (by a hash of its account), so that its checks stay one interval apart, whoever else comes or goes.
 */
export function planChecks(
  watched: readonly WatchedBuyer[],
  { tick, now, spreadMinutes }: Sweep,
  sha256: Sha256,
): readonly Delayed<CheckBuyers>[] {
  const inOrder = watched
    .map((each) => ({ place: sha256(each.buyer.buyerAccountId), each }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const loads = loadsOf(inOrder.map(({ each }) => buyerToCheck(each.buyer, [...each.contracts])));
  return loads.map((buyers, index) => {
    const delaySeconds = Math.floor((index * spreadMinutes * 60) / loads.length);
    return {
      delaySeconds,
      body: {
        format: 1,
        tick,
        // The same for a repeated sweep of this tick: a probe asked twice is then one checkout.
        checkId: `sweep-${tick}`,
        visibleAt: plus(now, delaySeconds * 1_000),
        buyers,
      },
    };
  });
}

function loadsOf(buyers: readonly BuyerToCheck[]): BuyerToCheck[][] {
  const loads: BuyerToCheck[][] = [];
  let size = 0;
  for (const buyer of buyers) {
    const characters = JSON.stringify(buyer).length;
    const last = loads.at(-1);
    if (
      last === undefined ||
      last.length === BUYERS_PER_MESSAGE ||
      size + characters > LARGEST_MESSAGE
    ) {
      loads.push([buyer]);
      size = characters;
    } else {
      last.push(buyer);
      size += characters;
    }
  }
  return loads;
}
