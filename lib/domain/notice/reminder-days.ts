import { type AgreementFacts, type Renewal, renewalAt } from '../agreement/agreement-facts.ts';
import { AGREEMENT_LIVES } from '../agreement/agreement.ts';
import { changeableUntil, isSameEnd } from '../agreement/renewal-intent.ts';
import type { Head } from '../check/head.ts';
import type { CanonicalLicense } from '../license/contract.ts';
import type { Product } from '../license/product.ts';
import { between, DAY, type Instant } from '../time.ts';

/** The reminder days that the seller set, and those of them that the buyer chose. */
export interface ReminderSchedule extends Pick<Product, 'reminderDays' | 'decisionDays'> {
  /** The buyer's own choice; absent or null: all. */
  readonly chosenDays?: readonly number[] | null;
}

/** One end of a contract and the licenses that end then. */
export interface ContractEnd {
  readonly end: Instant;
  readonly licenses: readonly CanonicalLicense[];
}

/** The instant until which it can be changed what happens at an end. */
export interface DecisionDeadline {
  readonly decideBy: Instant;
  readonly end: Instant;
  /** When the agreement began; null: AWS does not say. */
  readonly start: Instant | null;
  /** True if the agreement goes on unless somebody decides otherwise. */
  readonly renews: boolean;
}

/** The UTC date, like `2027-02-01`. Reminders are remembered by it, so that an end that moves by hours starts no new schedule. */
export function dateOf(end: Instant): string {
  return end.slice(0, 10);
}

/** The only reminder days before an end that renews by itself: nobody needs to do anything. */
const RENEWING_DAYS: readonly number[] = [30, 7];
/**
 * Terms shorter than about half a year. If such a term renews by itself, there is a decision each time: it is reminded of on few days, and
 * where the deadline has reminders, the end has none.
 */
const SHORT_TERM = 200 * DAY;

/** The reminder days of an end (rule 11): none in the first half of its term if others are left, and few if it renews by itself. */
export function daysOfEnd(
  { end, licenses }: ContractEnd,
  { reminderDays, decisionDays, chosenDays = null }: ReminderSchedule,
  agreements: Head['agreements'],
): readonly number[] {
  const renewal = renewalAt(agreements, end);
  const begins = [
    ...licenses.map(({ validity }) => validity.begin),
    // A renewed license may keep its first begin, but each agreement has its own.
    ...(renewal?.start ? [renewal.start] : []),
  ];
  const renews = renewal?.intent.kind === 'renews';
  const days = withOneBefore(
    notBeforeHalf(reminderDays, begins.toSorted().at(-1) ?? null, end),
    reminderDays,
  );
  const isAsked = renews && isAskedOften({ ...renewal, end, renews }, decisionDays);
  return daysOfBuyer(
    days.filter(
      (daysBefore) =>
        daysBefore <= 0 || !renews || (!isAsked && RENEWING_DAYS.includes(daysBefore)),
    ),
    chosenDays,
  );
}

/** The reminder days of a decision deadline (rule 11): as for an end, and few for a short term that renews by itself. */
export function daysOfDecision(
  deadline: DecisionDeadline,
  { decisionDays, chosenDays = null }: ReminderSchedule,
): readonly number[] {
  return daysOfBuyer(decisionDaysOf(deadline, decisionDays), chosenDays);
}

function decisionDaysOf(
  deadline: DecisionDeadline,
  decisionDays: readonly number[],
): readonly number[] {
  const days = notBeforeHalf(decisionDays, deadline.start, deadline.decideBy);
  if (!isRenewedOften(deadline)) return days;
  const few = days.filter((daysBefore) => RENEWING_DAYS.includes(daysBefore));
  // If the seller set neither of these days, the one that leaves most time.
  return few.length > 0 ? few : days.toSorted((a, b) => b - a).slice(0, 1);
}

function isRenewedOften({ start, end, renews }: Omit<DecisionDeadline, 'decideBy'>): boolean {
  return renews && start !== null && between(start, end) < SHORT_TERM;
}

/** True if the deadline has reminders. Nothing can be changed after it, so the end needs none. */
function isAskedOften(
  { decideBy, ...of }: Omit<DecisionDeadline, 'decideBy'> & Pick<Renewal, 'decideBy'>,
  decisionDays: readonly number[],
): boolean {
  if (decideBy === null || decideBy >= of.end || !isRenewedOften(of)) return false;
  return decisionDaysOf({ ...of, decideBy }, decisionDays).length > 0;
}

/** If a short term leaves none of the days before its end, the one that is nearest to it: no end comes unannounced. */
function withOneBefore(days: readonly number[], all: readonly number[]): readonly number[] {
  if (days.some((daysBefore) => daysBefore > 0)) return days;
  const nearest = all.filter((daysBefore) => daysBefore > 0).toSorted((a, b) => a - b)[0];
  return nearest === undefined ? days : [nearest, ...days];
}

function notBeforeHalf(
  days: readonly number[],
  begin: Instant | null,
  end: Instant,
): readonly number[] {
  return begin === null
    ? days
    : days.filter((daysBefore) => daysBefore * DAY <= between(begin, end) / 2);
}

/**
 * The decision deadlines to come, soonest first, one for each UTC date. They are in the seller's account, so it makes no difference whether
 * the buyer can be seen. A deadline that is the end itself is left out, because what is said about the end covers it.
 */
export function decisionsOf(
  agreements: Head['agreements'],
  now: Instant,
): readonly DecisionDeadline[] {
  const byDate = new Map<string, DecisionDeadline>();
  for (const { facts } of agreements ?? []) {
    const deadline = deadlineOf(facts);
    if (deadline !== null && deadline.decideBy > now && !byDate.has(dateOf(deadline.decideBy)))
      byDate.set(dateOf(deadline.decideBy), deadline);
  }
  return [...byDate.values()].toSorted((a, b) => (a.decideBy < b.decideBy ? -1 : 1));
}

function deadlineOf({
  status,
  start,
  end,
  decideBy,
  intent,
}: AgreementFacts): DecisionDeadline | null {
  const until = changeableUntil(intent, decideBy);
  if (AGREEMENT_LIVES[status] !== 'goes-on') return null;
  if (end === null || until === null || until >= end) return null;
  return { decideBy: until, end, start, renews: intent.kind === 'renews' };
}

/** The one of several ends that the deadline decides about. Undefined: none of them. */
export function endDecidedOn<End extends Pick<ContractEnd, 'end'>>(
  { end }: DecisionDeadline,
  ends: readonly End[],
): End | undefined {
  return ends.find((each) => isSameEnd(each.end, end));
}

/** The seller's reminder days on which the buyer is told: the chosen ones. If none of these is left, all, as nobody chose silence. */
export function daysOfBuyer(
  days: readonly number[],
  chosen: readonly number[] | null = null,
): readonly number[] {
  if (chosen === null) return days;
  const both = days.filter((daysBefore) => chosen.includes(daysBefore));
  const isBefore = (daysBefore: number): boolean => daysBefore > 0;
  const isSilenced = both.length === 0 || (chosen.some(isBefore) && !both.some(isBefore));
  return isSilenced ? days : both;
}
