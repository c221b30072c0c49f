import {
  canonicalLicense,
  canonicalState,
  compare,
  isOver,
  standingOf,
} from '../license/canonical-state.ts';
import {
  type CanonicalLicense,
  type CanonicalState,
  type License,
  type ListedTerms,
  notAmong,
  type Standing,
} from '../license/contract.ts';
import { licenseStanding } from '../license/standing.ts';
import { lastTold } from '../notice/settling.ts';
import type { Instant } from '../time.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import {
  compareVersions,
  highestSeen,
  pairOf,
  supersededBy,
  TERMS,
  termsOf,
  TICKS_UNTIL_BELIEVED,
  withoutStale,
} from './versions.ts';
import type { Head } from './head.ts';
import { type FailedObservation, NOT_IN_SETTINGS, type Observation } from './observation.ts';
import type { Product } from '../license/product.ts';
import { allQuoted } from '../outside-text.ts';

export type SeenObservation = Extract<Observation, { kind: 'seen' }>;

/** What a good read makes us believe about a contract, which is not always what the read says (rule 4). */
export interface BelievedRead extends Pick<
  Head,
  'disagreement' | 'stale' | 'missing' | 'superseded' | 'highest'
> {
  readonly state: CanonicalState;
  readonly standing: Standing;
  /** Why the read is not believed as it stands; null: it is. */
  readonly doubt: string | null;
}

/** A first read from which nothing can be concluded yet: another look has to decide. */
export type DoubtfulRead = Pick<BelievedRead, 'disagreement' | 'highest'> & {
  readonly doubt: string;
};

/** Judges a first look. Only a contradiction within it can cast doubt, as there is no earlier look to compare it with. */
export function firstBelievedRead(
  { licenses: read }: SeenObservation,
  before: Pick<Head, 'disagreement'>,
  now: Instant,
  isNewTick: boolean,
): BelievedRead | DoubtfulRead {
  const { licenses, disagreement, undecided, doubt } = resolved(
    read,
    { ...before, state: [] },
    isNewTick,
  );
  const highest = highestSeen(versionsIn(read), [], []);
  if (doubt !== null && undecided.length > 0) return { disagreement, highest, doubt };
  const state = canonicalState(licenses, now);
  return {
    ...{ state, standing: standingOf(state, now), disagreement, highest, doubt },
    ...{ stale: null, missing: null, superseded: [] },
  };
}

export function believedRead(
  { licenses }: SeenObservation,
  head: Head,
  now: Instant,
  isNewTick: boolean,
): BelievedRead {
  const {
    licenses: read,
    disagreement,
    doubt: contradiction,
  } = resolved(licenses, head, isNewTick);
  const { licenses: fresh, stale, believed } = withoutStale(read, head, isNewTick);
  const highest = highestSeen(versionsIn(licenses), believed, head.highest);
  const missing = missingFrom(licenses, head, now, isNewTick);
  if (missing !== null) {
    // A license that came may be a replacement or an addition. That is unknown until the missing one is known to be gone.
    const doubt = `the read lacks ${missing.licenseArns.join(', ')}: not believed before another tick agrees`;
    const { stale: counted, superseded } = head;
    // Computed for `now`, as an end may have passed in the meantime.
    const known = stateOf(head.state, head, now);
    return {
      ...{ state: known, standing: standingOf(known, now), superseded, highest },
      ...{ disagreement, stale: counted, missing, doubt },
    };
  }
  const state = stateOf([...fresh, ...alreadyOver(head, fresh, now)], head, now);
  return {
    state,
    standing: state === head.state ? head.standing : standingOf(state, now),
    disagreement,
    stale,
    missing: null,
    superseded: supersededBy(fresh, state, head),
    highest,
    doubt:
      stale === null
        ? contradiction
        : `the read went back to ${stale.pair}, which is superseded: not believed yet`,
  };
}

