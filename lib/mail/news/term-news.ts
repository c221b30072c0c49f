import type { Reminder } from '../../domain/ledger/ledger.ts';
import { between, type Instant, plus } from '../../domain/time.ts';
import {
  DATES_WITHOUT_GAP,
  MORE_OR_LONGER,
  RENEWAL_UNKNOWN,
  renewOrAsk,
  WHERE_RENEWAL_STANDS,
} from '../aws-sentences.ts';
import {
  date,
  dateAndTime,
  dateWithDistance,
  distance,
  duration,
  endWords,
  lastFullDay,
} from '../dates.ts';
import { cleanText } from '../text.ts';
import { afterTheEnd, canBeUsed, hasEnded, ifItEnded, ifNotRenewed, inTheGap } from './meanings.ts';
import {
  askSomebody,
  capital,
  licenseTail,
  type News,
  type Of,
  purchasePlace,
  type Row,
  type Setting,
  type Step,
} from './news.ts';

type TermChange = Of<'LicenseRenewed' | 'LicenseShortened'>;

export function renewedNews(change: Of<'LicenseRenewed'>, setting: Setting): News {
  const { after } = change;
  const { voice } = setting;
  const until = after.end === null ? 'has no end' : `ends on ${dateAndTime(after.end)}`;
  return {
    subject: [
      after.end === null ? 'renewed, without an end' : `renewed until ${date(after.end)}`,
      gapWords(change, setting),
    ],
    shorter: [after.end === null ? 'renewed' : `renewed until ${date(after.end)}`],
    sentence: `${capital(voice.license)} was renewed: its term ${until}; seen on ${dateAndTime(setting.entry.observedAt)}.${gapSentence(change, setting)}`,
    ...moreOfRenewal(change, setting),
    means: renewedMeans(change, setting),
    steps: [],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['standing', 'term'],
  };
}

export function shortenedNews(change: Of<'LicenseShortened'>, setting: Setting): News {
  const { before, after } = change;
  const { voice, product, now, entry } = setting;
  const end = after.end === null ? 'has no end' : `ends on ${dateWithDistance(after.end, now)}`;
  const day = after.end === null ? null : lastFullDay(after.end);
  const instead =
    before.end === null ? 'it had no end before' : `it was ${dateAndTime(before.end)} before`;
  return {
    subject: [
      `term shortened to ${after.end === null ? 'no end' : date(after.end)}, seen ${date(entry.observedAt)}`,
    ],
    sentence: `The term of ${voice.license} ${end}; ${instead}. Seen on ${dateAndTime(entry.observedAt)}.`,
    ...(day === null ? {} : { more: `The last full day is ${day}.` }),
    means: [afterTheEnd(product)],
    steps: [`If you did not agree to an earlier end, ${askSomebody(product)}`],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['term'],
  };
}

/** A gap to come the mail itself warns of, whatever it tells. */
function renewedMeans(
  change: Of<'LicenseRenewed'>,
  { present, product, now }: Setting,
): readonly string[] {
  const gap = gapOf(change);
  return gap !== null && gap.end <= now && now < gap.begin
    ? [inTheGap(`Until ${dateAndTime(gap.begin)}`, product)]
    : canBeUsed(present);
}

interface Gap {
  /** Of the old term. */
  readonly end: Instant;
  /** Of the new one. */
  readonly begin: Instant;
  readonly length: number;
}

function gapOf({ before, gapMilliseconds: length }: Of<'LicenseRenewed'>): Gap | null {
  const { end } = before;
  return end === null || length === null ? null : { end, begin: plus(end, length), length };
}

/** What was withdrawn, or is to come, is in the subject, too. */
function gapWords(change: Of<'LicenseRenewed'>, { now }: Setting): string {
  const gap = gapOf(change);
  return gap === null
    ? ''
    : `, ${gap.begin > now ? 'with' : 'after'} a gap of ${duration(gap.length)}`;
}

/**
 * The bad news that this makes untrue was withdrawn (rule 10): the time without a license is told here, as far as AWS's
 * dates know it.
 */
function gapSentence(change: Of<'LicenseRenewed'>, { now }: Setting): string {
  const gap = gapOf(change);
  if (gap === null) return '';
  const [ends, begins] = [gap.end > now ? 'ends' : 'ended', gap.begin > now ? 'begins' : 'began'];
  const is = gap.begin > now ? 'is' : 'was';
  return ` The old term ${ends} on ${dateAndTime(gap.end)}; the new one ${begins} on ${dateAndTime(gap.begin)}, and in between (${duration(gap.length)}) no license ${is} in force.`;
}

function moreOfRenewal(
  { before, early, gapMilliseconds }: Of<'LicenseRenewed'>,
  { entry }: Setting,
): Pick<News, 'more'> {
  const { end } = before;
  if (end === null || gapMilliseconds !== null) return {};
  if (early) {
    return {
      more: 'It was renewed before the old term had ended, without a gap.',
    };
  }
  const seen = duration(Math.max(0, between(end, entry.observedAt)));
  return {
    more: `The old term ended on ${dateAndTime(end)}, ${seen} before. ${DATES_WITHOUT_GAP}`,
  };
}

function termRows({ before, after }: TermChange): readonly Row[] {
  return [{ label: 'End of the term', before: endWords(before.end), after: endWords(after.end) }];
}

function licenseRow({ before, after }: TermChange): readonly Row[] {
  if (before.licenseArn === after.licenseArn) return [];
  return [
    {
      label: 'License ID',
      before: licenseTail(before.licenseArn),
      after: licenseTail(after.licenseArn),
    },
  ];
}

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
      ? [`${share === null ? '' : 'part of it '}was to end ${days}`, ...lastConfirmed(setting)]
      : [`${share === null ? 'current term' : 'part of it'} ends ${days}`],
    shorter: isBlind
      ? [`was to end ${date(end)}`, ...lastConfirmed(setting)]
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
      'If you have let it end on purpose, or renewed it minutes ago, you need do nothing.',
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
      ...lastConfirmed(setting),
    ],
    shorter: [`was to end ${date(end)}`, ...lastConfirmed(setting)],
    sentence: [
      `${what} was to end on ${dateWithDistance(end, now)}.`,
      ...unseen(setting),
      'Whether it was renewed is not known.',
    ].join(' '),
    means: [share === null ? ifItEnded(product) : PART_ONLY],
    steps: [
      'If you have renewed it, or have let it end on purpose, you need do nothing.',
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
function lastConfirmed({ present: { isBlind, lastConfirmed: last } }: Setting): readonly string[] {
  if (!isBlind) return [];
  return [last === null ? ', never confirmed' : `, last confirmed ${date(last)}`];
}

function unseen({
  present: { isBlind, lastConfirmed: confirmed },
  voice,
}: Setting): readonly string[] {
  if (!isBlind) return [];
  const last =
    confirmed === null ? '' : `; this end was last confirmed on ${dateAndTime(confirmed)}`;
  return [`We cannot look into ${voice.account} at present${last}.`];
}

/** `10 of your 15 ReadOnly`: the ledger speaks to the buyer. */
function sharePart({ voice }: Setting, share: string): string {
  return cleanText(
    voice.your === 'your' ? share : share.replaceAll('your ', `${voice.your} `),
    300,
  );
}
