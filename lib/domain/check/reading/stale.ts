import type { CanonicalLicense, CanonicalState } from '../../license/contract.ts';
import type { Head } from '../head.ts';
import { isHigher, isNumber } from './versions.ts';

/** A stale answer that lasts is no stale answer. */
const TICKS_UNTIL_BELIEVED = 3;

/** A stale answer is late by minutes or hours, not by years of weekly versions: the head is one DynamoDB item of 400 KB. */
const MOST_REMEMBERED = 50;

export interface WithoutStale {
  /** What was read, each stale answer replaced by what is known of its license; unknown ones left out. */
  readonly licenses: readonly CanonicalLicense[];
  readonly stale: Head['stale'];
  /** The stale answers that lasted so long that they are believed. */
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

/** After a read of these versions. A stale answer that lasted is what AWS says now: nothing is below it any more. */
export function highestSeen(
  read: readonly Version[],
  believed: readonly Version[],
  before: Head['highest'],
): Head['highest'] {
  const highest = new Map(before.map(({ licenseArn, version }) => [licenseArn, version]));
  for (const { licenseArn, version } of read.toSorted((a, b) => (pairOf(a) < pairOf(b) ? -1 : 1))) {
    const known = highest.get(licenseArn);
    if (isNumber(version) && (known === undefined || isHigher(version, known)))
      highest.set(licenseArn, version);
  }
  for (const { licenseArn, version } of believed)
    if (isNumber(version)) highest.set(licenseArn, version);
  const all = [...highest].map(([licenseArn, version]) => ({ licenseArn, version }));
  const [gone, present] = [all.filter((each) => !isRead(each)), all.filter(isRead)];
  // Of licenses that are no longer listed a late answer is the least to be expected.
  const kept = new Set([...gone, ...present].slice(-MOST_REMEMBERED));
  return all.filter((each) => kept.has(each));

  function isRead({ licenseArn }: Version): boolean {
    return read.some((each) => each.licenseArn === licenseArn);
  }
}

/**
 * The pairs superseded last, once `read` is believed and `state` follows from it. What is part of either is not among them: a
 * stale answer that lasted is current again, and a license that was over stays as it ended, whatever came after.
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
