import { type License, MARKETPLACE_USAGE } from '../../lib/domain/license/contract.ts';
import type {
  BlindCause,
  Observation,
  ProbeOutcome,
  TroubleCause,
} from '../../lib/domain/check/observation.ts';

export const ACCEPTED: ProbeOutcome = {
  outcome: 'accepted',
  entitlementName: MARKETPLACE_USAGE,
  licenseArn: 'a',
  checkedIn: true,
};

export const REFUSED: ProbeOutcome = {
  outcome: 'refused',
  entitlementName: MARKETPLACE_USAGE,
  unit: 'None',
  error: 'NoEntitlementsAllowedException',
};

export const NOT_PROBED: ProbeOutcome = {
  outcome: 'not-probed',
  untried: 'left-out',
  reason: 'nothing is tried in this look',
};

type SeenObservation = Extract<Observation, { kind: 'seen' }>;

/** A good read of exactly these licenses. */
export function seen(
  licenses: readonly License[],
  traits: Partial<Omit<SeenObservation, 'kind' | 'licenses'>> = {},
): SeenObservation {
  return { kind: 'seen', licenses, foreign: [], probe: NOT_PROBED, usage: null, ...traits };
}

export function blind(cause: BlindCause = 'role-missing-or-untrusting'): Observation {
  return { kind: 'blind', cause, detail: 'AccessDenied: not authorized to perform sts:AssumeRole' };
}

export function trouble(cause: TroubleCause = 'throttled'): Observation {
  return { kind: 'trouble', cause, detail: 'RateLimitExceededException' };
}

export const LEFT: Observation = { kind: 'left', detail: 'the buyer deleted the stack' };
export const NOT_LOOKED: Observation = { kind: 'not-looked' };
