import type { GrantStatus } from './shapes.ts';
import { currentGrant } from './state.ts';
import type { Grant, GrantVersion } from './state.ts';

/** The status a reader sees: a new grant passes through a workflow first. */
export function shownGrantStatus(grant: Grant, now: number): GrantStatus {
  return now < grant.settledAt ? 'PENDING_WORKFLOW' : currentGrant(grant).status;
}

/** The answer of every operation that changes a grant. */
export function changedGrant(grant: Grant, now: number): Record<string, unknown> {
  const { version } = currentGrant(grant);
  return { GrantArn: grant.arn, Status: shownGrantStatus(grant, now), Version: version };
}

/** Accepting and deleting change the status and keep the version; CreateGrantVersion adds one. */
export function setGrantStatus(
  grant: Grant,
  change: Pick<GrantVersion, 'status'> & Partial<GrantVersion>,
): void {
  grant.versions.splice(-1, 1, { ...currentGrant(grant), ...change });
}
