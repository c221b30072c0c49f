import { canonicalJson } from './canonical-json.ts';
import { bearingLicenses, standingOf } from '../license/canonical-state.ts';
import type { CanonicalLicense, CanonicalState, Standing } from '../license/contract.ts';
import type { SealedEntry } from './ledger.ts';
import { licenseStanding, lifeOf } from '../license/standing.ts';
import type { Instant } from '../time.ts';

/** Whether anybody could look at that time. */
export type Visibility = 'before-the-watch' | 'watched' | 'blind' | 'ended';

/** One instant by two clocks: what the ledger said then, and how it was, as far as the ledger knows by now. */
export interface AsOf {
  /** Null: nothing was recorded yet. */
  readonly known: Known | null;
  readonly inForce: InForce;
}

export interface Known {
  /** The last that was recorded. */
  readonly entry: SealedEntry;
  readonly visibility: Visibility;
  /** The standing that follows from its dates alone: an end passes by itself, whether or not a check recorded it. */
  readonly byDates: Standing;
}

export interface InForce {
  readonly visibility: Visibility;
  /**
   * One; more where a change happened between two looks, and AWS does not say on which side of it the instant is: how it was before, in
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

export interface AsOfReading {
  /** One entry after the other, from the first to the last of today. */
  readonly take: (entry: SealedEntry) => void;
  readonly answer: () => AsOf;
}

/**
 * Reads a ledger for `at`. The clocks differ because a look finds late what has happened, and because dates of AWS reach back:
 *
 * - A change took effect when AWS says (`effectiveAt`), else between the look before and the one that saw it.
 * - A term is as AWS dates it, whenever that was seen: of the terms of a license that had begun, the one recorded last, where that
 *   makes another standing. A renewal that was agreed on later says nothing of a day that the old term covered.
 * - A license that was first seen later counts from its begin on, where nothing that was seen in time was in force.
 */
export function readAsOf(at: Instant): AsOfReading {
  let known: SealedEntry | null = null;
  let sight: Visibility = 'before-the-watch';
  let wasLost = false;
  let surely: CanonicalState = [];
  let possibly: CanonicalState = [];
  let onTheWay: readonly CanonicalState[] = [];
  let between: InForce['between'] = null;
  let news: SealedEntry | null = null;
  const seen = new Set<string>();
  const later = new Map<string, CanonicalLicense>();

  function take(entry: SealedEntry): void {
    // Nobody looked: what it says of the licenses is of the look before.
    if (entry.kind === 'note') return;
    const { observedAt, effectiveAt, seenBetween, after } = entry;
    if (observedAt <= at) {
      known = entry;
      sight = sightAfter(entry, sight);
    } else wasLost ||= isLossSince(entry, at);
    if ((effectiveAt ?? observedAt) <= at) takeAsHappened(entry);
    else {
      if (effectiveAt === null && mayHaveHappened(seenBetween, at) && differ(possibly, after)) {
        [possibly, between, news] = [after, seenBetween, entry];
        onTheWay = statesBetween(entry);
      }
      for (const license of after) if (license.validity.begin <= at) takeTerm(license, entry);
    }
  }

  function takeAsHappened(entry: SealedEntry): void {
    if (entry.observedAt > at) news = entry;
    [surely, possibly, between] = [entry.after, entry.after, null];
    onTheWay = [];
    for (const { licenseArn } of entry.after) seen.add(licenseArn);
  }

  function takeTerm(license: CanonicalLicense, entry: SealedEntry): void {
    const recorded = surely.find(isSame(license));
    const last = later.get(license.licenseArn) ?? recorded;
    const tells = recorded === undefined || withTerm(recorded, license, at) !== recorded;
    if (tells && (last === undefined || differ(last.validity, license.validity))) news = entry;
    later.set(license.licenseArn, license);
  }

  function possible(state: CanonicalState): Possible {
    const dated = state.map((license) => withTerm(license, later.get(license.licenseArn), at));
    const standing = standingOf(dated, at);
    if (standing === 'in-force') return { standing, state: dated };
    const found = [...later.values()].filter(
      (license) => !seen.has(license.licenseArn) && !dated.some(isSame(license)),
    );
    const all = [...dated, ...found];
    return { standing: standingOf(all, at), state: all };
  }

  return {
    take,
    answer: () => {
      const [one, ...others] = [possible(surely), ...[...onTheWay, possibly].map(possible)];
      const all = others.reduce<readonly [Possible, ...Possible[]]>(
        (found, each) => (found.some((known) => alike(known, each, at)) ? found : [...found, each]),
        [one],
      );
      const isOne = all.length === 1;
      const byDates =
        known === null ? null : { standing: standingOf(known.after, at), state: known.after };
      const isNews = !isOne || byDates === null || !alike(byDates, one, at);
      return {
        known:
          known === null || byDates === null
            ? null
            : { entry: known, visibility: sight, byDates: byDates.standing },
        inForce: {
          visibility: sight === 'watched' && wasLost ? 'blind' : sight,
          possible: all,
          between: isOne ? null : between,
          learned: isNews ? news : null,
        },
      };
    },
  };
}

/** Each time with one license as a version said that nobody had seen. */
function statesBetween({ after, versionsBetween = [] }: SealedEntry): readonly CanonicalState[] {
  return versionsBetween.flatMap(({ licenseArn, versions }) =>
    versions.map((version) =>
      after.map((license) =>
        license.licenseArn === licenseArn ? { ...license, ...version } : license,
      ),
    ),
  );
}

function sightAfter({ changes }: SealedEntry, before: Visibility): Visibility {
  return changes.reduce<Visibility>((sight, { type }) => {
    if (type === 'WatchStarted' || type === 'WatchRestored') return 'watched';
    if (type === 'WatchEnded') return 'ended';
    return type === 'WatchLost' ? 'blind' : sight;
  }, before);
}

/** It is told three ticks after, or a day: nobody saw anything from the last good look on. */
function isLossSince({ changes }: SealedEntry, at: Instant): boolean {
  return changes.some(({ type, before }) => type === 'WatchLost' && (before.lastSeen ?? '') < at);
}

/** What a first look finds has no look before it: only its dates reach back. */
function mayHaveHappened({ after }: SealedEntry['seenBetween'], at: Instant): boolean {
  return after !== null && after < at;
}

/** Of AWS's two ways to say that a term is over, the status goes with the term that is no longer the last word. */
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

/** Nothing that a person would call different: a license's version may be another. */
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
