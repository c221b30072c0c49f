import type { Agreement } from '../../lib/domain/agreement/agreement.ts';
import type { Fleet } from '../../lib/domain/check/decision.ts';
import { isLastSeenTick } from '../../lib/domain/check/last-seen.ts';
import {
  nextSeenUsage,
  type SeenUsage,
  withRecentPeaks,
} from '../../lib/domain/check/seen-usage.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { hiddenBySettings } from '../../lib/domain/check/believed-read.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import {
  performCheck,
  type PerformedCheck,
  isSteady,
} from '../../lib/domain/check/perform-check.ts';
import type { ContractKey } from '../../lib/domain/license/contract.ts';
import type { BuyerReachability } from '../../lib/domain/notice/reachability.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { readableOrProblem } from '../../lib/observability/handler.ts';
import type { Dependencies } from './dependencies.ts';
import type { BuyerToCheck, WatchedContract } from '../../lib/domain/registration/buyer.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { ReadVersions } from '../../lib/domain/check/versions.ts';
import type { Product } from '../../lib/domain/license/product.ts';

/** One contract of the buyer, and what was known about it before the look. */
export interface ContractToCheck {
  readonly contract: ContractKey;
  readonly watched: WatchedContract;
  readonly product: Product;
  /** Undefined: not read yet. Null: there is none. */
  readonly head: Head | null | undefined;
}

export interface Look {
  readonly toCheck: ContractToCheck;
  readonly observation: Observation;
  /** Reads further versions for the decision. Absent: there is no open session. */
  readonly readVersions?: ReadVersions;
}

/** The parts of one buyer's check that matter to one of its contracts. */
export interface Check {
  readonly buyer: BuyerToCheck;
  readonly tick: Instant;
  /** The tick of the sweep before. Absent: no sweep asks. */
  readonly previous?: Instant | null;
  /** True if somebody asks for a look now, beside the sweeps. The contracts are looked at even while backed off, and nothing is counted. */
  readonly asked?: boolean;
  /** Whether notices reach the buyer; present only if a difference must be recorded. */
  readonly reachability?: BuyerReachability | undefined;
  /** Whether the buyer is still the one the check assumes. Must be asked before anything is decided; it is looked up once. */
  readonly isWatched: () => Promise<boolean>;
}

/** What followed from one observation. `steady`: nothing, which was known without deciding. `not-watched`: nobody should look any more. */
type Outcome =
  { readonly kind: 'steady' | 'not-watched'; readonly due: readonly [] } | PerformedCheck;

/** One contract that was looked at. */
export interface Checked {
  readonly toCheck: ContractToCheck;
  readonly observation: Observation;
  readonly outcome: Outcome;
}

/** A look as it is decided on. */
export interface UnderstoodLook extends Look {
  /** The usage as read before this look. Undefined: never read. */
  readonly usageBefore?: SeenUsage | undefined;
  /** True if nothing follows, which is known without the head. */
  readonly isSteady: boolean;
}

/**
 * The look with the usage's recent peaks, and as the settings allow it to be understood: what they no longer ask for is not gone. Reads the
 * head if the look is not steady. Throws if the store fails.
 */
export async function understood(look: Look, deps: Dependencies): Promise<UnderstoodLook> {
  const { contracts, now, sha256 } = deps;
  const { toCheck } = look;
  const { contract, watched, product } = toCheck;
  const withUsage = { ...look, ...(await withUsageBefore(look, deps)) };
  const { observation } = withUsage;
  if (observation.kind !== 'seen') return { ...withUsage, isSteady: false };
  if (toCheck.head === undefined && isSteady(observation, watched, product, now(), sha256))
    return { ...withUsage, isSteady: true };
  const head =
    toCheck.head === undefined ? ((await contracts.head(contract)) ?? null) : toCheck.head;
  const hidden = head && hiddenBySettings(observation, head, product);
  return {
    ...withUsage,
    toCheck: { ...toCheck, head },
    observation: hidden ?? observation,
    isSteady: false,
  };
}

/**
 * Performs what follows from the look at one contract. Also records who reads the notices, if that contract's ledger holds it. Throws if
 * the store fails.
 */
export async function decideOnLook(
  look: UnderstoodLook,
  fleet: Fleet,
  check: Check,
  deps: Dependencies,
): Promise<readonly Checked[]> {
  const { toCheck, observation } = look;
  const { contract, watched } = toCheck;
  const outcome = await outcomeOf(look, fleet, check, deps);
  if (outcome.kind === 'steady' || (outcome.kind === 'decided' && outcome.seenAt !== null))
    await keepUsage(look, deps);
  if (watched.unrecorded === true && outcome.kind === 'decided')
    await deps.contracts.worksAgain(contract, deps.now());
  const checked: Checked = { toCheck, observation, outcome };
  const { reachability } = check;
  return reachability?.contract === contract
    ? [checked, await recordReachability(toCheck, reachability, check, deps)]
    : [checked];
}

