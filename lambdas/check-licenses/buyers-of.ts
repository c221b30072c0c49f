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
import type { Instant } from '../../lib/domain/time.ts';
import type { CheckBuyers, RangeMessage } from '../../lib/messages/check-buyers.ts';
import { METRICS } from '../../lib/messages/names.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { readableOrProblem } from '../readable.ts';
import type { Dependencies } from './dependencies.ts';
import { contractsToCheck } from './look-at-buyer.ts';

/** Twice what a range should hold. If the number of buyers is wrong, the rest becomes a range of its own. */
const MOST_BUYERS = 2 * BUYERS_PER_RANGE;

export interface BuyerOnList {
  readonly place: string;
  readonly buyer: BuyerToCheck;
  /** Whether notices reach the buyer under this registration. Only for a buyer that the message names. */
  readonly reachability?: BuyerReachability | undefined;
}

/** A part of the line of places that must be asked for again. */
export interface Unfinished {
  readonly range: PlaceRange;
  readonly delaySeconds: number;
}

export interface BuyersOfMessage {
  /** In the order of their places. */
  readonly buyers: readonly BuyerOnList[];
  /** The part of the range after these buyers. Null: none. */
  readonly rest: Unfinished | null;
}

/** The buyers that a message asks for, with what is known of their contracts. Throws if the store fails. */
export async function buyersOf(message: CheckBuyers, deps: Dependencies): Promise<BuyersOfMessage> {
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
    await askForEnrolments(enrolling, tick, deps);
  return { buyers: watchedIn(placed, deps), rest };
}

/** Does not throw: a buyer who is not asked for now is asked for by the next sweep, and no check waits for it. */
async function askForEnrolments(
  enrolling: readonly string[],
  tick: Instant,
  { checkEnrolments, log }: Dependencies,
): Promise<void> {
  try {
    await checkEnrolments(enrolling, tick);
  } catch (error) {
    log.error(MESSAGES.enrolmentsNotAsked, { buyerAccountIds: enrolling }, error);
  }
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
