import { type Renewal, renewalAt } from '../../domain/agreement/agreement-facts.ts';
import type { Reminder } from '../../domain/ledger/ledger.ts';
import { between, DAY, type Instant } from '../../domain/time.ts';
import {
  CHANGE_OR_RENEW,
  LOOK_OR_RENEW,
  MORE_OR_LONGER,
  RENEWAL_UNKNOWN,
  RENEWAL_UNSEEN,
} from '../aws-sentences.ts';
import { date, dateWithDistance, day, lastFullDay, timeLeft } from '../dates.ts';
import { deadlineWords, renewalSaid } from '../intent-words.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { HAS_ENDED, IF_IT_ENDED, IF_NOT_RENEWED } from './meanings.ts';
import { askForOffer, capital, type News, purchasePlace, type Setting, type Step } from './news.ts';

/** The end is near, or has passed and no renewal was seen. No alarm: it may renew by itself. */
export function reminderNews(reminder: Reminder, setting: Setting): News {
  if (reminder.end > setting.now) return endIsNear(reminder, setting);
  return setting.present.isBlind ? endIsOver(reminder, setting) : endHasPassed(reminder, setting);
}

function endIsNear({ end, share }: Reminder, setting: Setting): News {
  const { now, voice } = setting;
  const { isBlind } = setting.present;
  const when = `${isBlind ? 'was to end' : 'ends'} on ${dateWithDistance(end, now)}`;
  const what =
    share === null
      ? `The term of ${voice.license} ${when}${isBlind ? '' : fullDay(end, now)}.`
      : `Part of ${voice.license} (${sharePart(share)}) ${when}${isBlind ? '' : '; the rest goes on'}.`;
  const point = `${isBlind ? 'was to end' : 'ends'} ${timeLeft(end, now)}`;
  return {
    subject: [`${share === null ? '' : 'part '}${point}`, ...lastSeen(setting)],
    shorter: [`${share === null ? '' : 'part '}${point}`],
    sentence: [what, ...unseen(setting)].join(' '),
    means: [renewalWords(end, setting), ...(share === null ? [IF_NOT_RENEWED] : [])],
    steps: renewalSteps(end, setting),
    forSeller: MORE_OR_LONGER,
    rows: [],
    about: ['term'],
  };
}

/** What AWS says of it, where the agreement is known; nobody is told to look for what is known. */
function renewalWords(end: Instant, setting: Setting): string {
  const renewal = knownRenewal(end, setting);
  const { now, present } = setting;
  if (renewal === null) return present.isBlind ? RENEWAL_UNSEEN : RENEWAL_UNKNOWN;
  const { intent, decideBy } = renewal;
  return `${capital(renewalSaid('the agreement', intent))}. ${deadlineWords(decideBy, now)}`;
}

function endHasPassed(reminder: Reminder, setting: Setting): News {
  const { end, share } = reminder;
  const { now, voice, product } = setting;
  const when = dateWithDistance(end, now);
  const what =
    share === null
      ? `The term of ${voice.license} ended on ${when}; no renewal was seen.`
      : `Part of ${voice.license} (${sharePart(share)}) ended on ${when}; no renewal was seen.`;
  return {
    subject: [
      share === null ? `ended ${date(end)}, no renewal seen` : `part of it ended ${date(end)}`,
    ],
    sentence: what,
    means: [share === null ? HAS_ENDED : PART_ONLY],
    steps: [
      `If you still need it, and did not renew it minutes ago, renew at ${purchasePlace(product)}`,
    ],
    rows: [],
    about: ['term'],
  };
}

/** By the calendar alone: nobody could look since, so that it ended is as little known as that it was renewed. */
function endIsOver({ end, share }: Reminder, setting: Setting): News {
  const { now, voice, product } = setting;
  const what =
    share === null
      ? `The term of ${voice.license}`
      : `Part of ${voice.license} (${sharePart(share)})`;
  return {
    subject: [`${share === null ? '' : 'part '}was to end ${date(end)}`, ...lastSeen(setting)],
    shorter: [`${share === null ? '' : 'part '}was to end ${date(end)}`],
    sentence: [`${what} was to end on ${dateWithDistance(end, now)}.`, ...unseen(setting)].join(
      ' ',
    ),
    means: [share === null ? IF_IT_ENDED : PART_ONLY],
    steps: [`If you need it and have not renewed it, renew at ${purchasePlace(product)}`],
    rows: [],
    about: ['term'],
  };
}

const PART_ONLY = 'What else you have of this product is not touched by this end.';

function knownRenewal(end: Instant, { present }: Setting): Renewal | null {
  const renewal = renewalAt(present.agreements, end);
  return renewal?.intent.kind === 'unknown' ? null : renewal;
}

/** The seller's own page says nothing of auto-renewal. */
function renewalSteps(end: Instant, setting: Setting): readonly Step[] {
  const { product } = setting;
  const own = product.renewalUrl === null ? [] : [`Or renew at ${purchasePlace(product)}`];
  const first = knownRenewal(end, setting) === null ? LOOK_OR_RENEW : CHANGE_OR_RENEW;
  return [first, ...own, `Otherwise ${askForOffer(product)}`];
}

function fullDay(end: Instant, now: Instant): string {
  const day = lastFullDay(end);
  return day === null || between(now, end) < DAY ? '' : ` (last full day: ${day})`;
}

/** Blind, the calendar goes on; that it was renewed meanwhile cannot be excluded, and is not in a subject either. */
function lastSeen({ present: { isBlind, lastSeen: last } }: Setting): readonly string[] {
  if (!isBlind) return [];
  return [last === null ? ', never seen' : `, seen ${date(last)}`];
}

function unseen({ present: { isBlind, lastSeen: last }, voice }: Setting): readonly string[] {
  if (!isBlind) return [];
  const seen = last === null ? '' : `; this end was last seen on ${day(last)}`;
  return [`We cannot look into ${voice.account}${seen}.`];
}

/** `10 ReadOnly of license ...89abcdef`: behind the words that say whose they are. */
function sharePart(share: string): string {
  return cleanText(share.replaceAll('your ', ''), 300);
}
