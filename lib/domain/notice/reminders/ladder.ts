import type { Head } from '../../check/head.ts';
import { between, DAY, plus, type Instant } from '../../time.ts';
import { dateOf, type ContractEnd } from './ends.ts';

/** The reminder day that is to be told now, and those it makes superfluous. */
export interface DueDay {
  readonly daysBefore: number;
  readonly skipped: readonly number[];
}

export function dueAt(end: Instant, daysBefore: number): Instant {
  return plus(end, -daysBefore * DAY);
}

/** Rounded up, as people count: 0 or less once the end has passed. */
export function daysLeft(end: Instant, now: Instant): number {
  return Math.ceil(between(now, end) / DAY) + 0;
}

/**
 * The most urgent reminder day that has passed, unless it was told, folded or skipped before (rule 11). Days before the end are
 * over with it: `LicenseExpired` tells of that.
 */
export function dueDay(
  { end }: ContractEnd,
  reminderDays: readonly number[],
  marks: Head['marks'],
  now: Instant,
): DueDay | null {
  const marked = (daysBefore: number): boolean =>
    marks.some((mark) => mark.endDate === dateOf(end) && mark.daysBefore === daysBefore);
  const passed = sideOfEnd(reminderDays, end, now).filter(
    (daysBefore) => dueAt(end, daysBefore) <= now,
  );
  const [mostUrgent, ...larger] = passed.toSorted((a, b) => a - b);
  if (mostUrgent === undefined || marked(mostUrgent)) return null;
  return {
    daysBefore: mostUrgent,
    skipped: larger.filter((daysBefore) => !marked(daysBefore)).toSorted((a, b) => b - a),
  };
}

/** When the reminder days to come are due. */
export function futureDays(
  { end }: ContractEnd,
  reminderDays: readonly number[],
  now: Instant,
): readonly Instant[] {
  return reminderDays
    .filter((daysBefore) => daysBefore !== 0)
    .map((daysBefore) => dueAt(end, daysBefore))
    .filter((at) => at > now);
}

/** Before the end only the days before it count, after it only the days after. */
function sideOfEnd(reminderDays: readonly number[], end: Instant, now: Instant): readonly number[] {
  return reminderDays.filter((daysBefore) => (now < end ? daysBefore > 0 : daysBefore < 0));
}
