import type { Fleet } from '../../lib/domain/check/decision.ts';
import type { FailedObservation, Observation } from '../../lib/domain/check/observation.ts';
import { NotDecided } from '../../lib/domain/check/perform-check.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import { isUsageTick } from '../../lib/domain/check/seen-usage.ts';
import { cleanText } from '../../lib/domain/outside-text.ts';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import { METRICS } from '../../lib/messages/names.ts';
import type { SendNotices } from '../../lib/messages/send-notices.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import {
  type Check,
  type Checked,
  type ContractToCheck,
  decideOnLook,
  type Look,
  understood,
} from './decide-on-look.ts';
import type { Dependencies } from './dependencies.ts';
import type { BuyerToCheck } from '../../lib/domain/registration/buyer.ts';

/**
 * The limit of a look, including slow answers and second attempts: enough for a thousand licenses in one account with the gaps of
 * `spacingOf`. If AWS does not answer at all, a call's own limits end it sooner.
 */
export const READ_MILLISECONDS = 40_000;
/** Reserved at the end of the invocation for calls that ignore a look's limit: checkout (5 s), check-in (5 s), record. */
const AFTER_READ_MILLISECONDS = 12_000;

/** The limit for reading the skipped versions of a license. Their content may stay unknown; what was already read must not be lost. */
const VERSIONS_MILLISECONDS = 2_000;
/** Reserved at the end of the invocation for writing. */
const RECORD_MILLISECONDS = 5_000;

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
  const watched = contractsToCheck(buyer, deps);
  const failures: Failure[] = [];
  const contracts = await doneOf(watched, (toCheck) => withHead(toCheck, deps), failures);
  const looked = await lookAtBuyer(contracts, check, checkId, deps);
  const looks = await doneOf(looked, (look) => understood(look, deps), failures);
  const failure = looks.map(({ observation }) => observation).find(isFailure);
  const fleet =
    failure === undefined || !(await isWatched())
      ? { checks: 0, failed: 0 }
      : await fleetOf(failure, check, fromIndex, deps);
  const performed = await doneOf(looks, (look) => decideOnLook(look, fleet, check, deps), failures);
  for (const failed of failures) await noteFailure(failed, check, deps);
  const errors = failures.map(({ error }) => error);
  if (errors.length > 0)
    // The logger writes `cause` but not `errors`. The first error stands for all, because all contracts are in the same table.
    throw new AggregateError(
      errors,
      `${errors.length} of ${watched.length} contracts not recorded, because of ${String(errors[0])}`,
      { cause: errors[0] },
    );
  return performed.flat();
}

interface Failure {
  readonly contract: ContractKey;
  readonly error: unknown;
}

/** What was done of all, in their order: one contract's failure does not affect its neighbors. */
async function doneOf<Of extends ContractToCheck | Look, Done>(
  all: readonly Of[],
  work: (each: Of) => Promise<Done>,
  failures: Failure[],
): Promise<readonly Done[]> {
  const outcomes = await Promise.allSettled(all.map(work));
  return all.flatMap((each, at) => {
    const outcome = outcomes[at];
    if (outcome?.status === 'fulfilled') return [outcome.value];
    const { contract } = 'toCheck' in each ? each.toCheck : each;
    failures.push({ contract, error: outcome?.reason });
    return [];
  });
}

