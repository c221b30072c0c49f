import type { WatchedContract } from '../../lib/domain/check/steady.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import type { Fleet } from '../../lib/domain/check/decision.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import { isLastSeenTick } from '../../lib/domain/check/last-seen.ts';
import { isSteady } from '../../lib/domain/check/steady.ts';
import {
  NotDecided,
  performCheck,
  type PerformedCheck,
} from '../../lib/domain/check/perform-check.ts';
import type { BuyerReachability } from '../../lib/domain/notice/reachability.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import type { BuyerToCheck } from '../../lib/domain/check/buyer-to-check.ts';
import type { ReadVersions } from '../../lib/domain/check/versions-between.ts';
import { METRICS } from '../../lib/messages/names.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import { MESSAGES } from '../../lib/observability/message-codes.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';

import type { Dependencies, FailedObservation } from './dependencies.ts';

/** A look may take this long, slow answers and second attempts included. */
const READ_MILLISECONDS = 20_000;
/** Kept from the end of the invocation for what does not listen to a look's limit: checkout (5 s), check-in (5 s), record. */
const AFTER_READ_MILLISECONDS = 12_000;

/** For the versions of a license that were skipped: what they said may stay unknown, what was read may not. */
const VERSIONS_MILLISECONDS = 2_000;
/** Kept for what is written. */
const RECORD_MILLISECONDS = 5_000;

/** Of a failure, in the words of whoever threw it. */
const LONGEST_DETAIL = 600;

/** One contract of the buyer, and what is known of it before the look. */
export interface Question {
  readonly contract: ContractKey;
  readonly watched: WatchedContract;
  readonly product: Product;
  /** Undefined: not read yet. */
  readonly head: Head | null | undefined;
}

export interface CheckContext {
  readonly tick: Instant;
  /** Of the sweep before; absent: no sweep asks. */
  readonly previous?: Instant | null;
  /** Survives redelivery, so that a probe asked twice is one checkout. */
  readonly checkId: string;
  /** Somebody wants to know now, beside the sweeps: looked at even while backed off, and nothing is counted. */
  readonly asked?: boolean;
  /** The buyer is known from an index alone, which may lag behind its profile: that is read before anything is written. */
  readonly fromIndex?: boolean;
  /** Whether notices reach the buyer, where that is to be recorded if it differs. */
  readonly reachability?: BuyerReachability | undefined;
}

/** What followed from one observation. `steady`: nothing did, which was known without deciding; `not-watched`: nobody is to look any more. */
type Conclusion = { readonly kind: 'steady' | 'not-watched' } | PerformedCheck;

/** One contract that was looked at. */
export interface Checked {
  readonly question: Question;
  readonly observation: Observation;
  readonly conclusion: Conclusion;
}

/**
 * One look at one buyer's contracts, and what follows from it. Throws where the store failed; what was recorded before stays,
 * and looking again repeats nothing.
 */
export async function checkBuyer(
  buyer: BuyerToCheck,
  { tick, previous, checkId, asked = false, fromIndex = false, reachability }: CheckContext,
  deps: Dependencies,
): Promise<readonly Checked[]> {
  const isWatched = once(() => (fromIndex ? isAsRead(buyer, deps) : Promise.resolve(true)));
  const heads = await Promise.all(
    watchedOf(buyer, deps).map((question) => tried(question, () => withHead(question, deps))),
  );
  const questions = heads.flatMap((each) => (each.kind === 'done' ? [each.done] : []));
  const isSpared = ({ head }: Question) => !asked && isBackedOff(head, deps);
  const looks = await observeAll(questions, isSpared, buyer, checkId, deps);
  const failure = looks.map(({ observation }) => observation).find(isFailure);
  const fleet =
    failure === undefined || !(await isWatched())
      ? { checks: 0, failed: 0 }
      : await countFailure(buyer, failure, tick, deps);
  const outcomes = await Promise.all(
    questions.map((question, n) =>
      tried(question, async () => {
        const look = looks[n] ?? { observation: { kind: 'not-looked' } };
        const { observation } = look;
        const conclusion = await conclude(
          question,
          { ...look, buyer, tick, fleet, asked },
          previous,
          isWatched,
          deps,
        );
        if (question.watched.unrecorded === true && (await isWatched()))
          await deps.contracts.worksAgain(question.contract, deps.now());
        const checked: Checked[] = [{ question, observation, conclusion }];
        return reachability?.contract === question.contract
          ? [...checked, await recordReachability(question, reachability, { buyer, tick }, deps)]
          : checked;
      }),
    ),
  );
  const failures = [...heads, ...outcomes].flatMap((each) =>
    each.kind === 'failed' ? [each] : [],
  );
  const errors = failures.map(({ error }) => error);
  for (const failure of failures) await noteFailure(failure, isWatched, deps);
  if (errors.length > 0)
    // The logger writes causes and no `errors`: the first stands for all, as they meet the same table.
    throw new AggregateError(
      errors,
      `${errors.length} of ${heads.length} contracts not recorded, because of ${String(errors[0])}`,
      { cause: errors[0] },
    );
  return outcomes.flatMap((each) => (each.kind === 'done' ? each.done : []));
}

