import type { Head } from '../../check/head.ts';
import { between, DAY, plus, type Instant } from '../../time.ts';
import { dateOf, type ContractEnd } from './ends.ts';

/** The rung of a ladder that is to be told, and those it makes superfluous. */
export interface DueRung {
  readonly rung: number;
  readonly skipped: readonly number[];
}

export function dueAt(end: Instant, rung: number): Instant {
  return plus(end, -rung * DAY);
}

/** Rounded up, as people count: 0 or less once the end has passed. */
export function daysLeft(end: Instant, now: Instant): number {
  return Math.ceil(between(now, end) / DAY) + 0;
}

/**
 * The most urgent rung that has passed, unless it was told, folded or skipped before (rule 11). Rungs before the end are
 * over with it: `LicenseExpired` tells of that.
 */
export function dueRung(
  { end }: ContractEnd,
  rungs: readonly number[],
  marks: Head['marks'],
  now: Instant,
): DueRung | null {
  const marked = (rung: number): boolean =>
    marks.some((mark) => mark.endDate === dateOf(end) && mark.rung === rung);
  const passed = sideOfEnd(rungs, end, now).filter((rung) => dueAt(end, rung) <= now);
  const [mostUrgent, ...larger] = passed.toSorted((a, b) => a - b);
  if (mostUrgent === undefined || marked(mostUrgent)) return null;
  return {
    rung: mostUrgent,
    skipped: larger.filter((rung) => !marked(rung)).toSorted((a, b) => b - a),
  };
}

/** When the rungs to come are due. */
export function futureRungs(
  { end }: ContractEnd,
  rungs: readonly number[],
  now: Instant,
): readonly Instant[] {
  return rungs
    .filter((rung) => rung !== 0)
    .map((rung) => dueAt(end, rung))
    .filter((at) => at > now);
}

/** Before the end the rungs of days before it, after it those of days after. */
function sideOfEnd(rungs: readonly number[], end: Instant, now: Instant): readonly number[] {
  return rungs.filter((rung) => (now < end ? rung > 0 : rung < 0));
}
