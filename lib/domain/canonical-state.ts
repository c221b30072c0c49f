import type { CanonicalEntitlement, CanonicalLicense, CanonicalState, End, Standing } from './contract.ts';
import type { Entitlement, License } from './licenses.ts';
import { licenseStanding, lifeOf } from './standing/license-standing.ts';
import type { Instant } from './time.ts';

/** Best first: a contract stands as the best of its licenses does. */
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

/** Nothing of the contract can be used, now or later, unless a new license comes. */
export function isOver(standing: Standing): boolean {
  return OVER.has(standing);
}

/** What of the licenses counts: those that are or may become usable; where there is none, the one(s) that ended last. */
export function canonicalState(licenses: readonly (License | CanonicalLicense)[], at: Instant): CanonicalState {
  const all = oncePerArn(licenses.map(canonicalLicense));
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
  };
}

function canonicalEntitlement({ name, unit, value, maxCount, overage }: Entitlement): CanonicalEntitlement {
  return { name, unit, value, maxCount, overage };
}

function byNameThenUnit(a: CanonicalEntitlement, b: CanonicalEntitlement): number {
  return compare(a.name, b.name) || compare(a.unit, b.unit) || compare(a.value ?? '', b.value ?? '');
}

/** A list that changed between two of its pages can hold a license twice. */
function oncePerArn(licenses: readonly CanonicalLicense[]): CanonicalState {
  const sorted = licenses.toSorted((a, b) => compare(a.licenseArn, b.licenseArn) || compare(a.version, b.version));
  return sorted.filter(({ licenseArn }, index) => licenseArn !== sorted[index + 1]?.licenseArn);
}

/** By code units: the same order on every machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
