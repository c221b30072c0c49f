import { between, type Instant, plus } from '../../domain/time.ts';
import { DATES_WITHOUT_GAP } from '../aws-sentences.ts';
import { date, dayAndTime, dateWithDistance, duration, endWords, lastFullDay } from '../dates.ts';
import { AFTER_THE_END, canBeUsed, inTheGap } from './meanings.ts';
import { renewalMeans } from './renewal-words.ts';
import {
  askSomebody,
  capital,
  licenseTail,
  type News,
  type Of,
  type Row,
  type Setting,
} from './news.ts';

type TermChange = Of<'LicenseRenewed' | 'LicenseShortened'>;

export function renewedNews(change: Of<'LicenseRenewed'>, setting: Setting): News {
  const { after } = change;
  const { voice } = setting;
  const next = renewalMeans(after.end, setting);
  const until = after.end === null ? 'has no end' : `ends on ${dayAndTime(after.end)}`;
  return {
    subject: [
      after.end === null ? 'renewed, no end' : `renewed to ${date(after.end)}`,
      gapWords(change),
    ],
    shorter: [after.end === null ? 'renewed' : `renewed to ${date(after.end)}`],
    sentence: `${capital(voice.license)} was renewed: its term ${until}; seen on ${dayAndTime(setting.entry.observedAt)}.${gapSentence(change, setting)}`,
    ...moreOfRenewal(change, setting),
    means: [...renewedMeans(change, setting), ...(next === null ? [] : [next])],
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
    before.end === null ? 'it had no end before' : `it was ${dayAndTime(before.end)} before`;
  return {
    subject: [`shortened to ${after.end === null ? 'no end' : date(after.end)}`],
    sentence: `The term of ${voice.license} ${end}; ${instead}. Seen on ${dayAndTime(entry.observedAt)}.`,
    ...(day === null ? {} : { more: `The last full day is ${day}.` }),
    means: [AFTER_THE_END],
    steps: [`If you did not agree to an earlier end, ${askSomebody(product)}`],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['term'],
  };
}

/** What the renewal means. The mail itself warns of a coming gap, whatever it tells. */
function renewedMeans(change: Of<'LicenseRenewed'>, { present, now }: Setting): readonly string[] {
  const gap = gapOf(change);
  if (gap === null || gap.begin <= now) return canBeUsed(present);
  return gap.end <= now ? [inTheGap(`Until ${dayAndTime(gap.begin)}`)] : [];
}

interface Gap {
  /** The end of the old term. */
  readonly end: Instant;
  /** The start of the new term. */
  readonly begin: Instant;
  readonly length: number;
}

function gapOf({ before, gapMilliseconds: length }: Of<'LicenseRenewed'>): Gap | null {
  const { end } = before;
  return end === null || length === null ? null : { end, begin: plus(end, length), length };
}

/** The gap, which the subject mentions whether it was withdrawn or is still to come. */
function gapWords(change: Of<'LicenseRenewed'>): string {
  const gap = gapOf(change);
  return gap === null ? '' : `, gap of ${duration(gap.length)}`;
}

/**
 * Tells the time without a license, as far as AWS's dates know it, because the bad news that the renewal made untrue was withdrawn (rule
 * 10).
 */
function gapSentence(change: Of<'LicenseRenewed'>, { now }: Setting): string {
  const gap = gapOf(change);
  if (gap === null) return '';
  const [ends, begins] = [gap.end > now ? 'ends' : 'ended', gap.begin > now ? 'begins' : 'began'];
  const is = gap.begin > now ? 'is' : 'was';
  return ` The old term ${ends} on ${dayAndTime(gap.end)}; the new one ${begins} on ${dayAndTime(gap.begin)}, and in between (${duration(gap.length)}) no license ${is} in force.`;
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
    more: `The old term ended on ${dayAndTime(end)}, ${seen} before. ${DATES_WITHOUT_GAP}`,
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
