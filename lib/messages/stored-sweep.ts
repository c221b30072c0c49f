import * as z from 'zod/mini';
import type { Instant } from '../domain/time.ts';
import { instantText } from './primitives.ts';
import { FORMAT, parseStored } from './stored.ts';

/** Partition of the marks of sweeps, beside the buyers' account IDs. */
export const SWEEPS = 'sweeps';

const storedSweep = z.object({
  tick: instantText,
  /** Absent: a check or a digest of this tick was here before its sweep was marked. */
  buyers: z._default(z.number(), 0),
  failed: z._default(z.number(), 0),
  /** Checks of all buyers up to this place were asked for. */
  askedUpTo: z._default(z.nullable(z.string()), null),
});

export type SweepMark = z.output<typeof storedSweep>;

export function sweepKey(tick: Instant): string {
  return `tick#${tick}`;
}

export function readSweep(stored: Readonly<Record<string, unknown>>): SweepMark {
  return parseStored(storedSweep, stored, `the mark of sweep ${String(stored['record'])}`);
}

/** Attributes that every write of a mark sets. `expiresAt` in epoch seconds: marks serve for hours, and stay a week. */
export function sweepAttributes(tick: Instant, expiresAt: number) {
  return { tick, format: FORMAT, expiresAt };
}
