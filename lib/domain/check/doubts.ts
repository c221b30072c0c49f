import { canonicalJson } from '../ledger/canonical-json.ts';
import { canonicalLicense, compare } from '../license/canonical-state.ts';
import type {
  CanonicalLicense,
  CanonicalState,
  License,
  ListedTerms,
} from '../license/contract.ts';
import type { Head } from './head.ts';

/** A stale answer, or a disagreement between AWS’s own answers, that lasts this many ticks is no lag. */
const TICKS_UNTIL_BELIEVED = 3;

/** The most characters of two answers that are compared from tick to tick: the head is one DynamoDB item of 400 KB. */
const MOST_COMPARED = 4_000;

export interface Resolved {
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
export function resolved(
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
  if (listed === undefined || isHigher(gotten.version, listed.version)) return gotten;
  if (isHigher(listed.version, gotten.version)) return { ...gotten, ...listed };
  return lasting ? gotten : null;
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

const TERMS = [
  'version',
  'status',
  'validity',
  'entitlements',
] as const satisfies readonly (keyof ListedTerms)[];

/** The terms of a license, without the state of its grant: AWS keeps no versions of that. */
export function termsOf(license: License): Pick<CanonicalLicense, (typeof TERMS)[number]> {
  const { version, status, validity, entitlements } = canonicalLicense(license);
  return { version, status, validity, entitlements };
}

/** The license, together with what the list says about it if that is something else. */
export function asListed(gotten: License, listed: ListedTerms): License {
  const { version, status, validity, entitlements } = listed;
  const said = { version, status, validity, entitlements };
  const differs = canonicalJson(termsOf(gotten)) !== canonicalJson(termsOf({ ...gotten, ...said }));
  return differs ? { ...gotten, listed: said } : gotten;
}

/** The head is one DynamoDB item of 400 KB, and a stale answer is late by minutes or hours, not by years of weekly versions. */
const MOST_REMEMBERED = 50;

export interface WithoutStale {
  /** What was read, with each stale answer replaced by what is known about its license, or left out if nothing is. */
  readonly licenses: readonly CanonicalLicense[];
  readonly stale: Head['stale'];
  /** The stale answers that lasted long enough to be believed. */
  readonly believed: readonly CanonicalLicense[];
}

/**
 * Reads of License Manager may go back a version for a while (field reports; the size of the lag is unknown). A version
 * that the ledger has already seen superseded, or one below the highest ever seen of its license, is therefore not believed
 * before the third tick running.
 */
export function withoutStale(
  read: readonly CanonicalLicense[],
  head: Head,
  isNewTick: boolean,
): WithoutStale {
  const stale = read.filter(
    (license) => head.superseded.includes(pairOf(license)) || isBelowHighest(license, head),
  );
  if (stale.length === 0) return { licenses: read, stale: null, believed: [] };

  const pair = stale.map(pairOf).toSorted().join(' ');
  const seenBefore = head.stale?.pair === pair ? head.stale.ticks : 0;
  const ticks = seenBefore + (isNewTick ? 1 : 0);
  if (ticks >= TICKS_UNTIL_BELIEVED) return { licenses: read, stale: null, believed: stale };
  const known = (license: CanonicalLicense): readonly CanonicalLicense[] =>
    stale.includes(license)
      ? head.state.filter(({ licenseArn }) => licenseArn === license.licenseArn)
      : [license];
  return { licenses: read.flatMap(known), stale: { pair, ticks }, believed: [] };
}

function isBelowHighest(
  { licenseArn, version }: Version,
  { highest }: Pick<Head, 'highest'>,
): boolean {
  return highest.some((each) => each.licenseArn === licenseArn && isHigher(each.version, version));
}

type Version = Head['highest'][number];

/** The highest versions after a read. A stale answer that lasted is what AWS says now, so it becomes the highest of its license. */
export function highestSeen(
  read: readonly Version[],
  believed: readonly Version[],
  before: Head['highest'],
): Head['highest'] {
  const highest = new Map(before.map(({ licenseArn, version }) => [licenseArn, version]));
  for (const { licenseArn, version } of read.toSorted((a, b) => compare(pairOf(a), pairOf(b)))) {
    const known = highest.get(licenseArn);
    if (isNumber(version) && (known === undefined || isHigher(version, known)))
      highest.set(licenseArn, version);
  }
  for (const { licenseArn, version } of believed)
    if (isNumber(version)) highest.set(licenseArn, version);
  const all = [...highest].map(([licenseArn, version]) => ({ licenseArn, version }));
  const [gone, present] = [all.filter((each) => !isRead(each)), all.filter(isRead)];
  // Licenses that are no longer listed are dropped first: a late answer about them is the least likely.
  const kept = new Set([...gone, ...present].slice(-MOST_REMEMBERED));
  return all.filter((each) => kept.has(each));

  function isRead({ licenseArn }: Version): boolean {
    return read.some((each) => each.licenseArn === licenseArn);
  }
}

/**
 * The latest superseded pairs, once `read` is believed and `state` follows from it. Pairs in either are left out: a stale answer
 * that lasted is current again, and a license that was over stays as it ended, whatever came after.
 */
export function supersededBy(
  read: readonly CanonicalLicense[],
  state: CanonicalState,
  head: Head,
): readonly string[] {
  const current = new Set([...read, ...state].map(pairOf));
  const replaced = head.state
    .filter((known) => read.some(({ licenseArn }) => licenseArn === known.licenseArn))
    .map(pairOf);
  const superseded = [...new Set([...head.superseded, ...replaced])].filter(
    (pair) => !current.has(pair),
  );
  return superseded.slice(-MOST_REMEMBERED);
}

export function pairOf({
  licenseArn,
  version,
}: Pick<CanonicalLicense, 'licenseArn' | 'version'>): string {
  return `${licenseArn}@${version}`;
}

/** -1, 0, 1 where both are decimal integers, of any length; null: opaque, neither is known to be higher (rule 4). */
export function compareVersions(a: string, b: string): -1 | 0 | 1 | null {
  if (!isNumber(a) || !isNumber(b)) return null;
  const [one, other] = [withoutZeros(a), withoutZeros(b)];
  if (one === other) return 0;
  if (one.length !== other.length) return one.length < other.length ? -1 : 1;
  return one < other ? -1 : 1;
}

/** `a` is known to be a later version than `b`. */
function isHigher(a: string, b: string): boolean {
  return compareVersions(a, b) === 1;
}

/** True if the version can be compared with others. */
function isNumber(version: string): boolean {
  return DECIMAL.test(version);
}

const DECIMAL = /^\d+$/;

function withoutZeros(decimal: string): string {
  return decimal.replace(/^0+(?=\d)/, '');
}
