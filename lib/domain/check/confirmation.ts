import type { ContractKey } from '../license/contract.ts';
import type { Sha256 } from '../ports.ts';
import { epochMilliseconds, HOUR, MINUTE, type Instant } from '../time.ts';

const EVERY = 6 * HOUR;

/**
 * Whether a steady check of this tick writes "confirmed": once in 6 hours (at every tick where ticks are rarer), the
 * slot spread over the ticks by a hash, so that no tick writes for all buyers.
 */
export function isConfirmationTick(
  contract: ContractKey,
  tick: Instant,
  intervalMinutes: number,
  sha256: Sha256,
): boolean {
  const slots = Math.max(1, Math.floor(EVERY / (intervalMinutes * MINUTE)));
  const slot = parseInt(sha256(contract).slice(0, 8), 16) % slots;
  return Math.floor(epochMilliseconds(tick) / (intervalMinutes * MINUTE)) % slots === slot;
}
