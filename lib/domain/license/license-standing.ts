import type { CanonicalLicense, Standing } from './contract.ts';
import type { Validity } from './licenses.ts';
import type { Instant } from '../time.ts';
import { LIFE_TABLE, type Life } from './life-table.ts';
import { STANDING_TABLE, type ValidityPhase } from './phase-table.ts';

/** What decides a license's standing, whether it comes from a read or from the ledger. */
export type Statuses = Pick<CanonicalLicense, 'status' | 'receivedStatus' | 'validity'>;

export function lifeOf({
  status,
  receivedStatus,
}: Pick<Statuses, 'status' | 'receivedStatus'>): Life {
  return LIFE_TABLE[status][receivedStatus].life;
}

export function licenseStanding(license: Statuses, at: Instant): Exclude<Standing, 'none'> {
  return STANDING_TABLE[lifeOf(license)][phaseOf(license.validity, at)].standing;
}

export function phaseOf({ begin, end }: Validity, at: Instant): ValidityPhase {
  if (end !== null && end <= at) return 'after';
  return at < begin ? 'before' : 'within';
}
