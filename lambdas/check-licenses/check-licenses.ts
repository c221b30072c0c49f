import {
  type BuyerReachability,
  currentReachability,
} from '../../lib/domain/notice/reachability.ts';
import {
  watchedBuyer,
  type BuyerToCheck,
  buyerToCheck,
  dueToCheck,
} from '../../lib/domain/registration/buyer.ts';
import { BUYERS_PER_RANGE, placeOf, type PlaceRange } from '../../lib/domain/registration/place.ts';
import type { PlacedBuyer } from '../../lib/domain/ports.ts';
import { readableOrProblem } from '../../lib/observability/handler.ts';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { percentOf } from '../../lib/domain/license/quantity.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { between, MINUTE } from '../../lib/domain/time.ts';
import {
  checkBuyers,
  type CheckBuyers,
  type RangeMessage,
} from '../../lib/messages/check-buyers.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { readBody } from '../../lib/observability/events.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { checkBuyer, contractsToCheck, enqueueNotices } from './check-buyer.ts';
import type { Checked } from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';

/** Twice what a range should hold. If the number of buyers is wrong, the rest becomes a range of its own. */
const MOST_BUYERS = 2 * BUYERS_PER_RANGE;
/**
 * The number of buyers looked at side by side in one invocation; the others of the range wait. With fewer, the CPU idles while AWS answers;
 * with more, opening the connections costs more than it saves (computed by `npm run bench`): 50 is within 2 % of the cheapest whether a
 * check takes 1 or 3 ms of CPU.
 */
export const WIDTH = 50;
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

interface BuyerOnList {
  readonly place: string;
  readonly buyer: BuyerToCheck;
  /** Whether notices reach the buyer under this registration. Only for a buyer that the message names. */
  readonly reachability?: BuyerReachability | undefined;
}

/** A part of the line of places that must be asked for again. */
interface Unfinished {
  readonly range: PlaceRange;
  readonly delaySeconds: number;
}

interface BuyersOfMessage {
  /** In the order of their places. */
  readonly buyers: readonly BuyerOnList[];
  /** The part of the range after these buyers. Null: none. */
  readonly rest: Unfinished | null;
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
  const { buyers, rest } = await buyersOf(message, deps).catch(
    (error: unknown): BuyersOfMessage => {
      log.error(MESSAGES.buyersUnread, { checkId: message.checkId }, error);
      const { from, to } =
        message.kind === 'range'
          ? message
          : { from: message.buyerAccountId, to: message.buyerAccountId };
      // The whole message is left for later.
      return {
        buyers: [],
        rest: { range: { from, to }, delaySeconds: resendDelay(message, deps) },
      };
    },
  );
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
      due.push(...checked.flatMap(({ outcome }) => outcome.due));
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

/** About twice as long each time, in seconds: a store that is down for a whole tick must not cost every buyer thirty looks. */
function resendDelay({ visibleAt }: CheckBuyers, { now }: Pick<Dependencies, 'now'>): number {
  const age = Math.round(between(visibleAt, now()) / 1000);
  return Math.min(LONGEST_DELAY_SECONDS, Math.max(RESEND_SECONDS, age));
}

/** The buyers that a message asks for, with what is known of their contracts. Throws if the store fails. */
async function buyersOf(message: CheckBuyers, deps: Dependencies): Promise<BuyersOfMessage> {
  if (message.kind === 'range') return inRange(message, deps);
  const { buyerAccountId } = message;
  const found = watchedBuyer(await deps.buyers.find(buyerAccountId), buyerAccountId);
  if (found.kind === 'refused') {
    deps.log.info(MESSAGES.buyerNotWatched, { buyerAccountId, reason: found.problem });
    return { buyers: [], rest: null };
  }
  const place = placeOf(buyerAccountId, deps.sha256);
  const buyer = dueToCheck(found.buyer, found.buyer.productIds, deps.now());
  const known = await readableOrProblem(() => deps.reachability.find(buyerAccountId), deps.log);
  // The licenses are checked although it cannot be read.
  const readable = typeof known === 'string' ? undefined : known;
  const reachability = currentReachability(readable, found.buyer.registration);
  return { buyers: [{ place, buyer, reachability }], rest: null };
}

async function inRange(
  { from, to, tick }: RangeMessage,
  deps: Dependencies,
): Promise<BuyersOfMessage> {
  const placed: PlacedBuyer[] = [];
  let rest: Unfinished | null = null;
  for await (const each of deps.buyers.range({ from, to })) {
    if (placed.length === MOST_BUYERS) {
      rest = { range: { from: each.place, to }, delaySeconds: 0 };
      break;
    }
    placed.push(each);
  }
  const enrolling = placed.flatMap(({ buyer }) =>
    buyer?.status === 'enrolling' ? [buyer.buyerAccountId] : [],
  );
  // If enrolment is no longer open, their time to live ends them.
  if (enrolling.length > 0 && deps.settings.openEnrolment !== null)
    try {
      await deps.checkEnrolments(enrolling, tick);
    } catch (error) {
      // A buyer who is not asked for now is asked for by the next sweep, and no check waits for it.
      deps.log.error(MESSAGES.enrolmentsNotAsked, { buyerAccountIds: enrolling }, error);
    }
  return { buyers: watchedIn(placed, deps), rest };
}

/** The buyers who are active and have a contract to look at. */
function watchedIn(placed: readonly PlacedBuyer[], deps: Dependencies): readonly BuyerOnList[] {
  const { settings, log, meter } = deps;
  const known = new Set(settings.products.map(({ id }) => id));
  const unknown = new Set<string>();
  const without: string[] = [];
  let unrecorded = 0;
  const watched = placed.flatMap((each): BuyerOnList[] => {
    if (each.buyer === null) {
      log.error(MESSAGES.profileUnreadable, { place: each.place, problem: each.problem });
      return [];
    }
    if (each.buyer.status !== 'active') return [];
    for (const { productId } of each.contracts) if (!known.has(productId)) unknown.add(productId);
    const buyer = buyerToCheck(each.buyer, each.contracts);
    const contracts = contractsToCheck(buyer, deps);
    unrecorded += contracts.filter(({ watched: { unrecorded: is } }) => is === true).length;
    if (contracts.length > 0) return [{ place: each.place, buyer }];
    without.push(each.buyer.buyerAccountId);
    return [];
  });
  // Products that were removed from cdk.json without being retired: a slip that would otherwise end these watches silently.
  for (const productId of unknown) log.error(MESSAGES.productUnknown, { productId });
  if (without.length > 0) log.warn(MESSAGES.buyersWithoutContracts, { buyerAccountIds: without });
  if (unrecorded > 0) {
    meter.measure(METRICS.contractsUnrecorded, unrecorded);
    log.error(MESSAGES.contractsUnrecorded, { contracts: unrecorded });
  }
  return watched;
}
