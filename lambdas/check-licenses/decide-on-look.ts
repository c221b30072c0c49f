import type { Agreement } from '../../lib/domain/agreement/agreement.ts';
import type { BuyerToCheck } from '../../lib/domain/check/buyer-to-check.ts';
import type { Fleet } from '../../lib/domain/check/decision.ts';
import { isLastSeenTick } from '../../lib/domain/check/last-seen.ts';
import {
  nextSeenUsage,
  type SeenUsage,
  withRecentPeaks,
} from '../../lib/domain/check/seen-usage.ts';
import { StoredShapeError } from '../../lib/messages/stored.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { performCheck, type PerformedCheck } from '../../lib/domain/check/perform-check.ts';
import { isSteady } from '../../lib/domain/check/steady.ts';
import type { ContractKey } from '../../lib/domain/license/contract.ts';
import type { BuyerReachability } from '../../lib/domain/notice/reachability.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { Dependencies } from './dependencies.ts';
import type { Look, ContractToCheck } from './look-at-buyer.ts';

/** The check of one buyer, as far as it matters to one of its contracts. */
export interface Check {
  readonly buyer: BuyerToCheck;
  readonly tick: Instant;
  /** Of the sweep before; absent: no sweep asks. */
  readonly previous?: Instant | null;
  /** Somebody wants to know now, beside the sweeps: looked at even while backed off, and nothing is counted. */
  readonly asked?: boolean;
  /** Whether notices reach the buyer, where that is to be recorded if it differs. */
  readonly reachability?: BuyerReachability | undefined;
  /** Whether the buyer is still who the check takes it for: to be asked before anything is decided on. Looked up once. */
  readonly isWatched: () => Promise<boolean>;
}

/** What followed from one observation. `steady`: nothing did, which was known without deciding; `not-watched`: nobody is to look any more. */
type Outcome = { readonly kind: 'steady' | 'not-watched' } | PerformedCheck;

/** One contract that was looked at. */
export interface Checked {
  readonly toCheck: ContractToCheck;
  readonly observation: Observation;
  readonly outcome: Outcome;
}

/** What follows from the look at one contract, performed; and from who reads the notices, if that is recorded there. Throws where the store fails. */
export async function decideOnLook(
  look: Look,
  fleet: Fleet,
  check: Check,
  deps: Dependencies,
): Promise<readonly Checked[]> {
  const { toCheck } = look;
  const { contract, watched } = toCheck;
  const seen = await usageBefore(look, deps);
  const { observation } = seen;
  const outcome = await outcomeOf({ ...look, observation }, fleet, check, deps);
  if (outcome.kind === 'steady' || (outcome.kind === 'decided' && outcome.seenAt !== null))
    await keepUsage(toCheck, seen, deps);
  if (watched.unrecorded === true && outcome.kind === 'decided')
    await deps.contracts.worksAgain(contract, deps.now());
  const checked: Checked = { toCheck, observation, outcome };
  const { reachability } = check;
  return reachability?.contract === contract
    ? [checked, await recordReachability(toCheck, reachability, check, deps)]
    : [checked];
}

interface UsageBefore {
  readonly observation: Observation;
  /** As it was read before this look; undefined: never. */
  readonly known?: SeenUsage | undefined;
}

/** The usage that was seen, with what was in use in the last week. */
async function usageBefore(
  { toCheck: { contract, product }, observation }: Look,
  { usage: book, now, log }: Dependencies,
): Promise<UsageBefore> {
  if (observation.kind !== 'seen' || observation.usage === null) return { observation };
  const { usage, licenses } = observation;
  try {
    const known = await book.of(contract);
    const read = withRecentPeaks(usage, licenses, product.dimensions, known, now());
    return { observation: { ...observation, usage: read }, known };
  } catch (error) {
    if (!(error instanceof StoredShapeError)) throw error;
    // Of another version, which is not to be written over; and without the last week each evening would be news.
    log.warn(MESSAGES.seenUsageUnreadable, { contract, problem: error.message });
    return { observation: { ...observation, usage: null } };
  }
}

/** Of a look that was read well. Who loses a race leaves it to the winner, who saw the same. */
async function keepUsage(
  { contract, product }: ContractToCheck,
  { observation, known }: UsageBefore,
  { usage: book, now }: Dependencies,
): Promise<void> {
  if (observation.kind !== 'seen' || observation.usage === null) return;
  const { usage, licenses } = observation;
  const next = nextSeenUsage(contract, usage, licenses, product.dimensions, known, now());
  if (next !== null) await book.put(next, known);
}

async function outcomeOf(
  { toCheck, observation, readVersions }: Look,
  fleet: Fleet,
  { buyer, tick, previous, asked = false, isWatched }: Check,
  deps: Dependencies,
): Promise<Outcome> {
  const { contracts, lastSeen, sha256, now, settings } = deps;
  const { intervalMinutes } = settings;
  const { contract, watched, product, head: known } = toCheck;
  const isSlot =
    previous !== undefined && isLastSeenTick(contract, { tick, previous }, intervalMinutes, sha256);
  if (known === undefined && isSteady(observation, watched, product, now(), sha256)) {
    // Writes nothing where the watch has ended meanwhile.
    if (isSlot) await lastSeen.seen(contract, now());
    return { kind: 'steady' };
  }
  if (!(await isWatched())) return { kind: 'not-watched' };
  const head = known === undefined ? ((await contracts.head(contract)) ?? null) : known;
  const agreements = await agreementsOf(contract, deps);
  const performed = await performCheck(
    {
      ...{ buyer, tick, fleet, asked, observation, readVersions, head, product, intervalMinutes },
      agreements,
    },
    deps,
  );
  // What is decided on, such as what settles for a day, need not be recorded, and was seen all the same.
  if (isSlot && performed.seenAt !== null) await lastSeen.seen(contract, performed.seenAt);
  return performed;
}

/** What AWS says to the seller of the contract's purchases, read only where something is decided. Null: nobody has read them yet. */
async function agreementsOf(
  contract: ContractKey,
  { agreements: book, settings }: Dependencies,
): Promise<readonly Agreement[] | null> {
  if (settings.agreements === 'off') return null;
  const kept = await book.of(contract);
  // None: there are none, or the first reading has not come to its end.
  if (kept.length === 0 && ((await book.reading())?.fullAt ?? null) === null) return null;
  return kept.map(({ agreement }) => agreement);
}

/** Whatever the look at the licenses saw: by an entry of its own, or none where the ledger says so already. */
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
