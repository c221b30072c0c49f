import { compare } from '../canonical-state.ts';
import type { Change } from '../changes.ts';
import type { CanonicalState } from '../contract.ts';
import type { Side } from '../differences/side.ts';
import { licenseStanding } from '../standing/license-standing.ts';
import { bearingLicenses } from '../succession.ts';
import type { Instant } from '../time.ts';

/**
 * Licenses in force side by side, and those of other issuers under the same SKU: reported, never merged. Empty where
 * there is but one of ours; an old license and its successor are one.
 */
export function sideBySide(after: Pick<Side, 'state' | 'at'>, foreign: readonly string[]): readonly string[] {
  const ours = inForce(after.state, after.at);
  return ours.length > 1 || foreign.length > 0 ? [...ours, ...foreign].toSorted(compare) : [];
}

/** Told once; `before` null: the first look. */
export function severalLicensesFound(before: Side | null, after: Side, foreign: readonly string[]): Change | null {
  const licenses = sideBySide(after, foreign);
  if (licenses.length === 0) return null;
  const others = foreign.length > 0 ? `; of another issuer: ${foreign.toSorted(compare).join(', ')}` : '';
  return {
    type: 'SeveralLicensesFound',
    before: { licenses: before === null ? [] : inForce(before.state, before.at) },
    after: { licenses },
    reason: `CheckoutLicense chooses one of several licenses, and nobody can say which${others}`,
  };
}

function inForce(state: CanonicalState, at: Instant): readonly string[] {
  return bearingLicenses(state, at)
    .filter((license) => licenseStanding(license, at) === 'in-force')
    .map(({ licenseArn }) => licenseArn);
}
