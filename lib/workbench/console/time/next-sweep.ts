import { HOUR } from '../../../domain/time.ts';

/** On a day on which nothing happens so many hours lie between two sweeps. */
export const QUIET = 8 * HOUR;

export interface Ahead {
  /** The tick at or after an instant. */
  readonly tickFrom: (at: number) => number;
  /** Something was changed, or the last sweep recorded something. */
  readonly stirred: boolean;
  /** When there is something to do; null: nothing that is known. In the past: at once. */
  readonly due: number | null;
}

/** Which tick after `now` is to be swept next; those before it would find nothing to do. */
export function nextSweep(now: number, { tickFrom, stirred, due }: Ahead): number {
  const next = tickFrom(now + 1);
  if (stirred) return next;
  const quiet = tickFrom((Math.floor(now / QUIET) + 1) * QUIET);
  // What was due at or before now has just been looked at, or is so at every check.
  return due === null ? quiet : Math.min(quiet, tickFrom(Math.max(due, now + 1)));
}
