import type { Head } from '../domain/check/head.ts';
import type { SealedEntry } from '../domain/ledger/ledger.ts';
import type { Validity } from '../domain/license/contract.ts';
import { dimensionOf, type Dimensions, type Product } from '../domain/license/product.ts';
import { purchasesOf } from '../domain/license/purchase.ts';
import { licenseStanding } from '../domain/license/standing.ts';
import { dateOf, dueAt, endsOf } from '../domain/notice/reminders.ts';
import type { Instant } from '../domain/time.ts';
import { countLines, countsIn, entitlementTitle, leftOut, type LicenseCount } from './amounts.ts';
import { counted, date, dateAndTime } from './dates.ts';
import type { Present } from './mail.ts';
import { capital, licenseTail, STANDING_WORDS } from './news/news.ts';
import { cleanText } from '../domain/outside-text.ts';
import { versionsSeen, versionsUnknown } from './versions.ts';
import { buyerWithAccount, labelled, productName } from './text.ts';

/** A license has at most two dozen dimensions (seller guide); whoever has more reads the rest in the ledger. */
const MOST_LINES = 40;

/** What is known of the contract, as lines: as of now; only when something happened is the entry's. */
export function factLines(
  entry: SealedEntry,
  present: Present,
  product: Product,
  now: Instant,
): readonly string[] {
  return [
    ...labelled('Product', productName(product)),
    ...labelled('Account', buyerWithAccount(entry)),
    ...labelled('Standing', standingLine(present)),
    ...purchaseLines(present, product, now),
    ...licenseLines(present, now),
    ...[...versionsSeen(entry), ...versionsUnknown(entry)].flatMap((words) =>
      labelled('In between', words),
    ),
    ...seenLines(entry),
    ...confirmedLines(present),
  ];
}

function standingLine({ standing, isBlind, lastSeen }: Present): string {
  if (!isBlind) return STANDING_WORDS[standing];
  return lastSeen === null ? 'not known' : `not known; ${STANDING_WORDS[standing]} when last seen`;
}

function purchaseLines(
  { state, usage }: Present,
  product: Product,
  now: Instant,
): readonly string[] {
  const purchases = purchasesOf({ state, at: now }, product);
  const { dimensions } = product;
  // Without a quantity it is a tier, whatever list of them there is.
  const tiers = new Set(
    purchases.flatMap(({ bought }) => [
      ...(bought.tier === null ? [] : [entitlementTitle(bought.tier, dimensions)]),
      ...bought.counts
        .filter(({ unit }) => unit === 'None')
        .map(({ name }) => entitlementTitle(name, dimensions)),
    ]),
  );
  const counts = purchases.flatMap(({ licenseArn, bought }) => {
    const { entitlements = [] } = state.find((each) => each.licenseArn === licenseArn) ?? {};
    const counts = bought.counts.filter(({ unit }) => unit !== 'None');
    return countsIn({ licenseArn, entitlements }, { ...bought, counts }, dimensions);
  });
  const lines = countLines(counts, usage, dimensions);
  const shown = counts.slice(0, MOST_LINES);
  return [
    ...(tiers.size === 0 ? [] : labelled('Tier', [...tiers].join(', '))),
    ...shown.flatMap((count, index) => labelled(labelOf(count, dimensions), lines[index] ?? '')),
    ...(counts.length > shown.length
      ? labelled('Includes', `and ${counts.length - shown.length} more`)
      : []),
    ...leftOut(state).flatMap((words) => labelled('Includes', words)),
  ];
}

/** `Pool`; `Seats`, where the seller calls it so; else no more than is known. */
function labelOf({ name, unit, isPool }: LicenseCount, dimensions: Dimensions): string {
  if (isPool) return 'Pool';
  const plural = unit === 'Count' ? (dimensionOf(name, dimensions)?.plural ?? null) : null;
  return plural === null || plural.length > LONGEST_LABEL ? 'Includes' : capital(cleanText(plural));
}

/** What stands beside it begins in the same column in every mail. */
const LONGEST_LABEL = 16;