type Tried<Done> =
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'failed'; readonly contract: ContractKey; readonly error: unknown };

/** One contract's failure is none of its neighbours. */
async function tried<Done>(
  { contract }: Question,
  doing: () => Promise<Done>,
): Promise<Tried<Done>> {
  try {
    return { kind: 'done', done: await doing() };
  } catch (error) {
    return { kind: 'failed', contract, error };
  }
}

/** Where people look for it: a log line at every sweep is read by nobody. */
async function noteFailure(
  { contract, error }: Extract<Tried<never>, { kind: 'failed' }>,
  isWatched: () => Promise<boolean>,
  { contracts, now, log }: Dependencies,
): Promise<void> {
  const cause =
    error instanceof StoredShapeError
      ? 'unreadable'
      : error instanceof NotDecided
        ? 'not-decided'
        : 'store-refused';
  try {
    if (!(await isWatched())) return;
    await contracts.failed(
      contract,
      { cause, detail: cleanText(String(error), LONGEST_DETAIL) },
      now(),
    );
  } catch (notRecorded) {
    log.error(MESSAGES.failureNotRecorded, { contract }, notRecorded);
  }
}

/** Whether the profile still says what the index said of the buyer. A stack made anew brings its own check. */
async function isAsRead(
  { buyerAccountId, externalId, roleArn }: BuyerToCheck,
  { buyers, log }: Dependencies,
): Promise<boolean> {
  const found = await buyers.find(buyerAccountId);
  const isIt =
    found?.status === 'active' &&
    found.externalId === externalId &&
    found.registration?.roleArn === roleArn;
  if (!isIt) log.info(MESSAGES.indexBehind, { buyerAccountId });
  return isIt;
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= work());
}

function watchedOf(buyer: BuyerToCheck, { settings }: Dependencies): Question[] {
  return buyer.contracts.flatMap((watched) => {
    const { productId } = watched;
    const product = settings.products.find(({ id }) => id === productId);
    // A watch that has ended, or never began, need not end.
    if (product === undefined || (product.retired && watched.digest === null)) return [];
    return [
      { contract: contractKey(buyer.buyerAccountId, productId), watched, product, head: undefined },
    ];
  });
}

/** The head is read before the look only where something is due: a steady check touches no table. */
async function withHead(question: Question, { contracts, now }: Dependencies): Promise<Question> {
  const { nextDue } = question.watched;
  // What could not be recorded last is never steady: whether it works again is to be found out.
  const isDue = nextDue !== null && nextDue <= now();
  if (!isDue && question.watched.unrecorded !== true) return question;
  return { ...question, head: (await contracts.head(question.contract)) ?? null };
}

/** What ends a watch: see `retired` in the settings. */
const RETIRED: Observation = { kind: 'left', detail: 'the seller retired the product' };

interface Look {
  readonly observation: Observation;
  /** For what follows from it; absent: nobody is let in to read. */
  readonly readVersions?: ReadVersions;
}

