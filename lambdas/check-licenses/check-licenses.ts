import type { SQSBatchItemFailure, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { percentOf } from '../../lib/domain/license/quantity.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { between, MINUTE } from '../../lib/domain/time.ts';
import { checkBuyers, type CheckBuyers } from '../../lib/messages/check-buyers.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { readBody } from '../../lib/observability/events.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { checkBuyer, dueOf, enqueueNotices } from './check-buyer.ts';
import type { Checked } from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';
import { type BuyerOnList, buyersOf, type BuyersOfMessage, type Unfinished } from './buyers-of.ts';

/**
 * The number of buyers looked at side by side in one invocation; the others of the range wait. With fewer, the CPU idles while AWS answers;
 * with more, opening the connections costs more than it saves (computed by `npm run bench`).
 */
export const WIDTH = 40;
/** No check of a buyer starts with less time left: a look, its check-in and its record would not fit. */
const LEAST_MILLISECONDS = 15_000;
/** The limit on resends. Lambda stops a loop between a queue and its function after 16 rounds. */
const MOST_ROUNDS = 10;
/** After a store failure, the shortest delay before the buyer is checked again. Once the check is older than this, the delay is its age. */
const RESEND_SECONDS = 30;
/** SQS's longest delay. */
const LONGEST_DELAY_SECONDS = 900;

type QueueRecord = Pick<SQSRecord, 'messageId' | 'body'>;

/**
 * Checks the buyers that the messages of a batch ask for, each message for itself. Trouble with one buyer is that buyer's observation.
 * Buyers not reached in time, and those that could not be recorded, are sent again as a narrower range. A message fails if it is malformed,
 * if it asked by name and was not done, or if the queue does not take its rest.
 */
export async function checkLicenses(
  records: readonly QueueRecord[],
  deps: Dependencies,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  const counted: Counted = { ranges: 0, fullest: new Map() };
  for (const record of records)
    if (!(await isDone(record, counted, deps)))
      batchItemFailures.push({ itemIdentifier: record.messageId });
  // One metric per invocation, not per buyer: it shows from outside when sweeps ask and nothing is done.
  if (counted.ranges > 0) deps.meter.measure(METRICS.rangesDone, counted.ranges);
  for (const [productId, percent] of counted.fullest)
    deps.meter.measure(METRICS.usedPercent, percent, productId);
  return { batchItemFailures };
}

/** What an invocation measures, across all buyers. */
interface Counted {
  ranges: number;
  /** By product: the percentage used of the fullest contract whose usage was read. */
  readonly fullest: Map<string, number>;
}

async function isDone(
  { messageId, body }: QueueRecord,
  counted: Counted,
  deps: Dependencies,
): Promise<boolean> {
  const { log, meter, now, settings } = deps;
  const read = readBody(body, checkBuyers);
  if ('problem' in read) {
    meter.measure(METRICS.checksFailed, 1);
    log.error(MESSAGES.messageMalformed, { messageId, problem: read.problem });
    return false;
  }
  const message = read.body;
  // The next sweep has already asked for a more recent look, or does so now.
  if (between(message.visibleAt, now()) > settings.intervalMinutes * MINUTE) {
    meter.measure(METRICS.checksDropped, 1);
    log.warn(MESSAGES.checkDropped, { messageId, checkId: message.checkId });
    return true;
  }
  const { left, again, looked } = await checkAskedFor(message, counted, deps);
  if (message.kind === 'named' && left.length > 0) return false;
  if (message.kind === 'range' && (looked > 0 || left.length === 0)) counted.ranges += 1;
  const round = message.kind === 'range' ? message.round : 0;
  if (left.length > 0 && round === MOST_ROUNDS) {
    meter.measure(METRICS.checksDropped, left.length);
    log.error(MESSAGES.checkGivenUp, { messageId, checkId: message.checkId, rounds: MOST_ROUNDS });
    return true;
  }
  try {
    // With no rounds left, the next sweep looks again at contracts that have more to tell.
    for (const { range, delaySeconds } of round === MOST_ROUNDS ? [] : [...left, ...again])
      await deps.resend(
        message.kind === 'named' ? message : { ...message, ...range, round: round + 1 },
        delaySeconds,
      );
    return true;
  } catch (error) {
    log.error(MESSAGES.checkNotResent, { messageId }, error);
    return false;
  }
}

/**
 * Does what a message asks for. Returns what was not done (`left`), what must be looked at once more (`again`), and the number of buyers
 * that were fully done (`looked`).
 */
async function checkAskedFor(
  message: CheckBuyers,
  { fullest }: Counted,
  deps: Dependencies,
): Promise<Record<'left' | 'again', readonly Unfinished[]> & { readonly looked: number }> {
  const { log } = deps;
  const left: Unfinished[] = [];
  const again: Unfinished[] = [];
  const due: NoticeKey[] = [];
  const { buyers, rest } = await readBuyers(message, deps);
  /** Where the rest begins. Buyers are started in the order of their places, so none is started after the first one that is out of time. */
  let unbegun = rest;
  let looked = 0;
  await sideBySide(buyers, WIDTH, async (each: BuyerOnList) => {
    const { buyerAccountId } = each.buyer;
    const here = { from: each.place, to: each.place };
    if (deps.remainingMilliseconds() < LEAST_MILLISECONDS) {
      log.warn(MESSAGES.checkNotStarted, { buyerAccountId });
      if (unbegun === null || each.place < unbegun.range.from)
        unbegun = {
          range: message.kind === 'range' ? { from: each.place, to: message.to } : here,
          delaySeconds: 0,
        };
      return;
    }
    try {
      const checked = await checkBuyer(
        each.buyer,
        {
          ...message,
          fromIndex: message.kind === 'range',
          reachability: each.reachability,
        },
        deps,
      );
      due.push(...dueOf(checked));
      countUsage(checked, fullest);
      looked += 1;
      // There is more to tell at once, in an entry of its own.
      if (checked.some(({ outcome: of }) => of.kind === 'decided' && of.decision.hasMore === true))
        again.push({ range: here, delaySeconds: 0 });
    } catch (error) {
      log.error(MESSAGES.recordFailed, { buyerAccountId }, error);
      left.push({ range: here, delaySeconds: resendDelay(message, deps) });
    }
  });
  await enqueueNotices(due, deps);
  return { left: unbegun === null ? left : [...left, unbegun], again, looked };
}

function countUsage(checked: readonly Checked[], fullest: Counted['fullest']): void {
  for (const { toCheck, observation, outcome } of checked) {
    // Usage is measured only if the look was believed.
    const isReadWell = outcome.kind === 'decided' && outcome.seenAt !== null;
    if (observation.kind !== 'seen' || !(isReadWell || outcome.kind === 'steady')) continue;
    const { id } = toCheck.product;
    for (const { consumed, maxCount } of observation.usage ?? []) {
      const percent = maxCount === null ? null : percentOf(consumed, maxCount);
      if (percent !== null) fullest.set(id, Math.max(percent, fullest.get(id) ?? 0));
    }
  }
}

/** If the store cannot be read, the whole message is left for later. */
async function readBuyers(message: CheckBuyers, deps: Dependencies): Promise<BuyersOfMessage> {
  try {
    return await buyersOf(message, deps);
  } catch (error) {
    deps.log.error(MESSAGES.buyersUnread, { checkId: message.checkId }, error);
    const { from, to } =
      message.kind === 'range'
        ? message
        : { from: message.buyerAccountId, to: message.buyerAccountId };
    return { buyers: [], rest: { range: { from, to }, delaySeconds: resendDelay(message, deps) } };
  }
}

/** About twice as long each time, in seconds: a store that is down for a whole tick must not cost every buyer thirty looks. */
function resendDelay({ visibleAt }: CheckBuyers, { now }: Pick<Dependencies, 'now'>): number {
  const age = Math.round(between(visibleAt, now()) / 1000);
  return Math.min(LONGEST_DELAY_SECONDS, Math.max(RESEND_SECONDS, age));
}
