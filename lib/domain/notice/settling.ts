import type { Change, ChangeType } from '../check/changes.ts';
import { type Circumstances, type Settlement, TOLD_AT_ONCE } from '../check/decision.ts';
import { isRunning } from '../license/canonical-state.ts';
import type { Side } from '../license/contract.ts';
import { differencesBetween } from '../check/differences/differences.ts';
import type { Head, Settling } from '../check/head.ts';
import { between, DAY, type Instant, MINUTE, plus } from '../time.ts';

/** Bad news needs a second look at least this much later: a renewed license appears minutes after the old one ended (field reports). */
const SETTLES_AFTER = 60 * MINUTE;
/** Sweeps more than an hour apart look at one buyer at least this long after each other, wherever in the spread the buyer is. */
const BETWEEN_SWEEPS = SETTLES_AFTER / 2;
/** After this long without a good look, the seller is told that the news could not be confirmed. */
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

/** What was seen, in words: `the term had ended and less was owned than before`. Empty: none of the changes is bad news. */
export function badNewsWords(changes: readonly Change[]): string {
  return changes
    .flatMap((change) => {
      if (!isBadNews(change.type)) return [];
      return [`${BAD_NEWS[change.type]}${'part' in change ? ', of one of several' : ''}`];
    })
    .join(' and ');
}

/** The contract as people were last told. Reminders, whether they are still true, and the facts in mails are based on it. */
export function lastTold({ settling, state, standing }: Head): Pick<Side, 'state' | 'standing'> {
  return settling?.told ?? { state, standing };
}

/** A look that read something. */
export interface Found {
  readonly before: Side;
  readonly after: Side;
  /** The named differences between `before` and `after`. */
  readonly differences: readonly Change[];
  /** What else the look found. */
  readonly others: readonly Change[];
  /** True if the look gets an entry. */
  readonly isRecorded: boolean;
  /** True if the look is believed without doubt (rule 4). Only a good look ends anything. */
  readonly isGood: boolean;
}

/**
 * Settles bad news by looking, not by waiting: is what people were last told still better than what is seen now, and for how long?
 * Returns what is told of the look, and what goes on settling.
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
  // Time alone may rename bad news: a license that was removed counts as ended once its end has passed.
  const isRecorded = was === null || found.isRecorded || !isSame(bad, was.bad);
  if (!found.isGood || !bad.every((fact) => isSettled(fact, circumstances))) {
    const settling: Settling = {
      told,
      entry: isRecorded ? head.entries + 1 : was.entry,
      bad,
      others,
      lookedAt: found.isGood || was === null ? now : was.lookedAt,
      // It is told once for each entry, whatever later looks see or do not see.
      isUnconfirmedTold: (was?.isUnconfirmedTold ?? false) && (!found.isGood || !isRecorded),
      remindedUntil: was?.remindedUntil ?? null,
    };
    // The bad news already has its entry. News about the renewal needs no second look, and gets a separate entry.
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

/** True if the agreement now expires. Those who could still change that must be told in time. */
export function isRenewalLost(change: Change): boolean {
  return change.type === 'RenewalIntentChanged' && change.after.intent.kind === 'expires';
}

/** Changes that the seller's own account reports: a second look at the license cannot confirm them. */
const OF_AGREEMENTS: ReadonlySet<ChangeType> = new Set([
  'RenewalIntentChanged',
  'AgreementAmended',
  'AgreementEnded',
  'AgreementDisagreed',
]);

/** True if people believe that nothing can be used, but something can. That is good news, even with fewer seats than before. */
function isBack(told: Pick<Side, 'standing'>, after: Pick<Side, 'standing'>): boolean {
  return isRunning(after.standing) && !isRunning(told.standing);
}

function isSame(bad: Settling['bad'], known: Settling['bad']): boolean {
  return (
    bad.length === known.length && bad.every(({ fact }) => known.some((each) => each.fact === fact))
  );
}

/** The bad facts, each with the time at which it was first seen, as long as it lasts. Each loss of quantity or time is its own fact. */
function badFacts(
  differences: readonly Change[],
  was: Settling | null,
  { now, tick }: Pick<Circumstances, 'now' | 'tick'>,
): Settling['bad'] {
  return differences
    .flatMap(factsOf)
    .map((fact) => seenBefore(fact, was) ?? { fact, seenAt: now, tick });
}

/** The fact as it was seen before. A removed license whose end has passed keeps its time under the new name. */
function seenBefore(fact: string, was: Settling | null): Settling['bad'][number] | undefined {
  const known = was?.bad.find((each) => each.fact === fact);
  const removed = was?.bad.find((each) => each.fact === REMOVED);
  return known ?? (fact === EXPIRED && removed !== undefined ? { ...removed, fact } : undefined);
}

const REMOVED: ChangeType = 'LicenseRemoved';
const EXPIRED: ChangeType = 'LicenseExpired';

function factsOf(change: Change): readonly string[] {
  if (!isBadNews(change.type)) return [];
  // A change of one license is not a fact about the others.
  if ('part' in change) return [[change.type, ...change.part.licenses].join(' ')];
  if (change.type === 'LicenseShortened') return [`${change.type} ${change.before.licenseArn}`];
  if (change.type !== 'LicenseDowngraded') return [change.type];
  const { before, after } = change;
  // In a downgrade, everything that differs is a loss.
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

/**
 * True if the fact was first seen at least an hour ago; where sweeps are more than an hour apart, in an earlier sweep. A look that
 * somebody asked for has the tick of the sweep before it.
 */
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
 * The instant from which a good look may end the settling; null: the next one may, or a reminder had to stand back. What was seen
 * first is told together with what was seen last.
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

/** Carries an entry's other changes over to the next entry. That the watch was restored is told once. */
function together(carried: readonly Change[], found: readonly Change[]): readonly Change[] {
  return [...carried.filter((change) => !isRestored(change) || !found.some(isRestored)), ...found];
}

function isRestored({ type }: Change): boolean {
  return type === 'WatchRestored';
}

/** Since when no good look has confirmed the news: since the last good look or, if later, since the news was first seen. */
function unseenSince({ lookedAt, bad }: Settling): Instant {
  const [first = lookedAt] = bad.map(({ seenAt }) => seenAt).toSorted();
  return first > lookedAt ? first : lookedAt;
}

/** True if no look could confirm the news for a day, and nobody was told so yet. */
export function isUnconfirmed(settling: Settling | null, now: Instant): settling is Settling {
  return (
    settling !== null &&
    !settling.isUnconfirmedTold &&
    between(unseenSince(settling), now) >= UNCONFIRMED_AFTER
  );
}

/** True if an end was seen, and the term is over by the dates that people know. This much may be told though no look confirmed it. */
export function isEndByDates({ bad, told }: Settling, now: Instant): boolean {
  if (!bad.some(({ fact }) => fact === 'LicenseExpired')) return false;
  return told.state.every(({ validity }) => validity.end !== null && validity.end <= now);
}
