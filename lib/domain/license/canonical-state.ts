import { between, DAY, type Instant, MINUTE, plus } from '../time.ts';
import type {
  CanonicalEntitlement,
  CanonicalLicense,
  CanonicalState,
  End,
  Entitlement,
  EntitlementUsage,
  License,
  Standing,
} from './contract.ts';
import { licenseStanding, lifeOf } from './standing.ts';

/** Standings, best first: a contract has the best standing of its licenses. */
const BEST_FIRST = [
  'in-force',
  'upcoming',
  'suspended',
  'not-activated',
  'deactivated',
  'canceled',
  'ended',
] as const satisfies readonly Standing[];

const OVER: ReadonlySet<Standing> = new Set(['none', 'canceled', 'ended']);

/** True if nothing of the contract can be used, now or later, unless a new license comes. */
export function isOver(standing: Standing): boolean {
  return OVER.has(standing);
}

/** True if the contract can be used, now or from a later date. */
export function isRunning(standing: Standing): boolean {
  return standing === 'in-force' || standing === 'upcoming';
}

/**
 * The licenses that count: those that are or may become usable; where there is none, the one(s) that ended last. No more of them
 * than fit in one item of the store.
 */
export function canonicalState(
  licenses: readonly (License | CanonicalLicense)[],
  at: Instant,
): CanonicalState {
  return withinBounds(whatCounts(oncePerArn(licenses.map(canonicalLicense)), at));
}

function whatCounts(all: CanonicalState, at: Instant): CanonicalState {
  const open = all.filter((license) => !isOver(licenseStanding(license, at)));
  if (open.length > 0) return open;
  const last = endOf(all);
  return all.filter(({ validity }) => validity.end === last);
}

export function standingOf(state: CanonicalState, at: Instant): Standing {
  const standings = state.map((license) => licenseStanding(license, at));
  return BEST_FIRST.find((standing) => standings.includes(standing)) ?? 'none';
}

/** The licenses that carry the contract: the usable ones, begun or not; all, where none is usable. */
export function currentLicenses(state: CanonicalState): CanonicalState {
  const usable = state.filter((license) => ['usable', 'preparing'].includes(lifeOf(license)));
  return usable.length > 0 ? usable : state;
}

/** The latest end of what carries the contract; null: no end, or no license. */
export function endOf(state: CanonicalState): End {
  return currentLicenses(state)
    .map(({ validity }) => validity.end)
    .reduce<End>((latest, end, index) => (index === 0 ? end : later(latest, end)), null);
}

function later(a: End, b: End): End {
  if (a === null || b === null) return null;
  return a < b ? b : a;
}

export function canonicalLicense(license: License | CanonicalLicense): CanonicalLicense {
  const { licenseArn, version, status, receivedStatus, validity, entitlements } = license;
  return {
    licenseArn,
    version,
    status,
    receivedStatus,
    validity: { begin: validity.begin, end: validity.end },
    entitlements: entitlements.map(canonicalEntitlement).toSorted(byNameThenUnit),
    ...('moreEntitlements' in license && { moreEntitlements: license.moreEntitlements }),
    ...('moreLicenses' in license && { moreLicenses: license.moreLicenses }),
  };
}

/**
 * A DynamoDB item holds at most 400 kB, and an entry holds the state twice and its differences up to four times. Some 200 entitlements,
 * or 90 licenses, fit; the documentation of AWS Marketplace mentions products of 24 dimensions.
 */
const MOST_BYTES = 24_000;

/** Keeps the first licenses that fit, each with its term, and then the first of their entitlements that fit, too. Counts the rest. */
function withinBounds(all: CanonicalState): CanonicalState {
  const fits = budgetOf(MOST_BYTES);
  const kept = all.filter(({ licenseArn, version }) =>
    fits(300 + bytesOf(licenseArn) + bytesOf(version)),
  );
  const moreLicenses =
    all.length - kept.length + sum(all.map((license) => license.moreLicenses ?? 0));
  return kept.map(({ moreLicenses: _, moreEntitlements = 0, ...license }, index) => {
    const entitlements = license.entitlements.filter((each) => fits(sizeOf(each)));
    const more = license.entitlements.length - entitlements.length + moreEntitlements;
    const isLast = index === kept.length - 1;
    return {
      ...license,
      entitlements,
      ...(more > 0 && { moreEntitlements: more }),
      ...(isLast && moreLicenses > 0 && { moreLicenses }),
    };
  });
}