/** All versions that AWS answered with, whether or not they are believed. */
function versionsIn(licenses: readonly License[]): Head['highest'] {
  return licenses.flatMap(({ licenseArn, version, listed }) =>
    [version, ...(listed === undefined ? [] : [listed.version])].map((each) => ({
      licenseArn,
      version: each,
    })),
  );
}

/** Known licenses that are over by their dates, so that a read need not repeat them. */
function alreadyOver(
  head: Head,
  fresh: readonly CanonicalLicense[],
  now: Instant,
): readonly CanonicalLicense[] {
  return notAmong(head.state, fresh).filter((license) => isOver(licenseStanding(license, now)));
}

function stateOf(
  candidates: readonly CanonicalLicense[],
  head: Head,
  now: Instant,
): CanonicalState {
  const state = canonicalState(candidates, now);
  if (!isOver(standingOf(state, now))) return state;
  // What is over stays as it ended: what AWS does with dead licenses afterwards does not count.
  if (isOver(head.standing)) return head.state;
  // Only licenses that were known as current can have ended now: one that ended long ago does not say how another went.
  // All that were in force together stay, even if some of them ended earlier.
  return candidates
    .filter((license) => head.state.some(({ licenseArn }) => licenseArn === license.licenseArn))
    .toSorted((a, b) => compare(pairOf(a), pairOf(b)));
}

/**
 * Why a read lacks known licenses that nobody removed: it asked for other SKUs than they are sold under, or for another issuer, since the
 * seller changed the product's settings. Null: whatever it lacks, AWS does not show. Without it, one wrong letter in `productSku` would
 * tell every buyer of the product that the license is gone, or, once its end has passed, that it has ended: its renewal is hidden, too.
 */
export function hiddenBySettings(
  { licenses, foreign }: SeenObservation,
  head: Head,
  { productSku, formerSkus }: Product,
): FailedObservation | null {
  const { state, standing } = lastTold(head);
  // A watch that starts anew is compared with nothing, and what is over as far as people know can neither go nor end.
  if (head.watchEnded !== null || isOver(standing)) return null;
  const absent = notAmong(state, licenses);
  const unnamed = head.skus.filter((sku) => sku !== productSku && !formerSkus.includes(sku));
  const isOfOtherIssuer = absent.some(({ licenseArn }) => foreign.includes(licenseArn));
  if (absent.length === 0 || (unnamed.length === 0 && !isOfOtherIssuer)) return null;
  const what = isOfOtherIssuer ? 'the issuer' : `the SKU ${allQuoted(unnamed)}`;
  return {
    kind: 'trouble',
    cause: 'settings-changed',
    detail: `known licenses are not asked for, because of ${what}, ${NOT_IN_SETTINGS}`,
  };
}

/**
 * Known licenses that should be there but are missing in one tick only, so that nothing may be concluded yet. Null: there are none.
 *
 * License Manager's lists lag: a license is gone when two reads of different ticks agree. One whose end has passed is
 * not missed.
 */
function missingFrom(
  licenses: readonly License[],
  head: Head,
  now: Instant,
  isNewTick: boolean,
): Head['missing'] {
  const absent = notAmong(head.state, licenses)
    .filter((known) => !isOver(licenseStanding(known, now)))
    .map(({ licenseArn }) => licenseArn);
  if (absent.length === 0) return null;
  const noticed = head.missing;
  const noticedNow = { licenseArns: absent, ticks: isNewTick ? 1 : 0 };
  if (noticed === null) return noticedNow;
  const agreed = absent.every((licenseArn) => noticed.licenseArns.includes(licenseArn));
  // The look that noticed it did not count a tick, so this one counts as the first.
  if (!agreed || (isNewTick && noticed.ticks === 0)) return noticedNow;
  return isNewTick ? null : noticed;
}

/** The most characters of two answers that are compared from tick to tick: the head is one DynamoDB item of 400 KB. */
const MOST_COMPARED = 4_000;

