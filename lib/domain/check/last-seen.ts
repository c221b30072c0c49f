import type { Sha256 } from '../ledger/canonical-json.ts';
import type { ContractKey } from '../license/contract.ts';
import { between, epochMilliseconds, HOUR, type Instant, MINUTE } from '../time.ts';

/** That a contract is to be looked at, and when it was last read well. Kept beside the head: it is written however little happens. */
export interface LastSeen {
  readonly contract: ContractKey;
  /** Since when it is to be looked at: from here ages what no look has read yet. */
  readonly since: Instant;
  /** Null: never yet. */
  readonly at: Instant | null;
  /** Why no look is expected to read it, which somebody was told: the buyer is blind, or it cannot be recorded. Null: one is. */
  readonly excused: 'blind' | 'unrecorded' | null;
}

const EVERY = 6 * HOUR;

/** Four slots in a row were missed, and two hours: nobody looks, whatever else seems well. */
const LONGEST_UNSEEN = 26 * HOUR;

/** For how long nobody has read it. */
export function ageOf({ at, since }: LastSeen, now: Instant): number {
  return Math.max(0, between(at ?? since, now));
}

/** Nobody looks at it, and nobody was told why. Of no contract that is not to be looked at. */
export function isOverdue(lastSeen: LastSeen | undefined, now: Instant): lastSeen is LastSeen {
  return lastSeen?.excused === null && ageOf(lastSeen, now) >= LONGEST_UNSEEN;
}

/** The tick of a look, and of the sweep before; null: there was none in the last days. */
export interface SweptTicks {
  readonly tick: Instant;
  readonly previous: Instant | null;
}

/**
 * Whether a good look of this tick writes that it was one: once in 6 hours (at every tick where ticks are rarer).
 */
export function isLastSeenTick(
  contract: ContractKey,
  swept: SweptTicks,
  intervalMinutes: number,
  sha256: Sha256,
): boolean {
  const slots = Math.max(1, Math.floor(EVERY / (intervalMinutes * MINUTE)));
  return isSlotTick(contract, slots, swept, intervalMinutes, sha256);
}

/**
 * Whether this tick is the contract's one of `slots`, spread over them by a hash, so that no tick does it for all buyers. A slot without
 * a sweep is made up for by the next one: after an outage, or time that was skipped, no contract is long without.
 */
export function isSlotTick(
  contract: ContractKey,
  slots: number,
  { tick, previous }: SweptTicks,
  intervalMinutes: number,
  sha256: Sha256,
): boolean {
  const slot = parseInt(sha256(contract).slice(0, 8), 16) % slots;
  const number = (at: Instant) => Math.floor(epochMilliseconds(at) / (intervalMinutes * MINUTE));
  const since = previous === null ? slots : number(tick) - number(previous);
  return (number(tick) + slots - slot) % slots < since;
}
