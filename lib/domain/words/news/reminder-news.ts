import type { Reminder } from '../../ledger.ts';
import { MORE_OR_LONGER, RENEWAL_UNKNOWN, renewOrAsk, WHERE_RENEWAL_STANDS } from '../aws-sentences.ts';
import { cleanText } from '../clean-text.ts';
import { date, dateAndTime, dateWithDistance, distance, lastFullDay } from '../dates.ts';
import { hasEnded, ifNotRenewed } from './meanings.ts';
import type { News, Setting, Step } from './news.ts';
import { purchasePlace } from './places.ts';

/** The end is near, or has passed and no renewal was seen. No alarm: it may renew by itself. */
export function reminderNews(reminder: Reminder, setting: Setting): News {
  return reminder.end > setting.now ? endIsNear(reminder, setting) : endHasPassed(reminder, setting);
}

function endIsNear({ end, share }: Reminder, setting: Setting): News {
  const { now, voice, product } = setting;
  const when = dateWithDistance(end, now);
  const what =
    share === null
      ? `The current term of ${voice.license} ends on ${when}.`
      : `Part of ${voice.license} ends on ${when}: ${sharePart(setting, share)}. The rest goes on, under another license.`;
  const days = `${dateAndTime(end)}, ${distance(end, now)}`;
  return {
    subject: [share === null ? `current term ends ${days}` : `part of it ends ${days}`],
    shorter: [`${share === null ? '' : 'part '}ends ${date(end)}, ${distance(end, now)}`],
    sentence: [what, ...unseen(setting)].join(' '),
    ...fullDay(end),
    means: [RENEWAL_UNKNOWN, share === null ? ifNotRenewed(product) : PART_ONLY],
    steps: renewalSteps(setting),
    forSeller: MORE_OR_LONGER,
    rows: [],
    about: ['term'],
  };
}

function endHasPassed({ end, share }: Reminder, setting: Setting): News {
  const { now, voice, product } = setting;
  const when = dateWithDistance(end, now);
  const what =
    share === null
      ? `The term of ${voice.license} ended on ${when}; no renewal was seen.`
      : `Part of ${voice.license} ended on ${when}: ${sharePart(setting, share)}; no renewal was seen.`;
  return {
    subject: [share === null ? `term ended ${date(end)}, no renewal seen` : `part of it ended ${date(end)}`],
    sentence: [what, ...unseen(setting)].join(' '),
    means: [share === null ? hasEnded(product) : PART_ONLY],
    steps: [
      'If you have let it end on purpose, or renewed it minutes ago, you need do nothing.',
      `If you still need it, renew at ${purchasePlace(product)}`,
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

/** Blind, the calendar goes on; that it was renewed meanwhile cannot be excluded. */
function unseen({ unseenSince, voice }: Setting): readonly string[] {
  if (unseenSince === undefined) return [];
  const last = unseenSince === null ? '' : `; this end was last confirmed on ${dateAndTime(unseenSince)}`;
  return [`We cannot look into ${voice.account} at present${last}.`];
}

/** `10 of your 15 ReadOnly`: the ledger speaks to the buyer. */
function sharePart({ voice }: Setting, share: string): string {
  return cleanText(voice.your === 'your' ? share : share.replaceAll('your ', `${voice.your} `), 300);
}