interface Resolved {
  /** What was read, each license with the terms that are believed. If nothing can be concluded about one, it stays as it is known. */
  readonly licenses: readonly CanonicalLicense[];
  readonly disagreement: Head['disagreement'];
  /** ARNs of licenses about which nothing can be concluded yet. */
  readonly undecided: readonly string[];
  /** Why not all of it is believed; null: both answers agree, or have disagreed in the same way for long enough. */
  readonly doubt: string | null;
}

/**
 * Decides between ListReceivedLicenses and GetLicense, each of which may lag by itself. If they disagree about a license, the higher
 * version is believed. If neither is higher, nothing is concluded before three ticks have shown the same; then GetLicense is believed.
 */
function resolved(
  read: readonly License[],
  known: Pick<Head, 'state' | 'disagreement'>,
  isNewTick: boolean,
): Resolved {
  const contradictory = read.filter(({ listed }) => listed !== undefined);
  if (contradictory.length === 0) {
    return { licenses: read.map(canonicalLicense), disagreement: null, undecided: [], doubt: null };
  }
  const disagreement = counted(
    contradictory.map(wordsOf).toSorted(compare).join('\n'),
    known,
    isNewTick,
  );
  const lasting = lasts(disagreement);
  const believed = read.map((license) => [license, believedTerms(license, lasting)] as const);
  return {
    licenses: believed.flatMap(([license, terms]) =>
      terms === null
        ? known.state.filter(({ licenseArn }) => licenseArn === license.licenseArn)
        : [canonicalLicense(terms)],
    ),
    disagreement,
    undecided: believed.flatMap(([{ licenseArn }, terms]) => (terms === null ? [licenseArn] : [])),
    doubt: lasting
      ? null
      : `ListReceivedLicenses and GetLicense say two things of ${contradictory.map(({ licenseArn }) => licenseArn).join(', ')}`,
  };
}

/** True if it has been the same for long enough that the counting is over. */
export function lasts({ ticks }: NonNullable<Head['disagreement']>): boolean {
  return ticks >= TICKS_UNTIL_BELIEVED;
}

/** Null: nothing can be concluded. */
function believedTerms(license: License, lasting: boolean): License | null {
  const { listed, ...gotten } = license;
  const order = listed === undefined ? 1 : compareVersions(gotten.version, listed.version);
  if (order === -1) return { ...gotten, ...listed };
  return order === 1 || lasting ? gotten : null;
}

function counted(
  all: string,
  { disagreement: before }: Pick<Head, 'disagreement'>,
  isNewTick: boolean,
): NonNullable<Head['disagreement']> {
  // The cut may leave half a character at the end, which no store accepts.
  const what = all.slice(0, MOST_COMPARED).toWellFormed();
  const ticks = (before?.what === what ? before.ticks : 0) + (isNewTick ? 1 : 0);
  return { what, ticks: Math.min(ticks, TICKS_UNTIL_BELIEVED) };
}

/** Names only what differs: the whole terms, twice, may be long. */
function wordsOf(license: License): string {
  const { licenseArn, listed } = license;
  const [got, said] = [termsOf(license), termsOf({ ...license, ...listed })];
  const parts = TERMS.filter((name) => canonicalJson(got[name]) !== canonicalJson(said[name]));
  return `${licenseArn}: ${parts.map((name) => `${name} ${canonicalJson(got[name])}, listed ${canonicalJson(said[name])}`).join('; ')}`;
}

/** The license, together with what the list says about it if that is something else. */
export function asListed(gotten: License, listed: ListedTerms): License {
  const { version, status, validity, entitlements } = listed;
  const said = { version, status, validity, entitlements };
  const differs = canonicalJson(termsOf(gotten)) !== canonicalJson(termsOf({ ...gotten, ...said }));
  return differs ? { ...gotten, listed: said } : gotten;
}
