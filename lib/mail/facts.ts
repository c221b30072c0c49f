import { isSameEnd } from '../domain/agreement/renewal-intent.ts';
import type { Head } from '../domain/check/head.ts';
import type { SealedEntry, VersionsBetween } from '../domain/ledger/ledger.ts';
import { endOf } from '../domain/license/canonical-state.ts';
import type { CanonicalLicense, Standing } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import { licenseStanding } from '../domain/license/standing.ts';
import type { ReminderSchedule } from '../domain/notice/reminder-days.ts';
import { comingDays, endsOf } from '../domain/notice/reminders.ts';
import { between, DAY, type Instant } from '../domain/time.ts';
import { countLines, entitlementTitle, knownPurchase, purchaseInShort } from './amounts.ts';
import { counted, dateAndTime, day, dayAndTime } from './dates.ts';
import { licenseTail, type Present, STANDING_WORDS } from './news/news.ts';
import { cleanText } from '../domain/outside-text.ts';
import { buyerWithAccount, labelled } from './text.ts';

/** The most lines of one kind. A license has at most two dozen dimensions (seller guide); if there are more, the rest is in the ledger. */
const MOST_LINES = 40;

/**
 * What is known about the contract now, as lines; only the time at which something happened comes from the entry. `said`: the text above,
 * which is not repeated.
 */
export function factLines(
  entry: SealedEntry,
  present: Present,
  product: Product,
  { now, said = '' }: { readonly now: Instant; readonly said?: string },
): readonly string[] {
  return [
    ...labelled('Account', buyerWithAccount(entry)),
    ...purchaseLines(present, product, now),
    ...standingLines(present),
    ...licenseLines(entry, present, product, { now, said }),
    ...[...versionsSeen(entry), ...versionsUnknown(entry)].flatMap((words) =>
      labelled('In between', words),
    ),
    ...seenLines(entry),
    ...lastSeenLines(present, { now, said }),
  ];
}

/** `, part of it on Sat 2027-04-10`: what is owned may not all last until the end of the contract. Empty: it does. */
export function earlierEnds(state: Present['state'], now: Instant): string {
  const ends = endsOf(state, now);
  const isEndless = state.some(({ validity }) => validity.end === null);
  const earlier = (isEndless ? ends : ends.slice(0, -1)).filter(({ end }) => end > now);
  return earlier.length === 0
    ? ''
    : `, part of it on ${earlier.map(({ end }) => day(end)).join(', ')}`;
}

/** True if some of what is known of the contract outlasts this end. An end that moves by less than a day is the same. */
export function isEndOfPart(end: Instant, state: Present['state']): boolean {
  const last = endOf(state);
  return last === null ? state.length > 0 : end < last && !isSameEnd(end, last);
}

/** Empty if licenses are seen: their own lines give the standing. */
function standingLines({ standing, isBlind, lastSeen, state }: Present): readonly string[] {
  if (!isBlind) return state.length > 0 ? [] : labelled('Standing', STANDING_WORDS[standing]);
  return labelled(
    'Standing',
    lastSeen === null ? 'not known' : `${STANDING_WORDS[standing]} when last seen`,
  );
}

function purchaseLines(
  { state, usage }: Present,
  product: Product,
  now: Instant,
): readonly string[] {
  const { dimensions } = product;
  const { tiers, counts, more } = knownPurchase(state, now, dimensions, product.tiers);
  const titles = new Set(tiers.map((tier) => entitlementTitle(tier, dimensions)));
  const lines = countLines(counts, usage, dimensions);
  return [
    ...(titles.size === 0 ? [] : labelled('Tier', [...titles].join(', '))),
    ...lines.slice(0, MOST_LINES),
    ...(counts.length > MOST_LINES ? [`and ${counts.length - MOST_LINES} more`] : []),
    ...more,
  ];
}

/** What a license that has not begun will allow, if that is not what is in force now. */
function toCome(
  license: CanonicalLicense,
  state: Present['state'],
  dimensions: Product['dimensions'],
  now: Instant,
): readonly string[] {
  if (licenseStanding(license, now) !== 'upcoming') return [];
  if (state.every((each) => licenseStanding(each, now) === 'upcoming')) return [];
  const words = purchaseInShort([license], license.validity.begin, dimensions);
  return words === '' || words === purchaseInShort(state, now, dimensions) ? [] : [words];
}

function licenseLines(
  { kind }: Pick<SealedEntry, 'kind'>,
  { state, isBlind }: Present,
  { dimensions }: Pick<Product, 'dimensions'>,
  { now, said }: { readonly now: Instant; readonly said: string },
): readonly string[] {
  const licenses = state.slice(0, MOST_LINES);
  const more = state.length - licenses.length;
  const lines = licenses.flatMap((license) =>
    labelled(
      'License',
      [
        licenseTail(license.licenseArn),
        ...(kind === 'reminder' ? [] : [`version ${cleanText(license.version, 40)}`]),
        ...(isBlind ? [] : [STANDING_WORDS[licenseStanding(license, now)]]),
        ...toCome(license, state, dimensions, now),
        ...term(license, { now, isBlind }).filter((words) => !said.includes(words.slice(-20))),
      ].join(', '),
    ),
  );
  return more === 0 ? lines : [...lines, `and ${counted(more, 'more license')}`];
}