function licenseLines({ state, isBlind }: Present, now: Instant): readonly string[] {
  const licenses = state.slice(0, MOST_LINES);
  const more = state.length - licenses.length;
  const lines = licenses.flatMap((license) => {
    const name = `ID ends in ${licenseTail(license.licenseArn)}, version ${cleanText(license.version, 40)}`;
    const standing =
      state.length > 1 && !isBlind ? `, ${STANDING_WORDS[licenseStanding(license, now)]}` : '';
    return [
      ...labelled('License', `${name}${standing}`),
      ...labelled('Term', term(license.validity)),
    ];
  });
  return more === 0 ? lines : [...lines, ...labelled('License', `and ${more} more`)];
}

function term({ begin, end }: Validity): string {
  return end === null
    ? `since ${dateAndTime(begin)}, without an end`
    : `${dateAndTime(begin)} to ${dateAndTime(end)}`;
}

/** Between which two looks it happened, where AWS does not say when. */
function seenLines({ kind, effectiveAt, seenBetween, changes }: SealedEntry): readonly string[] {
  const ofLicense = changes.some(({ type }) => !type.startsWith('Watch'));
  const { after, by } = seenBetween;
  if (kind !== 'version' || effectiveAt !== null || after === null || !ofLicense) return [];
  return labelled('Happened', `between ${dateAndTime(after)} and ${dateAndTime(by)}`);
}

/** When AWS last said so. */
function confirmedLines({ lastSeen }: Present): readonly string[] {
  return labelled('Last seen', lastSeen === null ? 'never' : `at AWS on ${dateAndTime(lastSeen)}`);
}

interface Coming {
  readonly at: Instant;
  readonly end: Instant;
  readonly daysBefore: number;
}

/** When the next reminder comes, if one does: the answer to "will I hear of it again?". */
export function nextReminder(
  { state, standing, isBlind }: Present,
  { marks, watchEnded }: Pick<Head, 'marks' | 'watchEnded'>,
  { reminderDays }: Pick<Product, 'reminderDays'>,
  now: Instant,
): string {
  if (watchEnded !== null) return 'None: this license is not watched any more.';
  const ends = endsOf(state, now);
  const coming = ends.flatMap((each) => comingReminders(each.end, reminderDays, marks, now));
  const [next] = coming.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const end = ends.find((each) => each.end > now)?.end;
  // That a term has ended is told when it is seen: who cannot look promises no such thing.
  const atEnd = isBlind
    ? 'None before the end'
    : 'None before the end; you hear from us when the term has ended';
  if (next === undefined) return end === undefined ? none(state, standing, isBlind) : `${atEnd}.`;
  if (next.daysBefore > 0)
    return `On ${date(next.at)}, ${counted(next.daysBefore, 'day')} before the end on ${date(next.end)}.`;
  const last = `on ${date(next.at)}, if no renewal is seen until then`;
  return next.end > now
    ? `${atEnd}${isBlind ? '; the last one comes' : ', and a last time'} ${last}.`
    : `The last one comes ${last}.`;
}

function comingReminders(
  end: Instant,
  reminderDays: readonly number[],
  marks: Head['marks'],
  now: Instant,
): readonly Coming[] {
  return reminderDays
    .filter(
      (daysBefore) =>
        daysBefore !== 0 &&
        !marks.some((mark) => mark.endDate === dateOf(end) && mark.daysBefore === daysBefore),
    )
    .map((daysBefore) => ({ at: dueAt(end, daysBefore), end, daysBefore }))
    .filter(({ at }) => at > now);
}

function none(state: Present['state'], standing: Present['standing'], isBlind: boolean): string {
  if (state.length > 0 && state.every(({ validity }) => validity.end === null))
    return 'None: the license has no end.';
  if (isBlind) return 'None: no end that is known is still to come.';
  if (standing === 'none') return 'None: there is no license. You hear from us when one comes.';
  if (standing === 'ended') return 'None: the term has ended.';
  return `None, as long as the license is ${STANDING_WORDS[standing]}.`;
}