/** One look for each question, in their order. A buyer all of whose contracts are backed off is not bothered. */
async function observeAll(
  questions: readonly Question[],
  isSpared: (question: Question) => boolean,
  buyer: BuyerToCheck,
  checkId: string,
  deps: Dependencies,
): Promise<readonly Look[]> {
  const unlooked = ({ product }: Question): Look => ({
    observation: product.retired ? RETIRED : { kind: 'not-looked' },
  });
  if (questions.every((question) => question.product.retired || isSpared(question)))
    return questions.map(unlooked);
  const left = deps.remainingMilliseconds() - AFTER_READ_MILLISECONDS;
  const signal = deps.limit(Math.max(1, Math.min(READ_MILLISECONDS, left)));
  const session = await deps.openSession(buyer, signal);
  const looks: Look[] = [];
  for (const question of questions) {
    const { head, product } = question;
    if (product.retired || isSpared(question)) looks.push(unlooked(question));
    else if (session.kind !== 'open') looks.push({ observation: session });
    else
      looks.push({
        observation: await session.observe(product, checkId, signal, head?.unitOutUntil ?? null),
        readVersions: (licenseArn) =>
          session.readVersions(
            product,
            licenseArn,
            deps.limit(
              Math.max(
                1,
                Math.min(VERSIONS_MILLISECONDS, deps.remainingMilliseconds() - RECORD_MILLISECONDS),
              ),
            ),
          ),
      });
  }
  return looks;
}

function isBackedOff(head: Question['head'], { now }: Dependencies): boolean {
  const until = head?.blind?.backOffUntil ?? null;
  return until !== null && until > now();
}

/** Once for a buyer, however many contracts: a check is a look at all of them. */
async function countFailure(
  { buyerAccountId }: BuyerToCheck,
  observation: FailedObservation,
  tick: Instant,
  { ticks, meter, log }: Dependencies,
): Promise<Fleet> {
  const { kind, cause, detail } = observation;
  meter.measure(METRICS.checksFailed, 1);
  log.warn(MESSAGES.checkFailed, { buyerAccountId, kind, cause, detail });
  return ticks.countFailure(tick);
}

function isFailure(observation: Observation): observation is FailedObservation {
  return observation.kind === 'blind' || observation.kind === 'trouble';
}

const STEADY: Conclusion = { kind: 'steady' };

/** What follows from one observation of one contract, performed. Throws where the store fails. */
async function conclude(
  { contract, watched, product, head: known }: Question,
  found: Omit<Parameters<typeof performCheck>[0], 'head' | 'product'>,
  previous: CheckContext['previous'],
  isWatched: () => Promise<boolean>,
  deps: Dependencies,
): Promise<Conclusion> {
  const { contracts, lastSeen, sha256, now, settings } = deps;
  const { intervalMinutes } = settings;
  const { observation, tick } = found;
  const isSlot =
    previous !== undefined && isLastSeenTick(contract, { tick, previous }, intervalMinutes, sha256);
  if (known === undefined && isSteady(observation, watched, product, now(), sha256)) {
    // Writes nothing where the watch has ended meanwhile.
    if (isSlot) await lastSeen.seen(contract, now());
    return STEADY;
  }
  if (!(await isWatched())) return { kind: 'not-watched' };
  const head = known === undefined ? ((await contracts.head(contract)) ?? null) : known;
  const performed = await performCheck({ ...found, head, product, intervalMinutes }, deps);
  // What is decided on, such as what settles for a day, need not be recorded, and was seen all the same.
  if (isSlot && performed.seenAt !== null) await lastSeen.seen(contract, performed.seenAt);
  return performed;
}

/** Whatever the look at the licenses saw: by an entry of its own, or none where the ledger says so already. */
async function recordReachability(
  question: Question,
  { state, since }: BuyerReachability,
  found: Pick<Parameters<typeof performCheck>[0], 'buyer' | 'tick'>,
  deps: Dependencies,
): Promise<Checked> {
  const { contract, product } = question;
  const observation: Observation = { kind: 'topic', state, since };
  const conclusion = await performCheck(
    {
      ...found,
      observation,
      product,
      head: (await deps.contracts.head(contract)) ?? null,
      fleet: { checks: 0, failed: 0 },
      intervalMinutes: deps.settings.intervalMinutes,
    },
    deps,
  );
  return { question, observation, conclusion };
}
