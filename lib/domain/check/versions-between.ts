import type { VersionsBetween } from '../ledger/ledger.ts';
import { budgetOf, sizeOf } from '../license/canonical-state.ts';
import type { CanonicalState, License } from '../license/contract.ts';
import { compareVersions, termsOf } from './doubts.ts';

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
