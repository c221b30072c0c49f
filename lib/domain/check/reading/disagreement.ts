import { canonicalJson } from '../../ledger/canonical-json.ts';
import { canonicalLicense, compare } from '../../license/canonical-state.ts';
import type { CanonicalLicense } from '../../license/contract.ts';
import type { Head } from '../head.ts';
import type { License, ListedTerms } from '../../license/licenses.ts';
import { isHigher } from './versions.ts';

/** What lasts so long is no lag between AWS's own answers. */
const TICKS_UNTIL_BELIEVED = 3;

/** So much of what two answers say is compared from tick to tick: the head is one DynamoDB item of 400 KB. */
const MOST_COMPARED = 4_000;

export interface Resolved {
  /** What was read, each license in the terms that are believed; one of which nothing can be concluded as it is known. */
  readonly licenses: readonly CanonicalLicense[];
  readonly disagreement: Head['disagreement'];
  /** ARNs of which nothing can be concluded yet. */
  readonly undecided: readonly string[];
  /** Why not all of it is believed; null: both say the same, or have said so for long enough. */
  readonly doubt: string | null;
}

/**
 * ListReceivedLicenses and GetLicense may lag, each by itself. Where they say two things of a license the higher version is
 * believed; where neither is higher, nothing is concluded before three ticks have shown the same: then GetLicense is believed.
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

/** It has been the same for so long that the counting is over. */
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
  // Not half a character at its end: no store takes one.
  const what = all.slice(0, MOST_COMPARED).toWellFormed();
  const ticks = (before?.what === what ? before.ticks : 0) + (isNewTick ? 1 : 0);
  return { what, ticks: Math.min(ticks, TICKS_UNTIL_BELIEVED) };
}

/** Only what differs: two licenses' terms as a whole may be long. */
function wordsOf(license: License): string {
  const { licenseArn, listed } = license;
  if (listed === undefined) return licenseArn;
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

function termsOf(license: License): Pick<CanonicalLicense, (typeof TERMS)[number]> {
  const { version, status, validity, entitlements } = canonicalLicense(license);
  return { version, status, validity, entitlements };
}

/** The license with what the list says of it, where that is something else. */
export function asListed(gotten: License, listed: ListedTerms): License {
  const { version, status, validity, entitlements } = listed;
  const said = { version, status, validity, entitlements };
  const differs = canonicalJson(termsOf(gotten)) !== canonicalJson(termsOf({ ...gotten, ...said }));
  return differs ? { ...gotten, listed: said } : gotten;
}