/** Records the failure where people look: nobody reads a log line that repeats at every sweep. */
async function noteFailure(
  { contract, error }: Failure,
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

/** The contracts to look at: those of configured products and, for retired products, those whose watch has not ended yet. */
export function contractsToCheck(
  buyer: BuyerToCheck,
  { settings }: Dependencies,
): readonly ContractToCheck[] {
  return buyer.contracts.flatMap((watched) => {
    const { productId } = watched;
    const product = settings.products.find(({ id }) => id === productId);
    if (product === undefined || (product.retired && watched.digest === null)) return [];
    return [
      { contract: contractKey(buyer.buyerAccountId, productId), watched, product, head: undefined },
    ];
  });
}

/** Reads the head before the look only if something is due: a steady check reads no head. Throws if the store fails. */
async function withHead(
  toCheck: ContractToCheck,
  { contracts, now }: Dependencies,
): Promise<ContractToCheck> {
  const { nextDue } = toCheck.watched;
  // If the last record failed, the contract is never steady: this check must find out whether recording works again.
  const isDue = nextDue !== null && nextDue <= now();
  if (!isDue && toCheck.watched.unrecorded !== true) return toCheck;
  return { ...toCheck, head: (await contracts.head(toCheck.contract)) ?? null };
}

/** Ends a watch: see `retired` in the settings. */
const RETIRED: Observation = { kind: 'left', detail: 'the seller retired the product' };

/**
 * Returns one look for each contract, in their order. If all of a buyer's contracts are backed off, no session is opened, unless somebody
 * `asked`. Never throws because of AWS: a failure is the observation.
 */
async function lookAtBuyer(
  contracts: readonly ContractToCheck[],
  { buyer, tick, previous, asked = false }: Check,
  checkId: string,
  deps: Dependencies,
): Promise<readonly Look[]> {
  const isLeftOut = ({ product, head }: ContractToCheck) =>
    product.retired || (!asked && isBackedOff(head, deps));
  const unlooked = (toCheck: ContractToCheck): Look => ({
    toCheck,
    observation: toCheck.product.retired ? RETIRED : { kind: 'not-looked' },
  });
  if (contracts.every(isLeftOut)) return contracts.map(unlooked);
  const { intervalMinutes } = deps.settings;
  const signal = limitWithin(READ_MILLISECONDS, AFTER_READ_MILLISECONDS, deps);
  const session = await deps.openSession(buyer, signal);
  const looks: Look[] = [];
  for (const toCheck of contracts) {
    const { contract, watched, head, product } = toCheck;
    if (isLeftOut(toCheck)) looks.push(unlooked(toCheck));
    else if (session.kind !== 'open') looks.push({ toCheck, observation: session });
    else
      looks.push({
        toCheck,
        observation: await session.observe({
          ...{ product, checkId, signal },
          unitOutUntil: head?.unitOutUntil ?? null,
          // Once an hour, and at the first look, so that what is there then is not news later.
          isUsageWanted:
            watched.digest === null ||
            isUsageTick(contract, { tick, previous }, intervalMinutes, deps.sha256),
        }),
        readVersions: (licenseArn) =>
          session.readVersions(
            product,
            licenseArn,
            limitWithin(VERSIONS_MILLISECONDS, RECORD_MILLISECONDS, deps),
          ),
      });
  }
  return looks;
}

/** Aborts after `most` milliseconds, or earlier so that `kept` milliseconds of the invocation are left. */
function limitWithin(
  most: number,
  kept: number,
  { limit, remainingMilliseconds }: Dependencies,
): AbortSignal {
  return limit(Math.max(1, Math.min(most, remainingMilliseconds() - kept)));
}

function isBackedOff(head: ContractToCheck['head'], { now }: Dependencies): boolean {
  const until = head?.blind?.backOffUntil ?? null;
  return until !== null && until > now();
}

/** As many contracts as send-notices tells of side by side, so that a message takes it as long as one of them. */
const CONTRACTS_PER_MESSAGE = 25;

/** Queues notices to buyers. A failed message only costs time: the next sweep sends what is due. */
export async function enqueueNotices(
  due: readonly NoticeKey[],
  { sendNotices, log }: Pick<Dependencies, 'sendNotices' | 'log'>,
): Promise<void> {
  // The seller and operations are told once per tick: start-sweep asks for the digest.
  const toBuyers = due.filter(({ audience }) => audience === 'buyer');
  const contracts = [...new Set(toBuyers.map(({ contract }) => contract))];
  const messages: SendNotices[] = [];
  for (let from = 0; from < contracts.length; from += CONTRACTS_PER_MESSAGE) {
    const some = contracts.slice(from, from + CONTRACTS_PER_MESSAGE);
    messages.push({ format: 1, kind: 'contracts', contracts: some });
  }
  if (messages.length === 0) return;
  try {
    const errors = await sendNotices(messages);
    if (errors.length > 0) log.warn(MESSAGES.noticesNotQueued, { errors });
  } catch (error) {
    log.warn(MESSAGES.noticesNotQueued, { errors: [String(error)] });
  }
}
