import type { Sha256 } from '../../domain/ports.ts';
import type { Product } from '../../domain/license/product.ts';
import type { Observation } from '../../domain/check/observation.ts';
import { between, DAY, MINUTE, plus, type Instant } from '../../domain/time.ts';
import type { Mail } from '../../domain/notice/topics.ts';
import { sellerDigest } from '../../mail/seller-digest.ts';
import { SampleContract } from './sample-contract.ts';

/** A contract, and what every check of it sees from each instant on. */
export interface SampleCase {
  readonly buyer: { readonly buyerAccountId: string; readonly name: string };
  readonly product: Product;
  readonly phases: readonly Phase[];
  /** When somebody follows the link in SNS's mail; null: never. */
  readonly confirmed: Instant | null;
}

export interface Phase {
  readonly from: Instant;
  readonly observation: Observation;
}

export interface SampleMail {
  readonly at: Instant;
  readonly to:
    | { readonly audience: 'buyer'; readonly name: string }
    | { readonly audience: 'seller' | 'operations' };
  readonly mail: Mail;
}

const TICK = 15 * MINUTE;
/** After the last turn: reminders and the day after the end still come. */
const EPILOGUE = 14 * DAY;

/**
 * Runs all cases on one calendar with the domain's own rules, and answers with every mail that anybody gets, in order.
 * Nothing but the store, the queues and AWS is left out.
 */
export function sampleMails(
  cases: readonly SampleCase[],
  sellerName: string,
  sha256: Sha256,
): readonly SampleMail[] {
  const contracts = cases.map((sampleCase) => new SampleContract(sampleCase, sha256));
  return ticksOf(cases).flatMap((tick) => {
    const now = plus(tick, 3 * MINUTE);
    for (const contract of contracts) contract.check(tick, now);
    const toBuyers = contracts.flatMap((contract) => contract.buyerMails(sellerName, now));
    const toOperations = contracts.flatMap((contract) => contract.operationsMails(now));
    const due = contracts.flatMap((contract) => contract.digestEntries(now));
    const digest: readonly SampleMail[] =
      due.length === 0
        ? []
        : [{ at: now, to: { audience: 'seller' }, mail: sellerDigest({ entries: due, now }) }];
    return [...toBuyers, ...digest, ...toOperations];
  });
}

/** Every quarter of an hour, as the watcher itself looks. */
function ticksOf(cases: readonly SampleCase[]): readonly Instant[] {
  const turns = cases.flatMap(turnsOf).toSorted();
  const [first, last] = [turns[0], turns.at(-1)];
  if (first === undefined || last === undefined) return [];
  const count = between(first, plus(last, EPILOGUE)) / TICK;
  return Array.from({ length: Math.floor(count) + 1 }, (_, index) => plus(first, index * TICK));
}

/** When something happens: another sight, a begin, an end, a confirmation. */
function turnsOf({ phases, confirmed }: SampleCase): readonly Instant[] {
  const dates = phases.flatMap(({ observation }) =>
    observation.kind === 'seen'
      ? observation.licenses.flatMap(({ validity }) => [validity.begin, validity.end])
      : [],
  );
  const begin = phases[0]?.from;
  const all = [confirmed, ...dates, ...phases.map(({ from }) => from)];
  return all.filter((at) => at !== null).filter((at) => begin !== undefined && at >= begin);
}
