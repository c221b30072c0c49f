import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { bearingLicenses, standingOf } from '../../domain/license/canonical-state.ts';
import type { CanonicalLicense, CanonicalState, Standing } from '../../domain/license/contract.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import { licenseStanding, lifeOf } from '../../domain/license/standing.ts';
import type { Instant } from '../../domain/time.ts';

/** Whether anybody could look at that time. */
export type Visibility = 'before-the-watch' | 'watched' | 'blind' | 'ended';

/** One instant by two clocks: what the ledger said then, and how it was, as far as the ledger knows by now. */
export interface AsOf {
  /** Null: nothing was recorded yet. */
  readonly known: Known | null;
  readonly inForce: InForce;
}

export interface Known {
  /** The last entry that was recorded by then. */
  readonly entry: SealedEntry;
  readonly visibility: Visibility;
  /** The standing that follows from its dates alone: an end passes by itself, whether or not a check recorded it. */
  readonly byDates: Standing;
}

export interface InForce {
  readonly visibility: Visibility;
  /**
   * One; more if a change happened between two looks, and AWS does not say on which side of it the instant is: how it was before, in
   * the versions of a license that lay between, and after.
   */
  readonly possible: readonly Possible[];
  /** Between which looks it changed; null: there is one possibility. */
  readonly between: SealedEntry['seenBetween'] | null;
  /** The last entry written after that instant that made a difference; null: it was as it was known to be. */
  readonly learned: SealedEntry | null;
}

export interface Possible {
  readonly standing: Standing;
  readonly state: CanonicalState;
}

/** What the entries read so far say, oldest first. */
interface Reading {
  readonly surely: CanonicalState;
  /** How it was after a change that may lie on either side of the instant. */
  readonly possibly: CanonicalState;
  readonly onTheWay: readonly CanonicalState[];
  readonly between: InForce['between'];
  readonly learned: SealedEntry | null;
  /** ARNs of the licenses that were seen in time. */
  readonly seen: readonly string[];
  /** The terms that were seen later, by ARN. */
  readonly later: ReadonlyMap<string, CanonicalLicense>;
}

const NOTHING_READ: Reading = {
  surely: [],
  possibly: [],
  onTheWay: [],
  between: null,
  learned: null,
  seen: [],
  later: new Map(),
};

/**
 * What a ledger, oldest entry first and read to its end, says about `at`. The clocks differ because a look finds late what happened, and
 * because AWS's dates reach back:
 *
 * - A change took effect when AWS says (`effectiveAt`), else between the look before and the one that saw it.
 * - A term is as AWS dates it, whenever that was seen: of the terms of a license that had begun, the one recorded last counts, if that
 *   makes another standing. A renewal that was agreed on later says nothing about a day that the old term covered.
 * - A license that was first seen later counts from its begin on, if nothing that was seen in time was in force.
 */
export function ledgerAsOf(ledger: readonly SealedEntry[], at: Instant): AsOf {
  // A note records no look: what it holds of the licenses comes from the look before.
  const looks = ledger.filter(({ kind }) => kind !== 'note');
  const recorded = looks.filter(({ observedAt }) => observedAt <= at);
  const visibility = recorded.reduce<Visibility>(visibilityAfter, 'before-the-watch');
  const wasLost = looks.some((entry) => entry.observedAt > at && isLossSince(entry, at));
  const read = looks.reduce((reading, entry) => withEntry(reading, entry, at), NOTHING_READ);
  const [one, ...others] = [
    possible(read.surely, read, at),
    ...[...read.onTheWay, read.possibly].map((state) => possible(state, read, at)),
  ];
  const all = others.reduce<readonly [Possible, ...Possible[]]>(
    (found, each) => (found.some((other) => alike(other, each, at)) ? found : [...found, each]),
    [one],
  );
  const last = recorded.at(-1);
  const byDates =
    last === undefined ? null : { standing: standingOf(last.after, at), state: last.after };
  const isKnown = all.length === 1 && byDates !== null && alike(byDates, one, at);
  return {
    known:
      last === undefined || byDates === null
        ? null
        : { entry: last, visibility, byDates: byDates.standing },
    inForce: {
      visibility: visibility === 'watched' && wasLost ? 'blind' : visibility,
      possible: all,
      between: all.length === 1 ? null : read.between,
      learned: isKnown ? null : read.learned,
    },
  };
}

