import type { GrantStatus } from './shapes.ts';
import { currentGrant } from './state.ts';
import type { Grant, GrantVersion } from './state.ts';

/** The status a reader sees: a new grant passes through a workflow first. */
export function shownGrantStatus(
  grant: Grant,
  now: number,
  version = currentGrant(grant),
): GrantStatus {
  return now < grant.settledAt ? 'PENDING_WORKFLOW' : version.status;
}

/** A grant as GetGrant and the lists write it. */
export function grantAnswer(
  grant: Grant,
  now: number,
  version = currentGrant(grant),
): Record<string, unknown> {
  return {
    GrantArn: grant.arn,
    GrantName: version.name,
    ParentArn: grant.parent?.arn ?? grant.license.arn,
    LicenseArn: grant.license.arn,
    GranteePrincipalArn: grant.granteePrincipalArn,
    HomeRegion: grant.license.homeRegion,
    GrantStatus: shownGrantStatus(grant, now, version),
    StatusReason: version.statusReason,
    Version: version.version,
    GrantedOperations: version.operations,
    Options:
      version.override === undefined ? undefined : { ActivationOverrideBehavior: version.override },
  };
}

/** The answer of every operation that changes a grant. */
export function changedGrant(grant: Grant, now: number): Record<string, unknown> {
  const { version } = currentGrant(grant);
  return { GrantArn: grant.arn, Status: shownGrantStatus(grant, now), Version: version };
}

/** Accepting, rejecting and deleting change the status and keep the version; CreateGrantVersion adds one. */
export function setGrantStatus(
  grant: Grant,
  change: Pick<GrantVersion, 'status'> & Partial<GrantVersion>,
): void {
  grant.versions.splice(-1, 1, { ...currentGrant(grant), ...change });
}

/** True while the grant is active, and so is the one it was passed on from. */
export function isActive(grant: Grant, now: number): boolean {
  return (
    shownGrantStatus(grant, now) === 'ACTIVE' &&
    (grant.parent === undefined || isActive(grant.parent, now))
  );
}
