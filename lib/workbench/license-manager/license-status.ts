import type { LicenseStatus } from './shapes.ts';
import { currentVersion } from './state.ts';
import type { License, LicenseVersion } from './state.ts';
import type { Switches } from './switches.ts';

/** The status that a reader sees: what the issuer set, changed by time. */
export function shownStatus(
  license: License,
  version: LicenseVersion,
  now: number,
  switches: Switches,
): LicenseStatus {
  // Earlier versions are immutable; only the current one is deleted.
  if (license.deletedAt !== undefined && version === currentVersion(license))
    return switches.deletion;
  if (version.status !== 'AVAILABLE') return version.status;
  if (version.end !== undefined && now >= version.end) return switches.statusAfterEnd;
  return now < version.begin ? switches.statusBeforeBegin : 'AVAILABLE';
}

/** Why a license cannot be checked out now, whatever status is shown. Undefined: it can be. */
export type Unusable = 'ended' | 'not-begun' | 'suspended' | 'deactivated' | 'deleted';

export function unusable(license: License, now: number): Unusable | undefined {
  if (license.deletedAt !== undefined) return 'deleted';
  const { status, begin, end } = currentVersion(license);
  switch (status) {
    case 'DELETED':
    case 'PENDING_DELETE':
      return 'deleted';
    case 'DEACTIVATED':
      return 'deactivated';
    case 'SUSPENDED':
      return 'suspended';
    case 'EXPIRED':
      return 'ended';
    case 'PENDING_AVAILABLE':
      return 'not-begun';
    case 'AVAILABLE':
      if (end !== undefined && now >= end) return 'ended';
      return now < begin ? 'not-begun' : undefined;
  }
}
