import type { Head } from '../check/head.ts';
import type { Reminder, SealedEntry } from '../ledger/ledger.ts';
import { quietAt } from '../ledger/note.ts';
import { gravestOf, type Notice, NO_SUBSCRIPTION } from './notice.ts';
import {
  dateOf,
  daysOfDecision,
  daysOfEnd,
  decisionsOf,
  type ReminderSchedule,
} from './reminder-days.ts';
import { dueAt, endsOf } from './reminders.ts';
import { changesFor } from './notices.ts';
import type { TopicStanding } from './reachability.ts';
import { lastTold } from './settling.ts';
import { between, DAY, earliest, HOUR, type Instant, MINUTE, plus } from '../time.ts';

/** A pending notice and the entry it tells of. */
export interface PendingNotice {
  readonly notice: Notice;
  readonly entry: NoticeEntry;
}

/** An entry as a notice tells it. */
export interface NoticeEntry extends SealedEntry {
  /** No look could confirm its bad news: nothing else is told of it. */
  readonly isUnconfirmed?: true;
}

export function entryForNotice(entry: SealedEntry, { about }: Pick<Notice, 'about'>): NoticeEntry {
  return about === 'unconfirmed' ? { ...entry, isUnconfirmed: true } : entry;
}

export interface DeliveryInput {
  /** Every notice to this buyer about this contract that is waiting or due. */
  readonly pending: readonly PendingNotice[];
  readonly head: Head;
  readonly product: ReminderSchedule;
  readonly topic: TopicStanding;
  readonly now: Instant;
}

/** The one mail to be sent: told by `lead`, which is the newest, with everything else that waited. */
export interface Sending {
  readonly lead: PendingNotice;
  /** Oldest first. */
  readonly folded: readonly PendingNotice[];
  /** The first mail after the topic was confirmed. */
  readonly welcome: boolean;
}

/** What becomes of a buyer's pending notices. Those named nowhere stay as they are. */
export interface DeliveryPlan {
  readonly send: Sending | null;
  readonly hold: readonly {
    readonly notice: Notice;
    readonly until: Instant;
    readonly reason: string;
    /** Asks the seller to tell the buyer meanwhile, once; null: not yet, or there is nothing to tell. */
    readonly sellerNotice: Notice | null;
  }[];
  readonly supersede: readonly { readonly notice: Notice; readonly reason: string }[];
  /** With the notice that asks the seller to tell the buyer; null: there is nothing the seller should tell. */
  readonly undeliverable: readonly Unreached[];
}

export interface Unreached {
  readonly notice: Notice;
  readonly reason: string;
  readonly sellerNotice: Notice | null;
}

/** How long whoever sends a notice may take; then somebody else may. Shorter than the visibility timeout of the queue (360 s). */
export const CLAIM = 5 * MINUTE;

/** A topic without a confirmed subscription is asked again so long after it was asked first; then half as often each time, at least so often. */
const ASKED_AGAIN = HOUR;
const ASKED_AT_LEAST = DAY;

/** How long anything waits at most for a subscription before the seller is asked to tell the buyer. */
const LONGEST_WAIT = DAY;

const NOTHING: DeliveryPlan = { send: null, hold: [], supersede: [], undeliverable: [] };

/** Rules 10, 12 and 14: is it still true, has its time come, can it reach anybody. */
export function planDelivery({ pending, head, product, topic, now }: DeliveryInput): DeliveryPlan {
  if (pending.some(({ notice }) => isClaimed(notice, now))) return NOTHING;
  const supersede = pending.flatMap((pendingNotice) => {
    const reason = untrue(pendingNotice, head, product, now);
    return reason === null ? [] : [{ notice: pendingNotice.notice, reason }];
  });
  const ready = pending
    .filter(({ notice }) => !supersede.some((each) => each.notice === notice))
    .filter(({ notice }) => notice.state !== 'settling');
  if (topic.kind === 'closed') {
    return {
      ...NOTHING,
      supersede,
      undeliverable: ready.map((pendingNotice) => unreached(pendingNotice, topic.reason, now)),
    };
  }
  if (topic.confirmedSubscriptions === 0) return { ...NOTHING, supersede, ...waiting(ready, now) };
  return { ...NOTHING, supersede, send: together(ready) };
}

/** Somebody is at it: see `NoticeState`. */
export function isClaimed({ state, notBefore }: Notice, now: Instant): boolean {
  return state === 'due' && notBefore > now;
}

/** Why a notice is no longer true; null: it is. A change stays true for ever: it carries its date. */
export function untrue(
  { notice, entry }: PendingNotice,
  head: Head,
  schedule: ReminderSchedule,
  now: Instant,
): string | null {
  if (notice.kind !== 'reminder' || entry.reminder === null) return null;
  const isSellers = notice.audience === 'seller' && notice.about === undefined;
  return (
    untrueReminder(entry.reminder, head, schedule, now) ??
    (isSellers ? silenced(entry.reminder, head, now) : null)
  );
}

/**
 * The seller wants to hear no reminder. What it is asked to pass on to the buyer is none, and no snooze keeps back that an end has passed
 * which nobody could see.
 */
function silenced({ daysBefore }: Reminder, head: Head, now: Instant): string | null {
  const quiet = quietAt(head.quiet, now);
  if (quiet === null || (quiet.kind === 'snoozed' && daysBefore <= 0)) return null;
  const how = quiet.until === null ? 'until something changes' : `until ${quiet.until}`;
  return `${quiet.kind} by the seller ${how} (entry ${quiet.entry})`;
}

