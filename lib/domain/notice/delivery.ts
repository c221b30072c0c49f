import { type Head, quietAt } from '../check/head.ts';
import type { Reminder, SealedEntry } from '../ledger/ledger.ts';
import { type Notice, NO_SUBSCRIPTION } from './notice.ts';
import {
  dateOf,
  daysOfDecision,
  daysOfEnd,
  decisionsOf,
  type ReminderSchedule,
} from './reminder-days.ts';
import { dueAt, endsOf } from './reminders.ts';
import { changesFor, gravestOf } from './notices.ts';
import type { TopicState } from './reachability.ts';
import { lastTold } from './settling.ts';
import { between, DAY, earliest, HOUR, type Instant, MINUTE, plus } from '../time.ts';

/** A pending notice and the entry that it tells. */
export interface PendingNotice {
  readonly notice: Notice;
  readonly entry: NoticeEntry;
}

/** An entry as a notice tells it. */
export interface NoticeEntry extends SealedEntry {
  /** Set if no look could confirm the entry's bad news: the notice tells only that. */
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
  readonly topic: TopicState;
  readonly now: Instant;
}

/** The one mail to be sent: it tells `lead`, which is the newest, together with everything else that waited. */
export interface Sending {
  readonly lead: PendingNotice;
  /** Oldest first. */
  readonly folded: readonly PendingNotice[];
  /** True if this is the first mail after the topic was confirmed. */
  readonly welcome: boolean;
}

/** What becomes of a buyer's pending notices. Notices that it does not name stay as they are. */
export interface DeliveryPlan {
  readonly send: Sending | null;
  readonly hold: readonly {
    readonly notice: Notice;
    readonly until: Instant;
    readonly reason: string;
    /** The notice that asks the seller, once, to tell the buyer meanwhile; null: not yet, or there is nothing to tell. */
    readonly sellerNotice: Notice | null;
  }[];
  readonly supersede: readonly { readonly notice: Notice; readonly reason: string }[];
  /** Each comes with the notice that asks the seller to tell the buyer; null: there is nothing that the seller should tell. */
  readonly undeliverable: readonly UndeliverableNotice[];
}

export interface UndeliverableNotice {
  readonly notice: Notice;
  readonly reason: string;
  readonly sellerNotice: Notice | null;
}

/** How long a sender may take over a notice before another one may take it. Shorter than the visibility timeout of the queue (360 s). */
export const CLAIM = 5 * MINUTE;

/** A topic without a confirmed subscription is asked again after an hour; each later interval is twice as long, but at most a day. */
const ASKED_AGAIN = HOUR;
const ASKED_AT_LEAST = DAY;

/** The longest that a notice waits for a subscription before the seller is asked to tell the buyer. */
const LONGEST_WAIT = DAY;

const NOTHING: DeliveryPlan = { send: null, hold: [], supersede: [], undeliverable: [] };

/** Plans by rules 10, 12 and 14: whether each notice is still true, whether its time has come, and whether it can reach anybody. */
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
      undeliverable: ready.map((pendingNotice) => undeliverable(pendingNotice, topic.reason, now)),
    };
  }
  if (topic.confirmedSubscriptions === 0) return { ...NOTHING, supersede, ...waiting(ready, now) };
  return { ...NOTHING, supersede, send: oneMailOf(ready) };
}

/** True if a sender has claimed the notice: see `NoticeState`. */
export function isClaimed({ state, notBefore }: Notice, now: Instant): boolean {
  return state === 'due' && notBefore > now;
}

/** Why a notice is no longer true; null: it is true. A change stays true for ever, because it has a date. */
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
 * Why a reminder is not told to the seller, who silenced the contract; null: it is told. A request to tell the buyer is not such a
 * reminder. A snooze does not hold back the reminder that an end, which nobody could see, has passed.
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

function oneMailOf(ready: readonly PendingNotice[]): Sending | null {
  const oldestFirst = ready.toSorted((a, b) => a.entry.entry - b.entry.entry);
  const lead = oldestFirst.at(-1);
  if (lead === undefined) return null;
  const welcome = ready.some(({ notice }) => notice.kind === 'welcome');
  return { lead, folded: oldestFirst.slice(0, -1), welcome };
}

/**
 * What becomes of notices while nobody has confirmed a subscription: a publish would succeed and reach nobody. A reminder does not wait for
 * ever. Other news waits, because it is of use whenever somebody confirms, and the seller is asked to tell it meanwhile.
 */
function waiting(
  ready: readonly PendingNotice[],
  now: Instant,
): Pick<DeliveryPlan, 'hold' | 'undeliverable'> {
  const reason = NO_SUBSCRIPTION;
  const all = ready.map((pendingNotice) => {
    const { notice, entry } = pendingNotice;
    const unread = undeliverable(pendingNotice, reason, now);
    const askAt = unread.sellerNotice === null ? null : sellerAskedAt(pendingNotice);
    const isReminder = notice.kind === 'reminder' && entry.reminder !== null;
    return { notice, unread, askAt, isReminder, isOver: isReminder && (askAt ?? now) < now };
  });
  // All notices that wait for the same topic ask it together, when the first of them is due to ask.
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

/** Milliseconds until the topic is asked again: as long as the notice has waited. A buyer whom nothing ever reaches costs a look a day. */
function askedAfter({ bornAt }: Notice, now: Instant): number {
  return Math.min(ASKED_AT_LEAST, Math.max(ASKED_AGAIN, between(bornAt, now)));
}

/** When the seller is asked: at once if urgent (an end, a suspension), else within a day, or in half of the time that an end leaves. */
function sellerAskedAt({ notice, entry }: PendingNotice): Instant {
  if (notice.severity === 'urgent') return notice.bornAt;
  if (entry.reminder === null) return plus(notice.bornAt, LONGEST_WAIT);
  const left = between(notice.bornAt, entry.reminder.decideBy ?? entry.reminder.end) / 2;
  return plus(notice.bornAt, left > 0 ? Math.min(LONGEST_WAIT, left) : LONGEST_WAIT);
}

/** The end of a notice that cannot be delivered. If it concerns the license, the seller is asked to tell the buyer. */
export function undeliverable(
  { notice, entry }: PendingNotice,
  reason: string,
  now: Instant,
): UndeliverableNotice {
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
  // The seller is told unconfirmed news anyway, as unconfirmed: the buyer must not get it as a fact.
  const isToldOn = notice.about !== 'unconfirmed' && concernsLicense(entry);
  return { notice, reason, sellerNotice: isToldOn ? ask : null };
}

/** News about the watch alone is of no use to a buyer who cannot be reached. */
function concernsLicense(entry: SealedEntry): boolean {
  return (
    entry.reminder !== null ||
    changesFor(entry, 'buyer').some(({ type }) => !type.startsWith('Watch'))
  );
}