/** The usage of the first entitlements that fit. The usage of more than a state holds is not kept either. */
export function keptUsage(usage: readonly EntitlementUsage[]): readonly EntitlementUsage[] {
  const fits = budgetOf(MOST_BYTES / 2);
  return usage
    .toSorted(byNameThenUnit)
    .filter((each) => fits(sizeOf({ ...each, value: each.consumed })));
}

export function budgetOf(bytes: number): (more: number) => boolean {
  let left = bytes;
  return (more) => {
    if (more > left) return false;
    left -= more;
    return true;
  };
}

export function sizeOf({
  name,
  unit,
  value,
  maxCount,
}: Omit<CanonicalEntitlement, 'overage'>): number {
  return 60 + sum([name, unit, value ?? '', maxCount ?? ''].map(bytesOf));
}

/** The most bytes that the text can have in UTF-8. */
function bytesOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : 3 * text.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function canonicalEntitlement({
  name,
  unit,
  value,
  maxCount,
  overage,
  allowCheckIn,
}: Entitlement): CanonicalEntitlement {
  return {
    ...{ name, unit, value, maxCount, overage },
    ...(allowCheckIn === false && { allowCheckIn }),
  };
}

type Named = Pick<CanonicalEntitlement, 'name' | 'unit'> & { readonly value?: string | null };

export function byNameThenUnit(a: Named, b: Named): number {
  return (
    compare(a.name, b.name) || compare(a.unit, b.unit) || compare(a.value ?? '', b.value ?? '')
  );
}

/** Keeps one of each license, because a list that changed between two of its pages can hold a license twice. */
function oncePerArn(licenses: readonly CanonicalLicense[]): CanonicalState {
  const sorted = licenses.toSorted(
    (a, b) => compare(a.licenseArn, b.licenseArn) || compare(a.version, b.version),
  );
  return sorted.filter(({ licenseArn }, index) => licenseArn !== sorted[index + 1]?.licenseArn);
}

/** Compares by code units, which gives the same order on every machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * AWS nowhere says which license renews which: a renewal is a new agreement and may bring a new ARN. A license that
 * begins in the last month of another, or after it, and outlasts it is read as its successor: its seats replace the
 * old ones. One that begins earlier was bought in addition: its seats add up, and each end has its own reminders.
 */
export const LONGEST_OVERLAP = 31 * DAY;

export function succeeds(next: CanonicalLicense, old: CanonicalLicense): boolean {
  const [{ begin, end }, oldEnd] = [next.validity, old.validity.end];
  if (oldEnd === null || next.licenseArn === old.licenseArn) return false;
  const outlasts = end === null || end > oldEnd;
  return outlasts && begin > old.validity.begin && begin >= plus(oldEnd, -LONGEST_OVERLAP);
}

/** The licenses that remain once all known terms have begun: those that carry the contract and that no other succeeds. */
export function finalLicenses(state: CanonicalState): CanonicalState {
  return unsucceeded(currentLicenses(state));
}

/** The licenses whose entitlements the buyer has at `at`: those in force, or else the current ones, without those that another succeeds. */
export function bearingLicenses(state: CanonicalState, at: Instant): CanonicalState {
  const inForce = state.filter((license) => licenseStanding(license, at) === 'in-force');
  return unsucceeded(inForce.length > 0 ? inForce : currentLicenses(state));
}

function unsucceeded(licenses: CanonicalState): CanonicalState {
  return licenses.filter((old) => !licenses.some((next) => succeeds(next, old)));
}

/** A future time in which no license of a contract is in force, between one that is and the next. */
export interface Gap {
  readonly from: Instant;
  readonly to: Instant;
}

/** AWS ends a term at 23:59:59 and begins the next at midnight: nobody misses a license for that second. */
export const SHORTEST_GAP = MINUTE;

/** The next gap by the dates of the licenses; null: there is none. */
export function gapAhead(state: CanonicalState, now: Instant): Gap | null {
  const terms = state
    .filter((license) => ['usable', 'preparing'].includes(lifeOf(license)))
    .map(({ validity }) => validity)
    .filter(({ end }) => end === null || end > now)
    .toSorted((a, b) => (a.begin < b.begin ? -1 : 1));
  let covered: Instant | undefined;
  for (const { begin, end } of terms) {
    if (covered !== undefined && between(covered, begin) >= SHORTEST_GAP)
      return { from: covered, to: begin };
    if (covered === undefined && begin > now) return null;
    if (end === null) return null;
    if (covered === undefined || end > covered) covered = end;
  }
  return null;
}