function untrueReminder(
  reminder: Reminder,
  head: Head,
  schedule: ReminderSchedule,
  now: Instant,
): string | null {
  if (head.watchEnded !== null) return 'the watch has ended, and with it its calendar';
  const { daysBefore, end, decideBy } = reminder;
  if (decideBy !== undefined) return untrueDecision(daysBefore, decideBy, head, schedule, now);
  const of = endsOf(lastTold(head).state, now).find((each) => dateOf(each.end) === dateOf(end));
  if (of === undefined) return `the contract no longer ends on ${dateOf(end)}`;
  if (daysBefore > 0 && end <= now)
    return `the end of ${dateOf(end)} has passed: what became of the license is told instead`;
  return outdone(daysBefore, end, daysOfEnd(of, schedule, head.agreements), now);
}

function untrueDecision(
  daysBefore: number,
  decideBy: Instant,
  head: Head,
  schedule: ReminderSchedule,
  now: Instant,
): string | null {
  const date = dateOf(decideBy);
  if (decideBy <= now) return `the deadline of ${date} has passed`;
  const deadline = decisionsOf(head.agreements, now).find((each) => dateOf(each.decideBy) === date);
  if (deadline === undefined) return `nothing is to be decided by ${date} any more`;
  return outdone(daysBefore, decideBy, daysOfDecision(deadline, schedule), now);
}

function outdone(
  daysBefore: number,
  at: Instant,
  days: readonly number[],
  now: Instant,
): string | null {
  const later = days.find((other) => other < daysBefore && dueAt(at, other) <= now);
  return later === undefined ? null : `the reminder of day ${later} tells it more exactly`;
}

function together(ready: readonly PendingNotice[]): Sending | null {
  const oldestFirst = ready.toSorted((a, b) => a.entry.entry - b.entry.entry);
  const lead = oldestFirst.at(-1);
  if (lead === undefined) return null;
  const welcome = ready.some(({ notice }) => notice.kind === 'welcome');
  return { lead, folded: oldestFirst.slice(0, -1), welcome };
}

/**
 * Nobody has confirmed a subscription: a publish would succeed and reach nobody. A reminder does not wait for ever; what else is told is of
 * use to the buyer whenever somebody confirms, and waits, though the seller is asked to tell it.
 */
function waiting(
  ready: readonly PendingNotice[],
  now: Instant,
): Pick<DeliveryPlan, 'hold' | 'undeliverable'> {
  const reason = NO_SUBSCRIPTION;
  const all = ready.map((pendingNotice) => {
    const { notice, entry } = pendingNotice;
    const unread = unreached(pendingNotice, reason, now);
    const askAt = unread.sellerNotice === null ? null : sellerAskedAt(pendingNotice);
    const isReminder = notice.kind === 'reminder' && entry.reminder !== null;
    return { notice, unread, askAt, isReminder, isOver: isReminder && (askAt ?? now) < now };
  });
  // Whoever waits for the same topic asks together, when the first of them does.
  const askedAgain = earliest(
    ready.map(({ notice }) =>
      notice.notBefore > now ? notice.notBefore : plus(now, askedAfter(notice, now)),
    ),
  );
  return {
    undeliverable: all.filter(({ isOver }) => isOver).map(({ unread }) => unread),
    hold: all.flatMap(({ notice, unread, askAt, isReminder, isOver }) => {
      if (isOver || notice.notBefore > now) return [];
      const isAsked = !isReminder && askAt !== null && askAt <= now;
      const next = askAt === null || isAsked ? null : plus(askAt, isReminder ? MINUTE : 0);
      const until = earliest([askedAgain, next]);
      if (until === null) return [];
      return [{ notice, until, reason, sellerNotice: isAsked ? unread.sellerNotice : null }];
    }),
  };
}

/** As long again as it has waited by now: a buyer whom nothing reaches for years costs a look a day. */
function askedAfter({ bornAt }: Notice, now: Instant): number {
  return Math.min(ASKED_AT_LEAST, Math.max(ASKED_AGAIN, between(bornAt, now)));
}

/** An end or a suspension at once; what else there is within a day, where an end is near with half of what is left for the seller to act. */
function sellerAskedAt({ notice, entry }: PendingNotice): Instant {
  if (notice.severity === 'urgent') return notice.bornAt;
  if (entry.reminder === null) return plus(notice.bornAt, LONGEST_WAIT);
  const left = between(notice.bornAt, entry.reminder.decideBy ?? entry.reminder.end) / 2;
  return plus(notice.bornAt, left > 0 ? Math.min(LONGEST_WAIT, left) : LONGEST_WAIT);
}

/** The topic refuses: the notice ends here, and where the license is concerned the seller is asked to tell the buyer. */
export function unreached(
  { notice, entry }: PendingNotice,
  reason: string,
  now: Instant,
): Unreached {
  const ask: Notice = {
    ...notice,
    audience: 'seller',
    about: 'undelivered',
    kind: entry.reminder !== null && notice.kind === 'reminder' ? 'reminder' : 'change',
    state: 'due',
    severity: gravestOf([notice.severity, 'attention']),
    bornAt: now,
    notBefore: now,
    reason,
  };
  // What nobody could confirm the seller hears anyway, as what it is: nothing to be passed on as a fact.
  const isToldOn = notice.about !== 'unconfirmed' && concernsLicense(entry);
  return { notice, reason, sellerNotice: isToldOn ? ask : null };
}

/** What only tells of the watch itself is of no use to a buyer who is not to be reached. */
function concernsLicense(entry: SealedEntry): boolean {
  return (
    entry.reminder !== null ||
    changesFor(entry, 'buyer').some(({ type }) => !type.startsWith('Watch'))
  );
}
