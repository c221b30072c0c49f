import { contractOf, type ContractKey } from '../../lib/domain/license/contract.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { Received } from '../../lib/observability/events.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Dependencies } from './dependencies.ts';
import { lookAtTopics } from './look-at-topics.ts';
import { attempt, failures } from './pending-notices.ts';
import { putEvents } from './put-events.ts';
import { tellBuyer } from './tell-buyer.ts';
import { tellOfMatters } from './tell-of-matters.ts';
import { tellOperations } from './tell-operations.ts';
import { tellPipeline } from './tell-pipeline.ts';
import { tellSeller } from './tell-seller.ts';

/**
 * Buyers told side by side in one invocation, each of whom waits for AWS six times in a row: at 100 ms a call some 40 mails a second.
 * Each goes to a topic of the buyer's own; with the four invocations that the stack allows it stays below what SNS takes of an account
 * (300 publishes a second in the smallest Regions) and what one partition of a table writes (1,000 units a second). More would only
 * wait for the function's share of a CPU, of which a notice takes some 8 ms.
 */
const WIDTH = 25;
/** Nobody is told with less time left: what is in flight must come to its mark. */
const LEAST_MILLISECONDS = 15_000;

/** So often a message is received for what the time did not suffice for; then the rest is the next sweep's. Once less than makes it a dead letter. */
const MOST_ROUNDS = 4;

/** `again`: the message is to come again at once, and has been made visible for that. */
export async function receiveNotices(
  { body, receiveCount, receiptHandle }: Omit<Received<SendNotices>, 'messageId'>,
  dependencies: Dependencies,
): Promise<'done' | 'again'> {
  const isAllTold = await sendNotices(body, dependencies, receiveCount);
  if (isAllTold || receiveCount >= MOST_ROUNDS) return 'done';
  await dependencies.comeAgain(receiptHandle);
  return 'again';
}

/**
 * Works one message off. The mark is read before anything is published and written after: a message that comes twice tells
 * nothing twice, and a process that dies between the two leaves a notice that is told again, never one that is lost. Two messages that
 * meet at a contract meet at the claims of its notices: whoever is second leaves it alone. False: the time did not suffice for all.
 */
export async function sendNotices(
  message: SendNotices,
  dependencies: Dependencies,
  receiveCount = 1,
): Promise<boolean> {
  switch (message.kind) {
    case 'tick':
      return tellSide(message.tick, receiveCount, dependencies);
    case 'daily-digest':
      return tellSeller(message, dependencies);
    case 'monday-letter':
      return tellPipeline(message, dependencies);
    case 'events':
      return putEvents(dependencies);
    case 'reach':
      await lookAtTopics(message, dependencies);
      return true;
    case 'notices':
      return tellAll(message.notices, dependencies);
    case 'due': {
      const due: Told[] = [];
      for await (const { contract, entry } of dependencies.notices.due(message, dependencies.now()))
        due.push({ contract, entry, audience: message.audience });
      return tellAll(due, dependencies);
    }
  }
}

/** The seller's side of a tick. What fails of one mail keeps no other back, and is told by the next tick. */
async function tellSide(
  tick: Instant,
  receiveCount: number,
  dependencies: Dependencies,
): Promise<boolean> {
  const errors: unknown[] = [];
  // The first time only: what has become due since the message came back is the next tick's.
  if (receiveCount === 1) {
    await attempt(errors, () => tellOperations(tick, dependencies));
    await attempt(errors, () => tellOfMatters(tick, dependencies));
  }
  const isAllTold = await tellSeller({ kind: 'tick', tick }, dependencies);
  const [problem, ...others] = errors;
  if (problem instanceof Error && others.length === 0) throw problem;
  if (errors.length > 0) throw failures(errors, errors.length, 'mails of a tick');
  return isAllTold;
}

type Told = Extract<SendNotices, { kind: 'notices' }>['notices'][number];

/**
 * Tells buyers side by side. One buyer's contracts come one after the other, as they go to one address. What fails keeps nothing else back: it is thrown when all are done, and the queue delivers the message again. What the
 * time does not suffice for stays due as it is.
 */
async function tellAll(told: readonly Told[], dependencies: Dependencies): Promise<boolean> {
  const errors: unknown[] = [];
  let left = 0;
  await sideBySide(byAddress(told), WIDTH, async (works) => {
    for (const work of works) {
      if (dependencies.remainingMilliseconds() < LEAST_MILLISECONDS) {
        left += 1;
        continue;
      }
      await attempt(errors, () => work(dependencies));
    }
  });
  if (left > 0) dependencies.log.info(MESSAGES.noticesLeft, { left, told: told.length - left });
  if (errors.length > 0) throw failures(errors, told.length);
  return left === 0;
}

type Work = (dependencies: Dependencies) => Promise<void>;

/** A buyer is told once of each contract, whatever is due there. */
function byAddress(told: readonly Told[]): readonly (readonly Work[])[] {
  const contracts = new Map<string, Set<ContractKey>>();
  for (const { contract, audience } of told) {
    // Of an earlier version: the digest tells operations.
    if (audience === 'operations') continue;
    const { buyerAccountId } = contractOf(contract);
    const ofBuyer = contracts.get(buyerAccountId) ?? new Set();
    contracts.set(buyerAccountId, ofBuyer.add(contract));
  }
  return [...contracts.values()].map((ofBuyer) =>
    [...ofBuyer].map(
      (contract): Work =>
        (dependencies) =>
          tellBuyer(contract, dependencies),
    ),
  );
}