/** The observation with its usage, to which the peaks of the last week are added. */
async function withUsageBefore(
  { toCheck: { contract, product }, observation }: Look,
  { usage: book, now, log }: Dependencies,
): Promise<Pick<UnderstoodLook, 'observation' | 'usageBefore'>> {
  if (observation.kind !== 'seen' || observation.usage === null) return { observation };
  const { usage, licenses } = observation;
  try {
    const usageBefore = await book.of(contract);
    const read = withRecentPeaks(usage, licenses, product.dimensions, usageBefore, now());
    return { observation: { ...observation, usage: read }, usageBefore };
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    // Another version wrote it, so it must not be overwritten. Without the peaks of the last week, every evening would be news.
    log.warn(MESSAGES.seenUsageUnreadable, { contract, problem: error.message });
    return { observation: { ...observation, usage: null } };
  }
}

/** Stores the usage of a good read. If another check wins the race, its usage stays: it saw the same. */
async function keepUsage(
  { toCheck: { contract, product }, observation, usageBefore }: UnderstoodLook,
  { usage: book, now }: Dependencies,
): Promise<void> {
  if (observation.kind !== 'seen' || observation.usage === null) return;
  const { usage, licenses } = observation;
  const next = nextSeenUsage(contract, usage, licenses, product.dimensions, usageBefore, now());
  if (next !== null) await book.put(next, usageBefore);
}

async function outcomeOf(
  { toCheck, observation, readVersions, isSteady: nothingFollows }: UnderstoodLook,
  fleet: Fleet,
  { buyer, tick, previous, asked = false, isWatched }: Check,
  deps: Dependencies,
): Promise<Outcome> {
  const { contracts, lastSeen, sha256, now, settings } = deps;
  const { intervalMinutes } = settings;
  const { contract, product, head: known } = toCheck;
  const isSlot =
    previous !== undefined && isLastSeenTick(contract, { tick, previous }, intervalMinutes, sha256);
  if (nothingFollows) {
    // Writes nothing if the watch has ended meanwhile.
    if (isSlot) await lastSeen.seen(contract, now());
    return { kind: 'steady', due: [] };
  }
  if (!(await isWatched())) return { kind: 'not-watched', due: [] };
  const head = known === undefined ? ((await contracts.head(contract)) ?? null) : known;
  const agreements = await agreementsOf(contract, deps);
  const performed = await performCheck(
    {
      ...{ buyer, tick, fleet, asked, observation, readVersions, head, product, intervalMinutes },
      agreements,
    },
    deps,
  );
  // A look may be decided on and not recorded, for example while it settles for a day. It was seen all the same.
  if (isSlot && performed.seenAt !== null) await lastSeen.seen(contract, performed.seenAt);
  return performed;
}

/**
 * What AWS tells the seller about the contract's purchases. Called only if something is decided. Null: nobody has read them yet, or one
 * that is stored cannot be read: then nothing is concluded from the others, and what the licenses say is decided all the same.
 */
async function agreementsOf(
  contract: ContractKey,
  { agreements: book, settings, log }: Dependencies,
): Promise<readonly Agreement[] | null> {
  if (settings.agreements === 'off') return null;
  const known = await readableOrProblem(async () => {
    const kept = await book.of(contract);
    // No agreements: either there are none, or the first reading has not finished.
    if (kept.length === 0 && ((await book.reading())?.fullAt ?? null) === null) return null;
    return kept.map(({ agreement }) => agreement);
  }, log);
  return typeof known === 'string' ? null : known;
}

/** Records it whatever the look at the licenses saw: in an entry of its own, or not if the ledger already says so. */
async function recordReachability(
  toCheck: ContractToCheck,
  { state, since }: BuyerReachability,
  { buyer, tick }: Check,
  deps: Dependencies,
): Promise<Checked> {
  const { contract, product } = toCheck;
  const observation: Observation = { kind: 'topic', state, since };
  const outcome = await performCheck(
    {
      buyer,
      tick,
      observation,
      product,
      head: (await deps.contracts.head(contract)) ?? null,
      fleet: { checks: 0, failed: 0 },
      intervalMinutes: deps.settings.intervalMinutes,
    },
    deps,
  );
  return { toCheck, observation, outcome };
}
