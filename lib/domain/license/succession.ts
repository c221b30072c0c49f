import { currentLicenses } from './canonical-state.ts';
import type { CanonicalLicense, CanonicalState } from './contract.ts';
import { licenseStanding } from './license-standing.ts';
import { DAY, plus, type Instant } from '../time.ts';

/**
 * AWS nowhere says which license renews which: a renewal is a new agreement and may bring a new ARN. A license that
 * begins in the last month of another, or after it, and outlasts it is read as its successor: its seats replace the
 * old ones. One that begins earlier was bought in addition: its seats add up, and each end has its own reminders.
 */
const LONGEST_OVERLAP = 31 * DAY;

export function succeeds(next: CanonicalLicense, old: CanonicalLicense): boolean {
  const [{ begin, end }, oldEnd] = [next.validity, old.validity.end];
  if (oldEnd === null || next.licenseArn === old.licenseArn) return false;
  const outlasts = end === null || end > oldEnd;
  return outlasts && begin > old.validity.begin && begin >= plus(oldEnd, -LONGEST_OVERLAP);
}

/** What the contract comes down to when all that is known has happened: the carrying licenses that none succeeds. */
export function finalLicenses(state: CanonicalState): CanonicalState {
  return unsucceeded(currentLicenses(state));
}

/** Whose entitlements the buyer has at `at`: what is in force, successors replacing; where nothing is, what is current. */
export function bearingLicenses(state: CanonicalState, at: Instant): CanonicalState {
  const inForce = state.filter((license) => licenseStanding(license, at) === 'in-force');
  return unsucceeded(inForce.length > 0 ? inForce : currentLicenses(state));
}

function unsucceeded(licenses: CanonicalState): CanonicalState {
  return licenses.filter((old) => !licenses.some((next) => succeeds(next, old)));
}
