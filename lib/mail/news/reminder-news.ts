import type { Reminder } from '../../domain/ledger/ledger.ts';
import {
  MORE_OR_LONGER,
  RENEWAL_UNKNOWN,
  renewOrAsk,
  WHERE_RENEWAL_STANDS,
} from '../aws-sentences.ts';
import { date, dateAndTime, dateWithDistance, distance, lastFullDay } from '../dates.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { hasEnded, ifItEnded, ifNotRenewed } from './meanings.ts';
import { type News, purchasePlace, type Setting, type Step } from './news.ts';

/** The end is near, or has passed and no renewal was seen. No alarm: it may renew by itself. */
export function reminderNews(reminder: Reminder, setting: Setting): News {
  return reminder.end > setting.now
    ? endIsNear(reminder, setting)
    : endHasPassed(reminder, setting);
}

function endIsNear({ end, share }: Reminder, setting: Setting): News {
  const { now, voice, product } = setting;
  const isBlind = setting.present.isBlind;
  const ends = isBlind ? 'was to end' : 'ends';
  const when = dateWithDistance(end, now);
  const what =
    share === null
      ? `The current term of ${voice.license} ${ends} on ${when}.`
      : `Part of ${voice.license} ${ends} on ${when}: ${sharePart(setting, share)}.${isBlind ? '' : ' The rest goes on, under another license.'}`;
  const days = `${isBlind ? date(end) : dateAndTime(end)}, ${distance(end, now)}`;
  return {
    subject: isBlind
      ? [`${share === null ? '' : 'part of it '}was to end ${days}`, ...lastSeen(setting)]
      : [`${share === null ? 'current term' : 'part of it'} ends ${days}`],
    shorter: isBlind
      ? [`was to end ${date(end)}`, ...lastSeen(setting)]
      : [`${share === null ? '' : 'part '}ends ${date(end)}, ${distance(end, now)}`],
    sentence: [what, ...unseen(setting)].join(' '),
    ...fullDay(end),
    means: [RENEWAL_UNKNOWN, share === null ? ifNotRenewed(product) : PART_ONLY],
    steps: renewalSteps(setting),
    forSeller: MORE_OR_LONGER,
    rows: [],
    about: ['term'],
  };
}

function endHasPassed(reminder: Reminder, setting: Setting): News {
  if (setting.present.isBlind) return endIsOver(reminder, setting);
  const { end, share } = reminder;
  const { now, voice, product } = setting;
  const when = dateWithDistance(end, now);
  const what =
    share === null
      ? `The term of ${voice.license} ended on ${when}; no renewal was seen.`
      : `Part of ${voice.license} ended on ${when}: ${sharePart(setting, share)}; no renewal was seen.`;
  return {
    subject: [
      share === null ? `term ended ${date(end)}, no renewal seen` : `part of it ended ${date(end)}`,
    ],
    sentence: what,
    means: [share === null ? hasEnded(product) : PART_ONLY],
    steps: [
      'If you have let it end on purpose, or renewed it minutes ago, there is nothing to do.',
      `If you still need it, renew at ${purchasePlace(product)}`,
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
      : `Part of ${voice.license} (${sharePart(setting, share)})`;
  return {
    subject: [
      `${share === null ? 'term' : 'part of it'} was to end ${date(end)}`,
      ...lastSeen(setting),
    ],
    shorter: [`was to end ${date(end)}`, ...lastSeen(setting)],
    sentence: [
      `${what} was to end on ${dateWithDistance(end, now)}.`,
      ...unseen(setting),
      'Whether it was renewed is not known.',
    ].join(' '),
    means: [share === null ? ifItEnded(product) : PART_ONLY],
    steps: [
      'If you have renewed it, or have let it end on purpose, there is nothing to do.',
      `If you still need it and have not renewed it, renew at ${purchasePlace(product)}`,
    ],
    rows: [],
    about: ['term'],
  };
}

const PART_ONLY = 'What else you have of this product is not touched by this end.';

function renewalSteps({ product }: Setting): readonly Step[] {
  return [WHERE_RENEWAL_STANDS, renewOrAsk(renewalPlace(product), cleanText(product.contact, 200))];
}

/** The page that the step before names is not named twice. */
function renewalPlace(product: Setting['product']): string {
  return product.renewalUrl === null ? 'that page' : purchasePlace(product);
}

function fullDay(end: Reminder['end']): Pick<News, 'more'> {
  const day = lastFullDay(end);
  return day === null ? {} : { more: `The last full day is ${day}.` };
}

/** Blind, the calendar goes on; that it was renewed meanwhile cannot be excluded, and is not in a subject either. */
function lastSeen({ present: { isBlind, lastSeen: last } }: Setting): readonly string[] {
  if (!isBlind) return [];
  return [last === null ? ', never seen' : `, last seen ${date(last)}`];
}

function unseen({ present: { isBlind, lastSeen: confirmed }, voice }: Setting): readonly string[] {
  if (!isBlind) return [];
  const last = confirmed === null ? '' : `; this end was last seen on ${dateAndTime(confirmed)}`;
  return [`We cannot look into ${voice.account} at present${last}.`];
}

/** `10 of your 15 ReadOnly`: the ledger speaks to the buyer. */
function sharePart({ voice }: Setting, share: string): string {
  return cleanText(
    voice.your === 'your' ? share : share.replaceAll('your ', `${voice.your} `),
    300,
  );
}
