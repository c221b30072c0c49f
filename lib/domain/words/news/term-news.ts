import { between, type Instant } from '../../time.ts';
import { date, dateAndTime, dateWithDistance, duration, endWords, lastFullDay } from '../dates.ts';
import { afterTheEnd, IN_FORCE, unusable } from './meanings.ts';
import { capital, type News, type Of, type Row, type Setting } from './news.ts';
import { askSomebody, licenseTail } from './places.ts';

type TermChange = Of<'LicenseRenewed' | 'LicenseShortened'>;

export function renewedNews(change: Of<'LicenseRenewed'>, setting: Setting): News {
  const { after } = change;
  const { voice } = setting;
  const until = after.end === null ? 'now has no end' : `now ends on ${dateAndTime(after.end)}`;
  return {
    subject: [after.end === null ? 'renewed, without an end' : `renewed until ${date(after.end)}`, gapWords(change)],
    sentence: `${capital(voice.license)} was renewed: its term ${until}.${gapSentence(change)}`,
    ...moreOfRenewal(change, setting),
    means: renewedMeans(change, setting),
    steps: [],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['standing', 'term'],
  };
}

export function shortenedNews(change: Of<'LicenseShortened'>, setting: Setting): News {
  const { before, after } = change;
  const { voice, product, now } = setting;
  const end = after.end === null ? 'now has no end' : `now ends on ${dateWithDistance(after.end, now)}`;
  const day = after.end === null ? null : lastFullDay(after.end);
  const instead = before.end === null ? 'it had no end before' : `it was ${dateAndTime(before.end)} before`;
  return {
    subject: [`term now ends ${after.end === null ? 'never' : date(after.end)}, earlier than before`],
    sentence: `The term of ${voice.license} ${end}; ${instead}.`,
    ...(day === null ? {} : { more: `The last full day is ${day}.` }),
    means: [afterTheEnd(product)],
    steps: [`If you did not agree to an earlier end, ${askSomebody(product)}`],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['term'],
  };
}

function renewedMeans(change: Of<'LicenseRenewed'>, { entry, product }: Setting): readonly string[] {
  const { before } = change;
  if (comingGap(change) !== null && before.end !== null) {
    return [
      `The license can be used until ${dateAndTime(before.end)}.`,
      unusable('From then on until the new term begins', product),
    ];
  }
  return entry.standing === 'in-force' ? [IN_FORCE] : [];
}

/** ` after a gap of 20 minutes`: what was withdrawn, or is to come, is in the subject too. */
function gapWords({ early, gapMilliseconds: gap }: Of<'LicenseRenewed'>): string {
  if (gap === null) return '';
  return `${early ? ', with' : ', after'} a gap of ${duration(gap)}`;
}

/**
 * The bad news that this makes untrue was withdrawn (rule 10): the time without a license is told here, as far as AWS's
 * dates know it.
 */
function gapSentence(change: Of<'LicenseRenewed'>): string {
  const { before, early, gapMilliseconds: gap } = change;
  if (before.end === null || gap === null) return '';
  return early
    ? ` The old term ends on ${dateAndTime(before.end)}; the new one begins ${duration(gap)} later, and in between no license is in force.`
    : ` The old term ended on ${dateAndTime(before.end)}; for ${duration(gap)} after it no license was in force.`;
}

function moreOfRenewal(
  { before, early, gapMilliseconds }: Of<'LicenseRenewed'>,
  { entry }: Setting,
): Pick<News, 'more'> {
  const { end } = before;
  if (end === null || gapMilliseconds !== null) return {};
  if (early) {
    return {
      more: `It was renewed before the old term had ended, without a gap; seen on ${dateAndTime(entry.observedAt)}.`,
    };
  }
  const seen = seenAfter(end, entry.observedAt);
  return {
    more: `The old term ended on ${dateAndTime(end)}; the renewal was seen ${seen}. AWS dates the new term without a gap.`,
  };
}

function seenAfter(end: Instant, seen: Instant): string {
  return `${duration(Math.max(0, between(end, seen)))} later, on ${dateAndTime(seen)}`;
}

function comingGap({ early, gapMilliseconds }: Of<'LicenseRenewed'>): number | null {
  return early ? gapMilliseconds : null;
}

function termRows({ before, after }: TermChange): readonly Row[] {
  return [{ label: 'End of the term', before: endWords(before.end), after: endWords(after.end) }];
}

function licenseRow({ before, after }: TermChange): readonly Row[] {
  if (before.licenseArn === after.licenseArn) return [];
  return [{ label: 'License ID', before: licenseTail(before.licenseArn), after: licenseTail(after.licenseArn) }];
}
