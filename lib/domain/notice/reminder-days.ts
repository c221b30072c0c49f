import { type AgreementFacts, type Renewal, renewalAt } from '../agreement/agreement-facts.ts';
import { AGREEMENT_LIVES } from '../agreement/agreement.ts';
import { changeableUntil, isSameEnd } from '../agreement/renewal-intent.ts';
import type { Head } from '../check/head.ts';
import type { CanonicalLicense } from '../license/contract.ts';
import type { Product } from '../license/product.ts';
import { between, DAY, type Instant } from '../time.ts';

/** What the seller set, and what the buyer chose of it. */
export interface ReminderSchedule extends Pick<Product, 'reminderDays' | 'decisionDays'> {
  /** The buyer's own choice; absent or null: all. */
  readonly chosenDays?: readonly number[] | null;
}

/** One end of a contract and what ends then. */
export interface ContractEnd {
  readonly end: Instant;
  readonly licenses: readonly CanonicalLicense[];
}

/** Until when it can be changed what happens at an end. */
export interface DecisionDeadline {
  readonly decideBy: Instant;
  readonly end: Instant;
  /** When the agreement began; null: AWS does not say. */
  readonly start: Instant | null;
  /** It goes on unless somebody decides otherwise. */
  readonly renews: boolean;
}

/** `2027-02-01`, in UTC: what reminders are remembered by, so that an end that moves by hours starts no new schedule of reminders. */
export function dateOf(end: Instant): string {
  return end.slice(0, 10);
}

/** Who need not do anything is not reminded more often. */
const RENEWING_DAYS: readonly number[] = [30, 7];
/** Half a year at most. What renews by itself as often is decided on as often: each time on few days, and where the deadline is reminded of, the end is not. */
const SHORT_TERM = 200 * DAY;

/** On which days an end is reminded of (rule 11): none before half of its term, few of what renews by itself. */
export function daysOfEnd(
  { end, licenses }: ContractEnd,
  { reminderDays, decisionDays, chosenDays = null }: ReminderSchedule,
  agreements: Head['agreements'],
): readonly number[] {
  const renewal = renewalAt(agreements, end);
  const begins = [
    ...licenses.map(({ validity }) => validity.begin),
    // A license may keep its first begin when it is renewed; each agreement has its own.
    ...(renewal?.start ? [renewal.start] : []),
  ];
  const renews = renewal?.intent.kind === 'renews';
  const days = notBeforeHalf(reminderDays, begins.toSorted().at(-1) ?? null, end);
  const isAsked = renews && isAskedOften({ ...renewal, end, renews }, decisionDays);
  return daysOfBuyer(
    days.filter(
      (daysBefore) =>
        daysBefore <= 0 || !renews || (!isAsked && RENEWING_DAYS.includes(daysBefore)),
    ),
    chosenDays,
  );
}

/** On which days a decision deadline is reminded of (rule 11): as of an end, and few of a short term that renews by itself. */
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
  // Where the seller set neither: the one that leaves most time.
  return few.length > 0 ? few : days.toSorted((a, b) => b - a).slice(0, 1);
}

function isRenewedOften({ start, end, renews }: Omit<DecisionDeadline, 'decideBy'>): boolean {
  return renews && start !== null && between(start, end) < SHORT_TERM;
}

/** Its deadline is reminded of, after which nothing can be changed: of the end nothing is left to say. */
function isAskedOften(
  { decideBy, ...of }: Omit<DecisionDeadline, 'decideBy'> & Pick<Renewal, 'decideBy'>,
  decisionDays: readonly number[],
): boolean {
  if (decideBy === null || decideBy >= of.end || !isRenewedOften(of)) return false;
  return decisionDaysOf({ ...of, decideBy }, decisionDays).length > 0;
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
 * The deadlines to come, soonest first, one for each UTC date. They stand in the seller's account: whether the buyer can be seen makes no
 * difference. A deadline that is the end itself is spoken of by what is said of the end.
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

/** Of several ends that of which a deadline decides. */
export function endDecidedOn<End extends Pick<ContractEnd, 'end'>>(
  { end }: DecisionDeadline,
  ends: readonly End[],
): End | undefined {
  return ends.find((each) => isSameEnd(each.end, end));
}

/** Of the seller's reminder days those on which the buyer hears: the chosen ones. Where none of these is left, all, for nobody chose silence. */
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
