import type { Agreement } from '../agreement/agreement.ts';
import type { SeenObservation } from '../check/believed-read.ts';
import type { CheckedBuyer } from '../check/decision.ts';
import type { Head } from '../check/head.ts';
import { type Observation, type ProbeOutcome, UNTRIED } from '../check/observation.ts';
import { currentLicenses, endOf, isOver, standingOf } from '../license/canonical-state.ts';
import { type CanonicalLicense, type License, MARKETPLACE_USAGE } from '../license/contract.ts';
import type { Product } from '../license/product.ts';
import { type Instant, MINUTE, plus } from '../time.ts';

/** A contract as it stands, on which an event is simulated. */
export interface SimulatedContract {
  readonly head: Head;
  readonly lastSeen: Instant | null;
  readonly product: Product;
  readonly buyer: CheckedBuyer;
  readonly now: Instant;
}

/** What successive checks see, so that the last one finds the selected event. */
export interface SimulatedLooks {
  /** When the last look happens; each look before it is a tick earlier. */
  readonly at: Instant;
  readonly observations: readonly Observation[];
  /** What AWS says about the agreements by the last look; absent: nothing new. */
  readonly agreements?: readonly Agreement[];
  /** Where the head before the first look differs from the head now; null: nobody has looked yet. */
  readonly startHead?: Partial<Head> | null;
}

export const TICK = 15 * MINUTE;

/** The licenses of the contract, as AWS would list them. */
export function licensesOf({ head, product }: SimulatedContract): readonly License[] {
  return head.state.map((license) => ({
    ...license,
    productSku: product.productSku,
    issuerFingerprint: product.issuerFingerprint,
    licenseName: product.name,
    productName: product.name,
    allowedOperations: null,
  }));
}

/** The license that carries the contract: the one that ends last. Undefined: there is none. */
export function carrierLicense(contract: SimulatedContract): License | undefined {
  const current = currentLicenses(contract.head.state);
  const last = endOf(contract.head.state);
  const carrier: CanonicalLicense | undefined = current.find(
    ({ validity }) => validity.end === last,
  );
  return licensesOf(contract).find(({ licenseArn }) => licenseArn === carrier?.licenseArn);
}

/**
 * The head as it would be just before the script, if nothing happened until then and nothing were pending. A buyer who cannot be seen
 * now, settling news and counters would only mix other news into the selected event.
 */
export function headBefore(
  { head, now }: SimulatedContract,
  { at, observations, startHead }: SimulatedLooks,
): Head | null {
  if (startHead === null) return null;
  const before = plus(at, -observations.length * TICK);
  const elsewhen = at !== now;
  return {
    ...head,
    blind: null,
    disagreement: null,
    stale: null,
    missing: null,
    refused: null,
    settling: null,
    // Licenses in force side by side count as told, so that they are no part of the selected change.
    others: { ...head.others, beside: head.state.map(({ licenseArn }) => licenseArn) },
    lastTick: null,
    ...(elsewhen &&
      !isOver(standingOf(head.state, now)) && { standing: standingOf(head.state, before) }),
    ...startHead,
  };
}

/** When the contract was last seen before the script: as now or, if the script is at another time, a tick before its first look. */
export function lastSeenBefore(
  { lastSeen, now }: SimulatedContract,
  { at, observations, startHead }: SimulatedLooks,
): Instant | null {
  if (startHead === null) return null;
  return at === now ? lastSeen : plus(at, -observations.length * TICK);
}

/** A checkout that needs no seat, accepted. */
export const ACCEPTED: ProbeOutcome = {
  outcome: 'accepted',
  entitlementName: MARKETPLACE_USAGE,
  licenseArn: 'arn:aws:license-manager::294406891311:license:l-00000000000000000000000000000000',
  checkedIn: true,
};

/** A checkout that needs no seat, refused. */
export const REFUSED: ProbeOutcome = {
  outcome: 'refused',
  entitlementName: MARKETPLACE_USAGE,
  unit: 'None',
  error: 'NoEntitlementsAllowedException',
};

/** A good read of the licenses. Where there is no license, there is nothing to probe. */
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

/** A good read in which no checkout is tried. */
export function quiet(licenses: readonly License[]): SeenObservation {
  return seen(licenses, {
    outcome: 'not-probed',
    untried: 'left-out',
    reason: 'nothing is tried in a simulation',
  });
}
