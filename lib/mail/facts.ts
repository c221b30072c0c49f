import type { Head } from '../domain/check/head.ts';
import type { SealedEntry } from '../domain/ledger/ledger.ts';
import type { CanonicalLicense, Standing } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import { purchasesOf } from '../domain/license/purchase.ts';
import { licenseStanding } from '../domain/license/standing.ts';
import {
  dateOf,
  daysOfDecision,
  daysOfEnd,
  decisionsOf,
  type ReminderSchedule,
} from '../domain/notice/reminder-days.ts';
import { dueAt, endsOf, isOfEnd } from '../domain/notice/reminders.ts';
import { between, DAY, type Instant } from '../domain/time.ts';
import { countLines, countsIn, entitlementTitle, leftOut } from './amounts.ts';
import { counted, dateAndTime, day, dayAndTime } from './dates.ts';
import type { Present } from './mail.ts';
import { licenseTail, STANDING_WORDS } from './news/news.ts';
import { cleanText } from '../domain/outside-text.ts';
import { versionsSeen, versionsUnknown } from './versions.ts';
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
    ...licenseLines(entry, present, { now, said }),
    ...[...versionsSeen(entry), ...versionsUnknown(entry)].flatMap((words) =>
      labelled('In between', words),
    ),
    ...seenLines(entry),
    ...lastSeenLines(present, { now, said }),
  ];
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
  const purchases = purchasesOf({ state, at: now }, product);
  const { dimensions } = product;
  // An entitlement without a quantity is a tier, whatever tiers the settings list.
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
  return [
    ...(tiers.size === 0 ? [] : labelled('Tier', [...tiers].join(', '))),
    ...lines.slice(0, MOST_LINES),
    ...(counts.length > MOST_LINES ? [`and ${counts.length - MOST_LINES} more`] : []),
    ...leftOut(state),
  ];
}

function licenseLines(
  { kind }: Pick<SealedEntry, 'kind'>,
  { state, isBlind }: Present,
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
        ...term(license, { now, isBlind }).filter((words) => !said.includes(words.slice(-20))),
      ].join(', '),
    ),
  );
  return more === 0 ? lines : [...lines, `and ${counted(more, 'more license')}`];
}

const OVER: ReadonlySet<Standing> = new Set(['ended', 'canceled', 'deactivated']);

/** The term of a license. Once it has begun, only its end is given; if it was over early or is not seen any more, the planned end. */
function term(
  license: CanonicalLicense,
  { now, isBlind }: { readonly now: Instant; readonly isBlind: boolean },
): readonly string[] {
  const { begin, end } = license.validity;
  if (end === null) return [...begins(begin, now), 'without an end'];
  const isOver = OVER.has(licenseStanding(license, now));
  const ends = isBlind || (isOver && end > now) ? 'was to end' : isOver ? 'ended' : 'ends';
  return [...begins(begin, now), `${ends} ${dateAndTime(end)}`];
}

function begins(begin: Instant, now: Instant): readonly string[] {
  return begin > now ? [`begins ${dateAndTime(begin)}`] : [];
}

/** The two looks between which it happened, if AWS does not say when. */
function seenLines({ kind, effectiveAt, seenBetween, changes }: SealedEntry): readonly string[] {
  const ofLicense = changes.some(({ type }) => !type.startsWith('Watch'));
  const { after, by } = seenBetween;
  if (kind !== 'version' || effectiveAt !== null || after === null || !ofLicense) return [];
  return labelled('Happened', `between ${dateAndTime(after)} and ${dateAndTime(by)}`);
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

interface Coming {
  readonly at: Instant;
  readonly daysBefore: number;
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
  const coming = [
    ...ends.flatMap((each) =>
      comingReminders(each.end, daysOfEnd(each, schedule, agreements), marks.filter(isOfEnd), now),
    ),
    ...decisionsOf(agreements, now).flatMap((deadline) =>
      comingReminders(
        deadline.decideBy,
        daysOfDecision(deadline, schedule),
        marks.filter((mark) => !isOfEnd(mark)),
        now,
      ),
    ),
  ];
  const [next] = coming.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const end = ends.find((each) => each.end > now)?.end;
  // The end of a term is told when it is seen. A blind watcher cannot promise that.
  const atEnd = isBlind ? 'none before the end' : 'when the term has ended';
  if (next === undefined) return end === undefined ? none(state, standing, isBlind) : atEnd;
  return `${day(next.at)}${next.daysBefore > 0 ? '' : ', unless renewed'}`;
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
    .map((daysBefore) => ({ at: dueAt(end, daysBefore), daysBefore }))
    .filter(({ at }) => at > now);
}

function none(state: Present['state'], standing: Present['standing'], isBlind: boolean): string {
  if (state.length > 0 && state.every(({ validity }) => validity.end === null))
    return 'none, the license has no end';
  if (isBlind) return 'none is known';
  if (standing === 'none') return 'none, there is no license; you hear from us when one comes';
  if (standing === 'ended') return 'none, the term has ended';
  return `none, as long as the license is ${STANDING_WORDS[standing]}`;
}
