import type { ContractKey } from './contract.ts';
import type { Sha256 } from './ports.ts';
import type { Instant } from './time.ts';

/** Whether a steady check of this tick writes "confirmed": once in 6 hours, the slot spread over the ticks by a hash. */
export function isConfirmationTick(
  _contract: ContractKey,
  _tick: Instant,
  _intervalMinutes: number,
  _sha256: Sha256,
): boolean {
  throw new Error('under construction');
}
