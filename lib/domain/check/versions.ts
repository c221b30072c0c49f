import type { VersionsBetween } from '../ledger/ledger.ts';
import type { Head } from './head.ts';
import { budgetOf, canonicalLicense, compare, sizeOf } from '../license/canonical-state.ts';
import type { CanonicalLicense, CanonicalState, License } from '../license/contract.ts';

/** A stale answer, or a disagreement between AWS’s own answers, that lasts this many ticks is no lag. */
export const TICKS_UNTIL_BELIEVED = 3;

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

export const TERMS = [
  'version',
  'status',
  'validity',
  'entitlements',
] as const satisfies readonly (keyof CanonicalLicense)[];

/** The terms of a license, without the state of its grant: AWS keeps no versions of that. */
export function termsOf(license: License): Pick<CanonicalLicense, (typeof TERMS)[number]> {
  const { version, status, validity, entitlements } = canonicalLicense(license);
  return { version, status, validity, entitlements };
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

/** The most versions of one license in one entry, whose size is limited. If it went through more, those are not told. */
const MOST_VERSIONS = 20;
const MOST_BYTES = 12_000;

/** Reads all versions of the license with an ARN, as far as possible. Never throws because of AWS. */
export type ReadVersions = (
  licenseArn: string,
) => Promise<{ readonly licenses: readonly License[]; readonly problem: string | null }>;

/** A license read in a version that is not the next one after the version recorded; both are decimal integers. */
type Skip = Pick<VersionsBetween, 'licenseArn' | 'after' | 'before'>;

export function skippedVersions(before: CanonicalState, after: CanonicalState): readonly Skip[] {
  return after.flatMap(({ licenseArn, version }) => {
    const known = before.find((each) => each.licenseArn === licenseArn)?.version;
    if (known === undefined || compareVersions(version, known) !== 1) return [];
    return BigInt(version) > BigInt(known) + 1n
      ? [{ licenseArn, after: known, before: version }]
      : [];
  });
}

/** Reads what the skipped versions said, one license after the other, and which of them nobody knows. */
export async function readSkipped(
  skips: readonly Skip[],
  readVersions: ReadVersions,
): Promise<readonly VersionsBetween[]> {
  const found: VersionsBetween[] = [];
  const fits = budgetOf(MOST_BYTES);
  for (const skip of skips) {
    const { licenses, problem } = await readVersions(skip.licenseArn);
    const between = oldestFirst(licenses).filter((each) => isBetween(each, skip));
    const versions = between
      .slice(0, MOST_VERSIONS)
      .map(termsOf)
      .filter(({ entitlements, version }) =>
        fits(entitlements.reduce((sum, each) => sum + sizeOf(each), 200 + version.length)),
      );
    const isAll = versions.length === Number(BigInt(skip.before) - BigInt(skip.after) - 1n);
    const why = versions.length < between.length ? 'there are more than an entry holds' : problem;
    found.push({
      ...skip,
      versions,
      unknown: isAll ? null : { which: gapsOf(skip, versions), why: why ?? 'they are not listed' },
    });
  }
  return found;
}

function isBetween({ licenseArn, version }: License, skip: Skip): boolean {
  return (
    licenseArn === skip.licenseArn &&
    compareVersions(version, skip.after) === 1 &&
    compareVersions(version, skip.before) === -1
  );
}

/** Each version once: a list may show one on two of its pages. */
function oldestFirst(licenses: readonly License[]): readonly License[] {
  return licenses
    .toSorted((a, b) => compareVersions(a.version, b.version) ?? 0)
    .filter(
      ({ version }, index, all) => compareVersions(version, all[index + 1]?.version ?? '') !== 0,
    );
}

/** The skipped versions that nobody knows: `3`, or `3 to 5, 7`. */
function gapsOf({ after, before }: Skip, versions: VersionsBetween['versions']): string {
  const known = [...versions.map(({ version }) => version), before].map(BigInt);
  const gaps: string[] = [];
  let next = BigInt(after) + 1n;
  for (const version of known) {
    if (version > next) gaps.push(version === next + 1n ? `${next}` : `${next} to ${version - 1n}`);
    next = version + 1n;
  }
  return gaps.join(', ');
}
