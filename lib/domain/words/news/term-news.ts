import { between, type Instant } from '../../time.ts';
import { date, dateAndTime, dateWithDistance, duration, endWords, lastFullDay } from '../dates.ts';
import { afterTheEnd, IN_FORCE } from './meanings.ts';
import { capital, type News, type Of, type Row, type Setting } from './news.ts';
import { askSomebody, licenseTail } from './places.ts';

type TermChange = Of<'LicenseRenewed' | 'LicenseShortened'>;

export function renewedNews(change: Of<'LicenseRenewed'>, setting: Setting): News {
  const { after } = change;
  const { voice, entry } = setting;
  const until = after.end === null ? 'now has no end' : `now ends on ${dateAndTime(after.end)}`;
  return {
    subject: [after.end === null ? 'renewed, without an end' : `renewed until ${date(after.end)}`],
    sentence: [`${capital(voice.license)} was renewed: its term ${until}.`, gapSentence(change, setting)]
      .filter((text) => text !== '')
      .join(' '),
    means: entry.standing === 'in-force' ? [IN_FORCE] : [],
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
    sentence: [
      `The term of ${voice.license} ${end}; ${instead}.`,
      ...(day === null ? [] : [`The last full day is ${day}.`]),
    ].join(' '),
    means: [afterTheEnd(product)],
    steps: [`If you did not agree to an earlier end, ${askSomebody(product)}`],
    rows: [...termRows(change), ...licenseRow(change)],
    about: ['term'],
  };
}

/**
 * The bad news that this makes untrue was withdrawn (rule 10): the time without a license is told here, as far as AWS's
 * dates know it.
 */
function gapSentence(change: Of<'LicenseRenewed'>, { entry }: Setting): string {
  const { before, early, gapMilliseconds: gap } = change;
  if (before.end === null) return '';
  const coming = comingGap(change);
  if (coming !== null) {
    return `The old term ends on ${dateAndTime(before.end)}; the new one begins ${duration(coming)} later, and in between no license is in force.`;
  }
  if (early)
    return `It was renewed before the old term had ended, without a gap; seen on ${dateAndTime(entry.observedAt)}.`;
  const ended = `The old term ended on ${dateAndTime(before.end)}`;
  if (gap !== null) return `${ended}; for ${duration(gap)} after it no license was in force.`;
  return `${ended}; the renewal was seen ${seenAfter(before.end, entry.observedAt)}. AWS dates the new term without a gap.`;
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
