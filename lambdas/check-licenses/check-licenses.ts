import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { between, MINUTE } from '../../lib/domain/time.ts';
import {
  checkBuyers,
  type BuyerToCheck,
  type CheckBuyers,
} from '../../lib/messages/check-buyers.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { readBody } from '../../lib/observability/events.ts';
import { checkBuyer } from './check-buyer.ts';
import { dueOf, enqueueNotices } from './enqueue-notices.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * Buyers looked at side by side in one invocation: they wait for AWS more than for the CPU. As many as share a message, so that
 * none of them waits for another's look: that second round was a third of the time paid for (computed by `npm run bench`).
 */
const WIDTH = 25;
/** No buyer is started with less time left: a look, its check-in and its record would not fit. */
const LEAST_MILLISECONDS = 15_000;
/** A store that failed gets this long to recover before the buyer comes again; then as long again as the check is old. */
const RESEND_SECONDS = 30;
/** SQS's longest delay. */
const LONGEST_DELAY_SECONDS = 900;

/** A message of the checks queue as Lambda hands it over. */
export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
}

export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** A buyer on its way, and the message it came in. */
interface QueuedBuyer {
  readonly messageId: string;
  readonly message: CheckBuyers;
  readonly buyer: BuyerToCheck;
}

/**
 * Checks all buyers of a batch. One buyer's trouble is that buyer's observation. Who could not be recorded or was not
 * reached in time is sent again alone; only if even that fails, or a body is malformed, does its message fail.
 */
export async function checkLicenses(
  records: readonly QueueRecord[],
  deps: Dependencies,
): Promise<BatchResponse> {
  const failed = new Set<string>();
  const waiting = records.flatMap((record) =>
    buyersOf(record, deps, () => failed.add(record.messageId)),
  );
  const due: NoticeKey[] = [];
  const again: (QueuedBuyer & { readonly delaySeconds: number })[] = [];
  await forEachConcurrently(waiting, WIDTH, async (queued) => {
    const { buyerAccountId } = queued.buyer;
    if (deps.remainingMilliseconds() < LEAST_MILLISECONDS) {
      deps.report({ kind: 'not-started', buyerAccountId });
      again.push({ ...queued, delaySeconds: 0 });
      return;
    }
    try {
      due.push(...dueOf(await checkBuyer(queued.buyer, queued.message, deps)));
    } catch (error) {
      deps.report({ kind: 'not-recorded', buyerAccountId, error });
      again.push({
        ...queued,
        buyer: unrecorded(queued.buyer),
        delaySeconds: resendDelay(queued.message, deps),
      });
    }
  });
  await enqueueNotices(due, deps);
  await forEachConcurrently(again, WIDTH, async ({ messageId, message, buyer, delaySeconds }) => {
    try {
      await deps.resend({ ...message, buyers: [buyer] }, delaySeconds);
    } catch (error) {
      deps.report({ kind: 'not-resent', messageId, error });
      failed.add(messageId);
    }
  });
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Whoever comes again finds out whether each of its contracts can be recorded now. */
function unrecorded(buyer: BuyerToCheck): BuyerToCheck {
  return { ...buyer, contracts: buyer.contracts.map((each) => ({ ...each, unrecorded: true })) };
}

/** The buyers of a message; none where it is malformed (its item fails, and ends in the dead-letter queue) or too old. */
function buyersOf(
  { messageId, body }: QueueRecord,
  deps: Dependencies,
  fail: () => void,
): QueuedBuyer[] {
  const read = readBody(body, checkBuyers);
  if ('problem' in read) {
    deps.measure(METRICS.checksFailed, 1);
    deps.report({ kind: 'malformed-message', messageId, problem: read.problem });
    fail();
    return [];
  }
  const message = read.body;
  const { buyers, checkId, visibleAt } = message;
  // The next sweep has asked, or asks now, for a younger look.
  if (between(visibleAt, deps.now()) > deps.settings.intervalMinutes * MINUTE) {
    deps.measure(METRICS.checksDropped, buyers.length);
    deps.report({ kind: 'too-old', messageId, checkId, buyers: buyers.length });
    return [];
  }
  return buyers.map((buyer) => ({ messageId, message, buyer }));
}

/** Twice as long each time: a store that is down for a whole tick must not cost every buyer thirty looks. */
function resendDelay({ visibleAt }: CheckBuyers, { now }: Dependencies): number {
  const age = Math.round(between(visibleAt, now()) / 1000);
  return Math.min(LONGEST_DELAY_SECONDS, Math.max(RESEND_SECONDS, age));
}

/** Does `work` for every item, at most `width` at a time, and waits for all of it. `work` must not throw: nobody would catch it. */
async function forEachConcurrently<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
