import { agreementChanges } from '../../lib/domain/agreement/agreement-facts.ts';
import type { KeptAgreement } from '../../lib/domain/agreement/kept-agreement.ts';
import { keptOfAsked, keptOfDetails } from '../../lib/domain/agreement/read-agreement.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import { LEAST_MILLISECONDS } from './read-summaries.ts';
import { readableOrProblem } from '../../lib/observability/handler.ts';
import { ask, isOfAll, ServiceTrouble } from './service-trouble.ts';

export interface FollowedUp {
  /** Agreements whose terms were read. */
  readonly described: number;
  /** Contracts for which a decision was asked. */
  readonly asked: number;
}

/** After this many readings of terms in a row at which AWS fails, the cause is not a single agreement. */
const MOST_FAILURES = 3;

/**
 * Does what this reading found and what earlier ones left to do. A step is done before the next one is written, so a process that dies in
 * between repeats it. The index that holds what earlier readings left may be a moment behind.
 */
export async function followUp(
  changed: readonly KeptAgreement[],
  tick: Instant,
  dependencies: Dependencies,
): Promise<FollowedUp> {
  const { agreements: book, now, remainingMilliseconds } = dependencies;
  let [described, asked, failures]: [number, number, number] = [0, 0, 0];
  let trouble: ServiceTrouble | null = null;
  const done = new Set<string>();
  for await (const kept of leftToDo(changed, dependencies)) {
    if (remainingMilliseconds() < LEAST_MILLISECONDS) break;
    const { agreement } = kept;
    const key = `${agreement.productId} ${agreement.agreementId}`;
    if (done.has(key)) continue;
    done.add(key);
    try {
      const next = kept.step === 'terms' ? await readDetails(kept, dependencies) : kept;
      failures = 0;
      if (next === null) continue;
      if (next !== kept) described += 1;
      if (await askFor(next, tick, dependencies)) asked += 1;
    } catch (error) {
      if (!(error instanceof ServiceTrouble)) throw error;
      trouble = error;
      if (isOfAll(error)) break;
      // An agreement that cannot be read does not stop those behind it, now or at the next reading: it goes to the end of those that wait.
      await book.put({ ...kept, stepSince: now(), revision: kept.revision + 1 }, kept);
      // An answer that cannot be used is about this agreement alone.
      if (error.trouble.cause !== 'unexpected-answer') failures += 1;
      if (failures === MOST_FAILURES) break;
    }
  }
  if (trouble !== null) throw trouble;
  return { described, asked };
}

async function* leftToDo(
  changed: readonly KeptAgreement[],
  { agreements: book }: Dependencies,
): AsyncIterable<KeptAgreement> {
  yield* changed;
  yield* book.waiting('terms');
  yield* book.waiting('ask');
}

/** Null: another reading stored the terms first. */
async function readDetails(
  kept: KeptAgreement,
  dependencies: Dependencies,
): Promise<KeptAgreement | null> {
  const { service, agreements: book, now } = dependencies;
  const { agreementId } = kept.agreement;
  const details = await ask(() => service.details(agreementId), dependencies);
  if (typeof details === 'string')
    throw new ServiceTrouble({
      cause: 'unexpected-answer',
      detail: `the terms of ${agreementId} are refused as a search would be (${details})`,
    });
  const next = keptOfDetails(kept, details, now());
  return (await book.put(next, kept)) ? next : null;
}

/**
 * Makes the contract due for a decision, at once if there is something to tell. False: nobody watches it, or it is asked for again later.
 */
async function askFor(
  kept: KeptAgreement,
  tick: Instant,
  { agreements: book, contracts, sendChecks, now, log }: Dependencies,
): Promise<boolean> {
  const { agreement, told } = kept;
  const { buyerAccountId, productId, agreementId } = agreement;
  const contract = contractKey(buyerAccountId, productId);
  // A contract whose head cannot be read waits until somebody mends it.
  const outcome = await readableOrProblem(() => contracts.dueNow(contract, now()), log);
  if (outcome !== 'due' && outcome !== 'raced' && outcome !== 'unwatched') return false;
  // A faster check decided on what it read before.
  if (outcome === 'raced') return false;
  const isWatched = outcome === 'due';
  // If it says nothing new, the next sweep handles it.
  if (isWatched && (told === null || agreementChanges(told, agreement).length > 0))
    await sendChecks([
      {
        ...{ format: 1, kind: 'named', tick, visibleAt: now(), buyerAccountId },
        checkId: `${agreementId}-${agreement.updatedAt ?? tick}`,
      },
    ]);
  await book.put(keptOfAsked(kept, isWatched, now()), kept);
  return isWatched;
}
