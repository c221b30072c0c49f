import { carrierOf } from '../../lib/domain/check/reachability-findings.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import { canonicalJson } from '../../lib/domain/ledger/canonical-json.ts';
import {
  type BuyerReachability,
  reachabilityOf,
  unreachable,
} from '../../lib/domain/notice/reachability.ts';
import { type RegisteredBuyer, watchedContracts } from '../../lib/domain/registration/buyer.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import { DAY, epochMilliseconds, type Instant } from '../../lib/domain/time.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { attempt, failures } from './pending-notices.ts';
import { tellBuyer } from './tell-buyer.ts';

/**
 * The number of topics looked at side by side: at 100 ms a call, 100 a second, across all accounts. What SNS throttles comes again with the
 * message.
 */
const WIDTH = 10;
/** No look starts with less time left. */
const LEAST_MILLISECONDS = 15_000;

/**
 * Looks, once a day, at who reads the topics of a slice of the buyers. Writes differences beside the profile and asks for a check, which
 * records them. If a look fails, what is known stays as it is; the errors are thrown after all looks, and the message comes again.
 */
export async function lookAtTopics(
  { from, to, tick }: Extract<SendNotices, { kind: 'look-at-topics' }>,
  dependencies: Dependencies,
): Promise<void> {
  const buyers: RegisteredBuyer[] = [];
  for await (const { buyer } of dependencies.buyers.range({ from, to }))
    if (buyer?.status === 'active') buyers.push(buyer);
  const errors: unknown[] = [];
  let left = 0;
  await sideBySide(inTurn(buyers, tick), WIDTH, async (buyer) => {
    if (dependencies.remainingMilliseconds() < LEAST_MILLISECONDS) {
      left += 1;
      return;
    }
    await attempt(errors, () => lookAt(buyer, tick, dependencies));
  });
  if (left > 0) dependencies.log.warn(MESSAGES.topicsLeft, { left, of: buyers.length });
  if (errors.length > 0) throw failures(errors, buyers.length, 'looks at topics');
}

/** The buyers, beginning elsewhere on each day: looks that take all the time never keep the same buyers waiting. */
function inTurn<Item>(all: readonly Item[], tick: Instant): readonly Item[] {
  // Multiples of the golden section spread evenly, however long the list is.
  const first = Math.floor((((epochMilliseconds(tick) / DAY) * 0.618034) % 1) * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

async function lookAt(
  buyer: RegisteredBuyer,
  tick: Instant,
  dependencies: Dependencies,
): Promise<void> {
  const { reachability, topics, now, sendCheck, log } = dependencies;
  const { buyerAccountId, registration } = buyer;
  const [before, seen] = await Promise.all([
    reachability.find(buyerAccountId),
    topics.readers(registration.noticeTopicArn),
  ]);
  // The instant is the tick, so that a repeated or late look finds the same.
  const found = reachabilityOf(buyer, seen, before, tick);
  if (found === null) return;
  const isReached = unreachable(found.state) === null;
  // Tell before writing: if the process dies in between, the next look does it again.
  if (isReached && (before === undefined || unreachable(before.state) !== null))
    for (const contract of watchedContracts(buyer)) await tellBuyer(contract, dependencies);
  const head = await carrier(buyer, before, isReached, dependencies);
  const after: BuyerReachability = { ...found, contract: head?.contract ?? null };
  if (before === undefined || canonicalJson(before) !== canonicalJson(after)) {
    // Another look, for a message that came twice, was first and continues from there.
    if (!(await reachability.put(after, before))) return;
    log.info(MESSAGES.reachabilityDiffers, { buyerAccountId, state: after.state });
  }
  if (head === undefined || head.unreachable === unreachable(found.state)) return;
  // Asks even if a check was asked for yesterday: that one may be lost.
  await sendCheck({
    format: 1,
    kind: 'named',
    tick,
    checkId: `reach-${tick}`,
    visibleAt: now(),
    buyerAccountId,
  });
}

/** The contract whose ledger holds the reachability, or should. Undefined: there is nothing to record. */
async function carrier(
  buyer: RegisteredBuyer,
  before: BuyerReachability | undefined,
  isReached: boolean,
  { contracts, now }: Dependencies,
): Promise<Head | undefined> {
  const watched = watchedContracts(buyer);
  const carried = before?.contract ?? null;
  const known =
    carried !== null && watched.includes(carried) ? await contracts.head(carried) : undefined;
  const isOpen = before !== undefined && unreachable(before.state) !== null;
  const isKept = known?.watchEnded === null && (known.unreachable !== null || isOpen);
  if (isReached || isKept) return known;
  const heads = await Promise.all(watched.map((contract) => contracts.head(contract)));
  return carrierOf(
    heads.filter((head) => head !== undefined),
    now(),
  );
}