function withEntry(reading: Reading, entry: SealedEntry, at: Instant): Reading {
  const { observedAt, effectiveAt, seenBetween, after } = entry;
  if ((effectiveAt ?? observedAt) <= at) {
    return {
      ...reading,
      ...{ surely: after, possibly: after, onTheWay: [], between: null },
      learned: observedAt > at ? entry : reading.learned,
      seen: [...reading.seen, ...after.map(({ licenseArn }) => licenseArn)],
    };
  }
  const mayHaveHappened =
    effectiveAt === null && isAfterALook(seenBetween, at) && differ(reading.possibly, after);
  const withChange: Reading = mayHaveHappened
    ? {
        ...reading,
        ...{ possibly: after, between: seenBetween, learned: entry },
        onTheWay: statesBetween(entry),
      }
    : reading;
  return after
    .filter(({ validity }) => validity.begin <= at)
    .reduce((before, license) => withLaterTerm(before, license, entry, at), withChange);
}

function withLaterTerm(
  reading: Reading,
  license: CanonicalLicense,
  entry: SealedEntry,
  at: Instant,
): Reading {
  const recorded = reading.surely.find(isSame(license));
  const last = reading.later.get(license.licenseArn) ?? recorded;
  const tells = recorded === undefined || withTerm(recorded, license, at) !== recorded;
  const isNews = tells && (last === undefined || differ(last.validity, license.validity));
  return {
    ...reading,
    learned: isNews ? entry : reading.learned,
    later: new Map([...reading.later, [license.licenseArn, license]]),
  };
}

function possible(state: CanonicalState, { later, seen }: Reading, at: Instant): Possible {
  const dated = state.map((license) => withTerm(license, later.get(license.licenseArn), at));
  const standing = standingOf(dated, at);
  if (standing === 'in-force') return { standing, state: dated };
  const found = [...later.values()].filter(
    (license) => !seen.includes(license.licenseArn) && !dated.some(isSame(license)),
  );
  const all = [...dated, ...found];
  return { standing: standingOf(all, at), state: all };
}

/** The states on the way: in each, one license is as a version said that no look had seen. */
function statesBetween({ after, versionsBetween = [] }: SealedEntry): readonly CanonicalState[] {
  return versionsBetween.flatMap(({ licenseArn, versions }) =>
    versions.map((version) =>
      after.map((license) =>
        license.licenseArn === licenseArn ? { ...license, ...version } : license,
      ),
    ),
  );
}

function visibilityAfter(before: Visibility, { changes }: SealedEntry): Visibility {
  return changes.reduce<Visibility>((visibility, { type }) => {
    if (type === 'WatchStarted' || type === 'WatchRestored') return 'watched';
    if (type === 'WatchEnded') return 'ended';
    return type === 'WatchLost' ? 'blind' : visibility;
  }, before);
}

/** True if the watch was lost by then. The loss is told three ticks or a day later, but nobody saw anything after the last good look. */
function isLossSince({ changes }: SealedEntry, at: Instant): boolean {
  return changes.some(({ type, before }) => type === 'WatchLost' && (before.lastSeen ?? '') < at);
}

/** True if a look came before `at`. What a first look finds has none before it: only its dates reach back. */
function isAfterALook({ after }: SealedEntry['seenBetween'], at: Instant): boolean {
  return after !== null && after < at;
}

/** The license with its later term, if that makes another standing. AWS ends terms by date or by status: that status goes with its term. */
function withTerm(
  license: CanonicalLicense,
  later: CanonicalLicense | undefined,
  at: Instant,
): CanonicalLicense {
  if (later === undefined) return license;
  const { status, receivedStatus } = lifeOf(license) === 'expired' ? later : license;
  const dated = { ...license, status, receivedStatus, validity: later.validity };
  return licenseStanding(dated, at) === licenseStanding(license, at) ? license : dated;
}

function isSame({ licenseArn }: CanonicalLicense): (other: CanonicalLicense) => boolean {
  return (other) => other.licenseArn === licenseArn;
}

/** True if a person would call nothing different; a license's version may still be another. */
function alike(a: Possible, b: Possible, at: Instant): boolean {
  const said = ({ standing, state }: Possible) => [
    standing,
    bearingLicenses(state, at).map(({ entitlements, validity }) => [entitlements, validity.end]),
  ];
  return !differ(said(a), said(b));
}

function differ(a: unknown, b: unknown): boolean {
  return canonicalJson(a) !== canonicalJson(b);
}
