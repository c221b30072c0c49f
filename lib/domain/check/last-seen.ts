import type { Sha256 } from '../ledger/canonical-json.ts';
import type { ContractKey } from '../license/contract.ts';
import { between, epochMilliseconds, HOUR, type Instant, MINUTE } from '../time.ts';

/** Says that a contract is to be looked at, and when it was last read well. Kept beside the head: it is written even if nothing happens. */
export interface LastSeen {
  readonly contract: ContractKey;
  /** Since when it is to be looked at. Until a look has read it, its age counts from here. */
  readonly since: Instant;
  /** Null: never yet. */
  readonly at: Instant | null;
  /** Why no look is expected to read it: the buyer is blind, or it cannot be recorded. Somebody was told. Null: a look is expected to. */
  readonly excused: 'blind' | 'unrecorded' | null;
}

const EVERY = 6 * HOUR;

/** For how many milliseconds nobody has read it well. */
export function ageOf({ at, since }: LastSeen, now: Instant): number {
  return Math.max(0, between(at ?? since, now));
}

/** The tick of a look, and of the sweep before; null: there was none in the last days. */
export interface SweptTicks {
  readonly tick: Instant;
  readonly previous: Instant | null;
}

/**
 * True if a good look of this tick records that it was one: once in 6 hours (at every tick if ticks are rarer).
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
 * True if this tick is the contract's one of `slots`. A hash spreads contracts over the slots, so that no tick serves all buyers. The next
 * sweep makes up for a slot that had none: after an outage, or skipped time, no contract goes long without.
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
