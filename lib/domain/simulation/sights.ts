import { MARKETPLACE_USAGE, type License } from '../license/licenses.ts';
import type { SeenObservation } from '../check/reading/belief.ts';
import { UNTRIED, type ProbeOutcome } from '../check/observation.ts';

/** A checkout that needs no seat, accepted. */
export const ACCEPTED: ProbeOutcome = {
  outcome: 'accepted',
  entitlementName: MARKETPLACE_USAGE,
  licenseArn: 'arn:aws:license-manager::294406891311:license:l-00000000000000000000000000000000',
  checkedIn: true,
};

/** The same, refused. */
export const REFUSED: ProbeOutcome = {
  outcome: 'refused',
  entitlementName: MARKETPLACE_USAGE,
  unit: 'None',
  error: 'NoEntitlementsAllowedException',
};

/** A good read. Where there is no license there is nothing to probe. */
export function seen(
  licenses: readonly License[],
  probe: ProbeOutcome = ACCEPTED,
): SeenObservation {
  const said: ProbeOutcome =
    licenses.length === 0
      ? { outcome: 'not-probed', untried: 'none-in-force', reason: UNTRIED['none-in-force'] }
      : probe;
  return { kind: 'seen', licenses, foreign: [], probe: said, usage: null };
}
