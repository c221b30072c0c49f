import type { Head } from '../check/head.ts';
import type { Reminder } from '../ledger/ledger.ts';
import { finalLicenses, standingOf } from '../license/canonical-state.ts';
import type { CanonicalLicense, CanonicalState, Standing } from '../license/contract.ts';
import type { Product } from '../license/product.ts';
import { purchaseOf } from '../license/purchase.ts';
import { type Life, lifeOf } from '../license/standing.ts';
import { between, DAY, type Instant, plus } from '../time.ts';
import {
  type ContractEnd,
  dateOf,
  daysOfBuyer,
  daysOfDecision,
  daysOfEnd,
  decisionsOf,
  endDecidedOn,
  type ReminderSchedule,
} from './reminder-days.ts';

export interface DueReminder {
  readonly reminder: Reminder;
  /** The marks to remember from now on, for this end and for others due at the same time. */
  readonly marks: Head['marks'];
  /** The days on which the buyer wants reminders of what is told. */
  readonly buyersDays: readonly number[];
}

/** What a due reminder is computed from. */
export interface Calendar {
  readonly state: CanonicalState;
  readonly agreements: Head['agreements'];
  readonly product: Product;
  /** The days that the buyer chose; null: all. */
  readonly chosenDays: readonly number[] | null;
  readonly marks: Head['marks'];
  readonly now: Instant;
  /** When somebody last looked; null: never. */
  readonly lastLooked: Instant | null;
  /** True if something else is told now: a reminder day that passed earlier is then folded into it, instead of being left out. */
  readonly folding: boolean;
  /** When settling news was last seen. An end that had passed by then may be that very news, so it gets no reminder. Null: none settles. */
  readonly settledSince: Instant | null;
}

interface Due extends DueDay {
  /** The end, or the decision deadline. */
  readonly at: Instant;
  readonly end: Instant;
  readonly isDecision: boolean;
  /** The seller's reminder days for this end or deadline. */
  readonly days: readonly number[];
  readonly share: string | null;
}

/**
 * The reminder that is due, if any (rule 11). Of several ends the soonest is told; of an end and a decision deadline the end, whose words
 * name the deadline. The reminder's `share` names what else is due. A day that had passed at the last look but was not told was not in the
 * schedule then, or its end was not known. It is left out, unless there is something to fold it into.
 */
export function dueReminder(calendar: Calendar): DueReminder | null {
  const { now, folding, chosenDays } = calendar;
  const due = [...dueEnds(calendar), ...dueDecisions(calendar)].filter(
    ({ at, daysBefore }) => folding || isFresh(dueAt(at, daysBefore), calendar),
  );
  // A reminder that the buyer chose comes before one that the buyer did not, so that the buyer misses no mail.
  const isBuyers = (each: Due): boolean => reminds(each, daysOfBuyer(each.days, chosenDays));
  const lead = due.find(isBuyers) ?? due[0];
  if (lead === undefined) return null;
  const others = due.filter((each) => each !== lead);
  const { at, end, isDecision, daysBefore, skipped } = lead;
  return {
    reminder: {
      daysBefore,
      end,
      ...(isDecision && { decideBy: at }),
      daysLeft: daysLeft(at, now),
      skipped,
      share: shareWords(lead, others),
    },
    marks: [
      ...marksOf(lead, folding ? 'folded' : 'told'),
      ...others.flatMap((each) => marksOf(each, 'folded')),
    ],
    buyersDays: daysOfBuyer(lead.days, chosenDays),
  };
}

function dueEnds(calendar: Calendar): readonly Due[] {
  const { state, agreements, product, marks, now, settledSince } = calendar;
  const ends = endsOf(state, now);
  return ends
    .filter(({ end }) => settledSince === null || end > settledSince)
    .flatMap((of): readonly Due[] => {
      const days = daysOfEnd(of, product, agreements);
      const due = dueDay(of.end, days, marks.filter(isOfEnd), now);
      if (due === null) return [];
      const share = shareOf(of, ends.length, product);
      return [{ ...due, at: of.end, end: of.end, isDecision: false, days, share }];
    });
}

function dueDecisions({ state, agreements, product, marks, now }: Calendar): readonly Due[] {
  const ends = endsOf(state, now);
  return decisionsOf(agreements, now).flatMap((deadline): readonly Due[] => {
    const { decideBy, end } = deadline;
    const days = daysOfDecision(deadline, product);
    const ofDecisions = marks.filter((mark) => !isOfEnd(mark));
    const due = dueDay(decideBy, days, ofDecisions, now);
    if (due === null) return [];
    const of = endDecidedOn(deadline, ends);
    const share = of === undefined ? null : shareOf(of, ends.length, product);
    return [{ ...due, at: decideBy, end, isDecision: true, days, share }];
  });
}

export function isOfEnd({ of }: Head['marks'][number]): boolean {
  return of === undefined;
}

/** True if the reminder is for one of `days`. It also stands for the earlier days that passed unsent: a buyer who chose one gets it now. */
export function reminds({ daysBefore, skipped }: DueDay, days: readonly number[]): boolean {
  return [daysBefore, ...skipped].some((day) => days.includes(day));
}

function isFresh(at: Instant, { lastLooked }: Calendar): boolean {
  return lastLooked === null || at > lastLooked;
}