/** Standings after which nothing ends any more: an end that is still to come is one that was planned. */
export const OVER: ReadonlySet<Standing> = new Set(['ended', 'canceled', 'deactivated']);

/** The term of a license. Once it has begun, only its end is given; if it was over early or is not seen any more, the planned end. */
function term(
  license: CanonicalLicense,
  { now, isBlind }: { readonly now: Instant; readonly isBlind: boolean },
): readonly string[] {
  const { begin, end } = license.validity;
  const isOver = OVER.has(licenseStanding(license, now));
  const begun = begin <= now ? [] : [`${isOver ? 'was to begin' : 'begins'} ${dateAndTime(begin)}`];
  if (end === null) return [...begun, 'without an end'];
  const ends = isBlind || (isOver && end > now) ? 'was to end' : isOver ? 'ended' : 'ends';
  return [...begun, `${ends} ${dateAndTime(end)}`];
}

/** The two looks between which it happened, if AWS does not say when. */
function seenLines({ kind, effectiveAt, seenBetween, changes }: SealedEntry): readonly string[] {
  const ofLicense = changes.some(({ type }) => !type.startsWith('Watch'));
  const { after, by } = seenBetween;
  if (kind !== 'version' || effectiveAt !== null || after === null || !ofLicense) return [];
  const [from, to] = [dateAndTime(after), dateAndTime(by)];
  return labelled('Happened', from === to ? to : `between ${from} and ${to}`);
}

/** When AWS last said so. Empty if that was less than a day ago and the watcher can see. */
function lastSeenLines(
  { lastSeen, isBlind }: Present,
  { now, said }: { readonly now: Instant; readonly said: string },
): readonly string[] {
  if (lastSeen === null) return labelled('Last seen', 'never');
  if (said.includes(day(lastSeen)) || (!isBlind && between(lastSeen, now) < DAY)) return [];
  return labelled('Last seen', `at AWS on ${dayAndTime(lastSeen)}`);
}

/** When the next reminder comes, if any: the answer to "will I hear of it again?". */
export function nextReminder(
  { state, standing, isBlind, agreements }: Present,
  { marks, watchEnded }: Pick<Head, 'marks' | 'watchEnded'>,
  schedule: ReminderSchedule,
  now: Instant,
): string {
  if (watchEnded !== null) return 'none, this license is not watched any more';
  const ends = endsOf(state, now);
  const coming = comingDays(state, agreements, schedule, now).filter(
    ({ of, endDate, daysBefore }) =>
      !marks.some(
        (mark) => mark.of === of && mark.endDate === endDate && mark.daysBefore === daysBefore,
      ),
  );
  const [next] = coming.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const end = ends.find((each) => each.end > now)?.end;
  // The end of a term is told when it is seen. A blind watcher cannot promise that.
  if (next === undefined) {
    if (end === undefined) return none(state, standing, isBlind);
    if (isBlind) return 'none before the end';
    return `when ${isEndOfPart(end, state) ? 'part of it' : 'the term'} has ended`;
  }
  return `${day(next.at)}${next.daysBefore > 0 ? '' : ', unless renewed'}`;
}

function none(state: Present['state'], standing: Present['standing'], isBlind: boolean): string {
  if (state.length > 0 && state.every(({ validity }) => validity.end === null))
    return 'none, the license has no end';
  if (isBlind) return 'none is known';
  if (standing === 'none') return 'none, there is no license; you hear from us when one comes';
  if (standing === 'ended') return 'none, the term has ended';
  return `none, as long as the license is ${STANDING_WORDS[standing]}`;
}

/** Versions that a license went through between two looks, one per line: `version 3: 8 units, until 2027-02-01 00:00 UTC`. */
export function versionsSeen(entry: SealedEntry): readonly string[] {
  return (entry.versionsBetween ?? []).flatMap((between) =>
    between.versions.map((version) => {
      const { licenseArn } = between;
      const license = { ...version, licenseArn, receivedStatus: 'ACTIVE' } as const;
      const { end } = version.validity;
      const words = [
        purchaseInShort([license], entry.observedAt, entry.dimensions ?? {}) || 'nothing',
        ...(version.status === 'AVAILABLE' ? [] : [version.status]),
        end === null ? 'without an end' : `until ${dateAndTime(end)}`,
      ];
      return `version ${cleanText(version.version, 40)}${which(between, entry)}: ${words.join(', ')}`;
    }),
  );
}

/** `versions 3 to 5, 7 of license ...12345678: not known`; with the reason if the seller reads it. */
export function versionsUnknown(entry: SealedEntry, withReason = false): readonly string[] {
  return (entry.versionsBetween ?? []).flatMap((between) => {
    if (between.unknown === null) return [];
    const { which: gaps, why } = between.unknown;
    const noun = /^\d+$/.test(gaps) ? 'version' : 'versions';
    const reason = withReason ? ` (${cleanText(why, 400)})` : '';
    return [`${noun} ${cleanText(gaps, 400)}${which(between, entry)}: not known${reason}`];
  });
}

/** Names the license, only if there are several. */
function which({ licenseArn }: VersionsBetween, { after }: SealedEntry): string {
  return after.length > 1 ? ` of license ${licenseTail(licenseArn)}` : '';
}
