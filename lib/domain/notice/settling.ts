import type { Change, ChangeType } from '../check/changes.ts';
import { type Circumstances, type Settlement, TOLD_AT_ONCE } from '../check/decision.ts';
import { isRunning } from '../license/canonical-state.ts';
import type { Side } from '../license/contract.ts';
import { differencesBetween } from '../check/differences/differences.ts';
import type { Head, Settling } from '../check/head.ts';
import { between, DAY, type Instant, MINUTE, plus } from '../time.ts';

/** A renewed license appears minutes after the old one ended (field reports): bad news is looked at again after that long. */
const SETTLES_AFTER = 60 * MINUTE;
/** Sweeps that are more than an hour apart look at one buyer so long after each other at least, wherever in the spread it is. */
const BETWEEN_SWEEPS = SETTLES_AFTER / 2;
/** So long without a good look, and the seller hears that it could not be confirmed. */
const UNCONFIRMED_AFTER = DAY;

const BAD_NEWS = {
  LicenseExpired: 'the term had ended',
  LicenseCanceled: 'the license was canceled',
  LicenseRemoved: 'the license was gone',
  LicenseShortened: 'the end had moved earlier',
  LicenseDowngraded: 'less was owned than before',
  LicenseSuspended: 'the license was suspended',
  LicenseDeactivated: 'the license was deactivated',
  GrantDeactivated: 'the grant was no longer active',
} as const satisfies Partial<Record<ChangeType, string>>;
export type BadNews = keyof typeof BAD_NEWS;

export const BAD_NEWS_TYPES = Object.keys(BAD_NEWS) as readonly BadNews[];

function isBadNews(type: ChangeType): type is BadNews {
  return type in BAD_NEWS;
}

/** What bad news says was seen: `the term had ended and less was owned than before`. */
export function badNewsWords(changes: readonly Change[]): string {
  return changes
    .flatMap((change) => {
      if (!isBadNews(change.type)) return [];
      return [`${BAD_NEWS[change.type]}${'part' in change ? ', of one of several' : ''}`];
    })
    .join(' and ');
}

/** The contract as people were last told of it: reminders, their truth and the facts in mails follow it. */
export function lastTold({ settling, state, standing }: Head): Pick<Side, 'state' | 'standing'> {
  return settling?.told ?? { state, standing };
}

/** A look that read something. */
export interface Found {
  readonly before: Side;
  readonly after: Side;
  /** Named differences between the two. */
  readonly differences: readonly Change[];
  /** What else the look found. */
  readonly others: readonly Change[];
  /** The look is recorded. */
  readonly isRecorded: boolean;
  /** Believed without doubt (rule 4): only such a look ends anything. */
  readonly isGood: boolean;
}

/**
 * Bad news settles by looking, not by waiting: whether what people were last told is still better than what is seen now, and
 * for how long. Answers with what is told of the look, and what goes on settling.
 */
export function settle(
  found: Found,
  head: Head,
  circumstances: Circumstances,
): Settlement & Pick<Head, 'settling'> {
  const { product, now } = circumstances;
  const was = head.settling;
  const told = was?.told ?? found.before;
  const differences =
    was === null ? found.differences : differencesBetween(told, found.after, product);
  const bad = isBack(told, found.after) ? [] : badFacts(differences, was, circumstances);
  if (was === null && bad.length === 0) return { ...TOLD_AT_ONCE, settling: null };

  const others = together(was?.others ?? [], found.others);
  const toldChanges = [
    ...others.filter(isRestored),
    ...differences,
    ...others.filter((each) => !isRestored(each)),
  ];
  const before = was?.entry ?? null;
  // Time alone may rename what is worse than told: what was removed is, once its end has passed, ended.
  const isRecorded = was === null || found.isRecorded || !isSame(bad, was.bad);
  if (!found.isGood || !bad.every((fact) => isSettled(fact, circumstances))) {
    const settling: Settling = {
      told,
      entry: isRecorded ? head.entries + 1 : was.entry,
      bad,
      others,
      lookedAt: found.isGood || was === null ? now : was.lookedAt,
      // Of one entry it is said once, whatever is seen and not seen afterwards.
      isUnconfirmedTold: (was?.isUnconfirmedTold ?? false) && (!found.isGood || !isRecorded),
      remindedUntil: was?.remindedUntil ?? null,
    };
    // What settles has its entry already: news of the renewal need no second look, and have one of their own.
    if (was !== null && isOfRenewalAlone(found) && isSame(bad, was.bad))
      return { ...TOLD_AT_ONCE, settling: { ...settling, entry: was.entry, others: was.others } };
    return isRecorded
      ? { toldChanges, settles: true, withdrawn: before, released: null, settling }
      : { ...TOLD_AT_ONCE, settling };
  }
  return isRecorded
    ? { ...TOLD_AT_ONCE, toldChanges, withdrawn: before, settling: null }
    : { ...TOLD_AT_ONCE, released: before, settling: null };
}

function isOfRenewalAlone({ differences, others }: Found): boolean {
  return (
    differences.length === 0 &&
    others.some(({ type }) => type === 'RenewalIntentChanged') &&
    others.every(({ type }) => OF_AGREEMENTS.has(type))
  );
}

/** Whoever could still change it must hear of it in time. */
export function isRenewalLost(change: Change): boolean {
  return change.type === 'RenewalIntentChanged' && change.after.intent.kind === 'expires';
}