/** The share in words. What else is due is added only if it is another part that ends at another time. */
function shareWords({ share, end }: Due, others: readonly Due[]): string | null {
  if (share === null) return null;
  const later = others.flatMap((other) =>
    other.share === null || other.end === end
      ? []
      : [`${other.share}${other.isDecision ? ', to be decided by' : ' on'} ${dateOf(other.at)}`],
  );
  return later.length > 0 ? `${share} (and ${later.join(', ')})` : share;
}

function marksOf(
  { at, isDecision, daysBefore, skipped }: Due,
  how: 'told' | 'folded',
): Head['marks'] {
  const mark = { ...(isDecision && { of: 'decision' as const }), endDate: dateOf(at) };
  return [
    ...skipped.map((each) => ({ ...mark, daysBefore: each, how: 'skipped' as const })),
    { ...mark, daysBefore, how },
  ];
}

/** The part of the contract that ends, if it has several ends ("your 10 ReadOnly of license ...89abcdef"). Null: all of it. */
export function shareOf(ending: ContractEnd, ends: number, product: Product): string | null {
  if (ends < 2) return null;
  const words = ending.licenses.flatMap((license) => licenseWords(license, product));
  return words.length > 0 ? words.join(' and ') : null;
}

function licenseWords(license: CanonicalLicense, product: Product): readonly string[] {
  const { tier, counts } = purchaseOf(license, product).bought;
  const words = counts
    .filter(({ name }) => name !== tier)
    .map(({ name, unit, maxCount }) => {
      const what = unit === 'Count' || unit === 'None' ? name : `${unit} of ${name}`;
      return maxCount === null ? `your unlimited ${what}` : `your ${maxCount} ${what}`;
    });
  const all = [...(tier === null ? [] : [`your ${tier}`]), ...words].join(' and ');
  return all === '' ? [] : [`${all} of license ...${license.licenseArn.slice(-8)}`];
}

/** The reminder day to tell now, and the days that it makes superfluous. */
export interface DueDay {
  readonly daysBefore: number;
  readonly skipped: readonly number[];
}

export function dueAt(end: Instant, daysBefore: number): Instant {
  return plus(end, -daysBefore * DAY);
}

/** Days until the end, rounded up as people count: 0 or less once the end has passed. */
export function daysLeft(end: Instant, now: Instant): number {
  return Math.ceil(between(now, end) / DAY) + 0;
}

/**
 * The most urgent reminder day that has passed, or null if it was told, folded or skipped before (rule 11). Once the end has passed, days
 * before it no longer count: `LicenseExpired` tells the end.
 */
export function dueDay(
  end: Instant,
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

/** A reminder day to come, of an end or of a decision deadline. */
export interface ComingDay extends Pick<Head['marks'][number], 'of' | 'endDate' | 'daysBefore'> {
  readonly at: Instant;
}

/** The reminder days that are still to come, told or not, of all ends and decision deadlines. */
export function comingDays(
  state: CanonicalState,
  agreements: Head['agreements'],
  schedule: ReminderSchedule,
  now: Instant,
): readonly ComingDay[] {
  const coming = (
    end: Instant,
    days: readonly number[],
    of: Pick<ComingDay, 'of'>,
  ): readonly ComingDay[] =>
    days
      .filter((daysBefore) => daysBefore !== 0)
      .map((daysBefore) => ({
        ...of,
        endDate: dateOf(end),
        daysBefore,
        at: dueAt(end, daysBefore),
      }))
      .filter(({ at }) => at > now);
  return [
    ...endsOf(state, now).flatMap((each, at, ends) => {
      const days = daysOfEnd(each, schedule, agreements);
      // A part that has ended is forgotten while the rest goes on, so nothing is due after its end.
      const isLast = at === ends.length - 1 && state.every(({ validity }) => validity.end !== null);
      return coming(each.end, isLast ? days : days.filter((daysBefore) => daysBefore > 0), {});
    }),
    ...decisionsOf(agreements, now).flatMap((each) =>
      coming(each.decideBy, daysOfDecision(each, schedule), { of: 'decision' }),
    ),
  ];
}

/** The days that count: before the end only the days before it, after it only the days after. */
function sideOfEnd(reminderDays: readonly number[], end: Instant, now: Instant): readonly number[] {
  return reminderDays.filter((daysBefore) => (now < end ? daysBefore > 0 : daysBefore < 0));
}

/** Only these are reminded of. A license that was taken away still has an end, but needs no reminder, not even after that end. */
const REMINDED: ReadonlySet<Standing> = new Set([
  'in-force',
  'upcoming',
  'suspended',
  'not-activated',
  'ended',
]);
const WITHDRAWN: ReadonlySet<Life> = new Set(['deactivated', 'deleted']);

/**
 * The ends of a contract, soonest first, one for each UTC date. Only licenses without a successor have an end here: where one
 * succeeds, nothing ends.
 */
export function endsOf(state: CanonicalState, at: Instant): readonly ContractEnd[] {
  const standing = standingOf(state, at);
  if (!REMINDED.has(standing)) return [];
  const byDate = new Map<string, ContractEnd>();
  for (const license of finalLicenses(state)) {
    const { end } = license.validity;
    // AWS says that the license expired, which goes before its date: a date still to come needs no reminder.
    if (end === null || WITHDRAWN.has(lifeOf(license)) || (standing === 'ended' && end > at))
      continue;
    const same = byDate.get(dateOf(end));
    byDate.set(dateOf(end), {
      end: same !== undefined && same.end < end ? same.end : end,
      licenses: [...(same?.licenses ?? []), license],
    });
  }
  return [...byDate.values()].toSorted((a, b) => (a.end < b.end ? -1 : 1));
}
