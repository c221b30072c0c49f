import type { Fleet } from '../../lib/domain/check/decision.ts';
import type { FailedObservation, Observation } from '../../lib/domain/check/observation.ts';
import { NotDecided } from '../../lib/domain/check/perform-check.ts';
import type { ContractKey } from '../../lib/domain/license/contract.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { METRICS } from '../../lib/messages/names.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { type Check, type Checked, decideOnLook } from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';
import { lookAtBuyer, type ContractToCheck, contractsToCheck, withHead } from './look-at-buyer.ts';
import type { BuyerToCheck } from '../../lib/domain/registration/buyer.ts';

/** The longest detail that is recorded of a failure, in characters. */
const LONGEST_DETAIL = 600;

export interface CheckContext extends Omit<Check, 'buyer' | 'isWatched'> {
  /** Stays the same on redelivery, so that a probe that is asked for twice is one checkout. */
  readonly checkId: string;
  /**
   * True if a sweep asks. The buyer is then known only from an index, which may lag behind the profile, so the profile is read before
   * anything is written.
   */
  readonly fromIndex?: boolean;
}

/**
 * Looks at one buyer's contracts and performs what follows. Throws if the store failed; what was recorded before that stays, and looking
 * again repeats nothing.
 */
export async function checkBuyer(
  buyer: BuyerToCheck,
  { checkId, fromIndex = false, ...context }: CheckContext,
  deps: Dependencies,
): Promise<readonly Checked[]> {
  const isWatched = once(() => (fromIndex ? isAsRead(buyer, deps) : Promise.resolve(true)));
  const check: Check = { ...context, buyer, isWatched };
  const heads = await Promise.all(
    contractsToCheck(buyer, deps).map((toCheck) => tried(toCheck, () => withHead(toCheck, deps))),
  );
  const contracts = heads.flatMap((each) => (each.kind === 'done' ? [each.done] : []));
  const looks = await lookAtBuyer(contracts, { ...context, buyer, checkId }, deps);
  const failure = looks.map(({ observation }) => observation).find(isFailure);
  const fleet =
    failure === undefined || !(await isWatched())
      ? { checks: 0, failed: 0 }
      : await fleetOf(failure, check, fromIndex, deps);
  const performed = await Promise.all(
    looks.map((look) => tried(look.toCheck, () => decideOnLook(look, fleet, check, deps))),
  );
  const failures = [...heads, ...performed].flatMap((each) =>
    each.kind === 'failed' ? [each] : [],
  );
  for (const failed of failures) await noteFailure(failed, check, deps);
  const errors = failures.map(({ error }) => error);
  if (errors.length > 0)
    // The logger writes `cause` but not `errors`. The first error stands for all, because all contracts are in the same table.
    throw new AggregateError(
      errors,
      `${errors.length} of ${heads.length} contracts not recorded, because of ${String(errors[0])}`,
      { cause: errors[0] },
    );
  return performed.flatMap((each) => (each.kind === 'done' ? each.done : []));
}

type Tried<Done> =
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'failed'; readonly contract: ContractKey; readonly error: unknown };

/** One contract's failure does not affect its neighbors. */
async function tried<Done>(
  { contract }: ContractToCheck,
  doing: () => Promise<Done>,
): Promise<Tried<Done>> {
  try {
    return { kind: 'done', done: await doing() };
  } catch (error) {
    return { kind: 'failed', contract, error };
  }
}

/** Records the failure where people look: nobody reads a log line that repeats at every sweep. */
async function noteFailure(
  { contract, error }: Extract<Tried<never>, { kind: 'failed' }>,
  { isWatched }: Check,
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

/** Whether the profile still says what the index said about the buyer. A recreated stack brings its own check. */
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

/**
 * The fleet with this failure counted: once per buyer, however many contracts, because a check is a look at all of them. A check that asks
 * for a buyer by name runs beside the sweep and as often as somebody asks. It is not counted, or one buyer alone would look like a fleet.
 */
async function fleetOf(
  { kind, cause, detail }: FailedObservation,
  { buyer: { buyerAccountId }, tick }: Check,
  isOfSweep: boolean,
  { ticks, meter, log }: Dependencies,
): Promise<Fleet> {
  meter.measure(METRICS.checksFailed, 1);
  log.warn(MESSAGES.checkFailed, { buyerAccountId, kind, cause, detail });
  return isOfSweep ? ticks.countFailure(tick) : ticks.worst(tick);
}

function isFailure(observation: Observation): observation is FailedObservation {
  return observation.kind === 'blind' || observation.kind === 'trouble';
}

/** As many notices as send-notices sends side by side, so that a message takes it as long as one notice. */
const NOTICES_PER_MESSAGE = 25;

export function dueOf(checked: readonly Checked[]): readonly NoticeKey[] {
  return checked.flatMap(({ outcome }) => (outcome.kind === 'decided' ? outcome.due : []));
}

/** Queues notices to buyers. A failed message only costs time: the next sweep sends what is due. */
export async function enqueueNotices(
  due: readonly NoticeKey[],
  { sendNotices, log }: Pick<Dependencies, 'sendNotices' | 'log'>,
): Promise<void> {
  const notices = due.flatMap(({ contract, entry, audience }) =>
    // The seller and operations are told once per tick: start-sweep asks for the digest.
    audience === 'buyer' ? [{ contract, entry, audience }] : [],
  );
  const messages: SendNotices[] = [];
  for (let from = 0; from < notices.length; from += NOTICES_PER_MESSAGE) {
    const some = notices.slice(from, from + NOTICES_PER_MESSAGE);
    messages.push({ format: 1, kind: 'notices', notices: some });
  }
  if (messages.length === 0) return;
  try {
    const errors = await sendNotices(messages);
    if (errors.length > 0) log.warn(MESSAGES.noticesNotQueued, { errors });
  } catch (error) {
    log.warn(MESSAGES.noticesNotQueued, { errors: [String(error)] });
  }
}