/** The seller's own account says so: no second look at the license makes it truer. */
const OF_AGREEMENTS: ReadonlySet<ChangeType> = new Set([
  'RenewalIntentChanged',
  'AgreementAmended',
  'AgreementEnded',
  'AgreementDisagreed',
]);

/** People believe that nothing can be used, and something can: fewer seats than they had once make that no worse. */
function isBack(told: Pick<Side, 'standing'>, after: Pick<Side, 'standing'>): boolean {
  return isRunning(after.standing) && !isRunning(told.standing);
}

function isSame(bad: Settling['bad'], known: Settling['bad']): boolean {
  return (
    bad.length === known.length && bad.every(({ fact }) => known.some((each) => each.fact === fact))
  );
}

/** Each with when it was first seen, as long as it stays. Where less is owned, or an end is nearer, each loss is a fact. */
function badFacts(
  differences: readonly Change[],
  was: Settling | null,
  { now, tick }: Pick<Circumstances, 'now' | 'tick'>,
): Settling['bad'] {
  return differences
    .flatMap(factsOf)
    .map((fact) => seenBefore(fact, was) ?? { fact, seenAt: now, tick });
}

/** Of what was removed nothing is new but its name, once its end has passed. */
function seenBefore(fact: string, was: Settling | null): Settling['bad'][number] | undefined {
  const known = was?.bad.find((each) => each.fact === fact);
  const removed = was?.bad.find((each) => each.fact === REMOVED);
  return known ?? (fact === EXPIRED && removed !== undefined ? { ...removed, fact } : undefined);
}

const REMOVED: ChangeType = 'LicenseRemoved';
const EXPIRED: ChangeType = 'LicenseExpired';

function factsOf(change: Change): readonly string[] {
  if (!isBadNews(change.type)) return [];
  // What became of one license is no fact of the others.
  if ('part' in change) return [[change.type, ...change.part.licenses].join(' ')];
  if (change.type === 'LicenseShortened') return [`${change.type} ${change.before.licenseArn}`];
  if (change.type !== 'LicenseDowngraded') return [change.type];
  const { before, after } = change;
  // Of a downgrade everything that differs is less.
  const counts = [...lacking(before.counts, after.counts), ...lacking(after.counts, before.counts)];
  const lost = [
    ...(before.tier === after.tier ? [] : ['tier']),
    ...counts.map(({ name, unit }) => `${name} ${unit}`),
  ];
  return [...new Set(lost)].toSorted().map((each) => `${change.type} ${each}`);
}

type Counts = Extract<Change, { type: 'LicenseDowngraded' }>['before']['counts'];

function lacking(counts: Counts, others: Counts): Counts {
  return counts.filter(
    ({ name, unit, maxCount }) =>
      !others.some(
        (other) => other.name === name && other.unit === unit && other.maxCount === maxCount,
      ),
  );
}

/** An hour ago; where the sweeps are rarer than that, in an earlier one. A look that was asked for has the tick of the sweep before it. */
function isSettled(
  { seenAt, tick: firstTick }: Settling['bad'][number],
  { now, tick, intervalMinutes }: Pick<Circumstances, 'now' | 'tick' | 'intervalMinutes'>,
): boolean {
  const since = between(seenAt, now);
  return isLong(intervalMinutes)
    ? firstTick < tick && since >= BETWEEN_SWEEPS
    : since >= SETTLES_AFTER;
}

function isLong(intervalMinutes: number | undefined): boolean {
  return (intervalMinutes ?? 0) * MINUTE > SETTLES_AFTER;
}

/**
 * From when a good look may end it; null: the next one does, or a reminder had to stand back. What was seen first is told with
 * what was seen last.
 */
export function settlesAt(
  { bad, remindedUntil }: Settling,
  intervalMinutes: Circumstances['intervalMinutes'],
): Instant | null {
  if (remindedUntil !== null || isLong(intervalMinutes)) return null;
  const last = bad
    .map(({ seenAt }) => seenAt)
    .toSorted()
    .at(-1);
  return last === undefined ? null : plus(last, SETTLES_AFTER);
}

/** What an entry held beside the license goes on into the next; that the watch was lost and found again is told once. */
function together(carried: readonly Change[], found: readonly Change[]): readonly Change[] {
  return [...carried.filter((change) => !isRestored(change) || !found.some(isRestored)), ...found];
}

function isRestored({ type }: Change): boolean {
  return type === 'WatchRestored';
}

/** Since the last good look; of what was first seen by a look that was doubted, since then. */
function unseenSince({ lookedAt, bad }: Settling): Instant {
  const [first = lookedAt] = bad.map(({ seenAt }) => seenAt).toSorted();
  return first > lookedAt ? first : lookedAt;
}

/** Nobody could confirm it for a day since it was seen, and nobody was told so. */
export function isUnconfirmed(settling: Settling | null, now: Instant): settling is Settling {
  return (
    settling !== null &&
    !settling.isUnconfirmedTold &&
    between(unseenSince(settling), now) >= UNCONFIRMED_AFTER
  );
}

/** An end was seen, and by the dates that people know the term is over: so much may be said though no look confirmed it. */
export function isEndByDates({ bad, told }: Settling, now: Instant): boolean {
  if (!bad.some(({ fact }) => fact === 'LicenseExpired')) return false;
  return told.state.every(({ validity }) => validity.end !== null && validity.end <= now);
}
