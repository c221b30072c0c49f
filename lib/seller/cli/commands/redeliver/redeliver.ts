import type { Buyer } from '../../../../domain/registration/buyer.ts';
import { instant } from '../../../../domain/time.ts';
import { inOrder } from '../../../in-order.ts';
import type { Io, Watcher } from '../../io.ts';
import { CommandFailure } from '../../output/failure.ts';
import { deadLettersOf } from './dead-letters.ts';
import { print, type Redelivery } from './print.ts';
import { takeUpNoticesOf, type TakenUp } from './undeliverable.ts';

export interface RedeliverOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Buyers whose notices are read at the same time. */
const AT_ONCE = 10;

/** Nothing is sent from here: what is taken up is due, and the sweeps drive what is due. `only`: of one buyer, and no queues. */
export async function redeliver(
  only: Buyer | undefined,
  { dryRun = false, json }: RedeliverOptions,
  watcher: Watcher,
  io: Io,
): Promise<void> {
  const now = instant(watcher.time ?? io.now());
  const buyers = only === undefined ? watcher.buyers.list() : [only];
  const notices: TakenUp[] = [];
  for await (const each of inOrder(buyers, AT_ONCE, (buyer) =>
    takeUpNoticesOf(buyer, { watcher, dryRun, now }),
  )) {
    notices.push(...each);
    // What is taken up is taken up: the rest is found by the next call.
    if (io.interrupted.aborted) break;
  }
  const redelivery: Redelivery = {
    dryRun,
    notices: notices.toSorted((a, b) => (a.notice.contract < b.notice.contract ? -1 : 1)),
    queues: only === undefined ? await deadLettersOf(watcher, dryRun) : [],
  };
  print(redelivery, json === true, io);
  const troubles = redelivery.queues.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
  if (troubles.length > 0) throw new CommandFailure(troubles.join('; '));
}
