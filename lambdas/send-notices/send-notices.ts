import { type ContractKey, contractOf } from '../../lib/domain/license/contract.ts';
import { sideBySide } from '../../lib/domain/side-by-side.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import type { ReceivedMessage } from '../../lib/observability/events.ts';
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
 * The number of buyers told side by side in one invocation. Each waits for AWS six times in a row: at 100 ms a call, some 40 mails a
 * second. Each mail goes to a topic of the buyer's own. With the four invocations that the stack allows, this stays below what SNS takes
 * from an account (300 publishes a second in the smallest Regions) and what one partition of a table writes (1,000 units a second). More
 * would only wait for the function's share of a CPU, of which a notice takes some 8 ms.
 */
const WIDTH = 25;
/** Nobody is told with less time left: notices in flight must still be marked. */
const LEAST_MILLISECONDS = 15_000;

/**
 * The most receives of a message for which the time does not suffice; the rest is then left to the next sweep. One fewer than makes it a
 * dead letter.
 */
const MOST_ROUNDS = 4;

/** `again`: the message must come again at once, and has been made visible for that. */
export async function receiveNotices(
  { body, receiveCount, receiptHandle }: Omit<ReceivedMessage<SendNotices>, 'messageId'>,
  dependencies: Dependencies,
): Promise<'done' | 'again'> {
  const isAllTold = await sendNotices(body, dependencies, receiveCount);
  if (isAllTold || receiveCount >= MOST_ROUNDS) return 'done';
  await dependencies.comeAgain(receiptHandle);
  return 'again';
}

/**
 * Works off one message. The mark is read before anything is published and written after: a message that comes twice tells nothing twice,
 * and a process that dies between the two leaves a notice that is told again, never one that is lost. Two messages about the same contract
 * compete for the claims of its notices, and the second one leaves it alone. False: there was not enough time for all.
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
    case 'weekly-pipeline':
      return tellPipeline(message, dependencies);
    case 'events':
      return putEvents(dependencies);
    case 'look-at-topics':
      await lookAtTopics(message, dependencies);
      return true;
    case 'contracts':
      return tellBuyers(message.contracts, dependencies);
    case 'due': {
      const { urgency, shard } = message;
      const due: ContractKey[] = [];
      for await (const { contract } of dependencies.notices.due(
        { audience: 'buyer', urgency, shard },
        dependencies.now(),
      ))
        due.push(contract);
      return tellBuyers(due, dependencies);
    }
  }
}

/** The seller's side of a tick. A mail that fails does not stop the others, and is told by the next tick. */
async function tellSide(
  tick: Instant,
  receiveCount: number,
  dependencies: Dependencies,
): Promise<boolean> {
  const errors: unknown[] = [];
  // Only on the first receive: what has become due since then belongs to the next tick.
  if (receiveCount === 1) {
    await attempt(errors, () => tellOperations(tick, dependencies));
    await attempt(errors, () => tellOfMatters(tick, dependencies));
  }
  const isAllTold = await attempt(errors, () => tellSeller({ kind: 'tick', tick }, dependencies));
  const [problem, ...others] = errors;
  if (problem instanceof Error && others.length === 0) throw problem;
  if (errors.length > 0) throw failures(errors, errors.length, 'mails of a tick');
  return isAllTold === true;
}

/**
 * Tells buyers side by side, each once about each contract, whatever is due there. One buyer's contracts come one after the other, because
 * they go to one address. A failure does not stop the others: it is thrown when all are done, and the queue delivers the message again.
 * What does not fit into the time stays due as it is.
 */
async function tellBuyers(
  due: readonly ContractKey[],
  dependencies: Dependencies,
): Promise<boolean> {
  const errors: unknown[] = [];
  let left = 0;
  const contracts = new Set(due);
  const byBuyer = Map.groupBy(contracts, (contract) => contractOf(contract).buyerAccountId);
  await sideBySide(byBuyer.values(), WIDTH, async (ofBuyer) => {
    for (const contract of ofBuyer) {
      if (dependencies.remainingMilliseconds() < LEAST_MILLISECONDS) {
        left += 1;
        continue;
      }
      await attempt(errors, () => tellBuyer(contract, dependencies));
    }
  });
  if (left > 0) dependencies.log.info(MESSAGES.noticesLeft, { left, told: contracts.size - left });
  if (errors.length > 0) throw failures(errors, contracts.size);
  return left === 0;
}
