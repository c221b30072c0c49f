import type { Reminder } from '../../domain/ledger/ledger.ts';
import { between, DAY, type Instant } from '../../domain/time.ts';
import { RENEWAL_UNKNOWN, RENEWAL_UNSEEN } from '../aws-sentences.ts';
import { date, dateWithDistance, day, lastFullDay, timeLeft } from '../dates.ts';
import { HAS_ENDED, IF_IT_ENDED, IF_NOT_RENEWED } from './meanings.ts';
import { ifNotRenewed, type News, purchasePlace, type Setting } from './news.ts';
import {
  decisionNews,
  hint,
  knownRenewal,
  renewalForSeller,
  renewalMeans,
  renewalPoint,
  renewalSteps,
  sharePart,
} from './renewal-words.ts';

/** The end is near, or has passed and no renewal was seen. This is no alarm, because it may renew by itself. */
export function reminderNews(reminder: Reminder, setting: Setting): News {
  if (reminder.decideBy !== undefined) return decisionNews(reminder, reminder.decideBy, setting);
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
  const { verb, after } = renewalPoint(end, setting);
  const isLastDay = between(now, end) <= DAY;
  const point = `${isBlind ? 'was to end' : verb} ${timeLeft(end, now)}`;
  return {
    subject: [
      `${share === null ? '' : 'part '}${point}`,
      ...(isBlind ? lastSeen(setting) : isLastDay ? [] : after),
    ],
    shorter: [`${share === null ? '' : 'part '}${point}`],
    sentence: [what, ...unseen(setting)].join(' '),
    means: [
      renewalMeans(end, setting) ?? (isBlind ? RENEWAL_UNSEEN : RENEWAL_UNKNOWN),
      ...(share === null ? [IF_NOT_RENEWED] : []),
    ],
    steps: renewalSteps(knownRenewal(end, setting), setting),
    ...hint(renewalForSeller(end, setting)),
    about: ['term'],
  };
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
    steps: [ifNotRenewed(product)],
    about: ['term'],
  };
}

/** The end has passed by the calendar, but nobody could look since: it is as unknown that it ended as that it was renewed. */
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
    about: ['term'],
  };
}

const PART_ONLY = 'What else you have of this product is not touched by this end.';

function fullDay(end: Instant, now: Instant): string {
  const day = lastFullDay(end);
  return day === null || between(now, end) < DAY ? '' : ` (last full day: ${day})`;
}

/** When the contract was last seen, if the watcher is blind. It may have been renewed meanwhile, which the subject cannot exclude. */
function lastSeen({ present: { isBlind, lastSeen: last } }: Setting): readonly string[] {
  if (!isBlind) return [];
  return [last === null ? ', never seen' : `, seen ${date(last)}`];
}

function unseen({ present: { isBlind, lastSeen: last }, voice }: Setting): readonly string[] {
  if (!isBlind) return [];
  const seen = last === null ? '' : `; this end was last seen on ${day(last)}`;
  return [`We cannot look into ${voice.account}${seen}.`];
}
