import { refuse } from './errors.ts';
import { shownGrantStatus } from './grant-answer.ts';
import { fingerprint } from './license-answer.ts';
import { unusable } from './license-status.ts';
import type { Unusable } from './license-status.ts';
import type { Call } from './operation.ts';
import { receivedGrants } from './visibility.ts';
import { currentGrant } from './state.ts';
import type { Checkout } from './state.ts';
import type { Switches } from './switches.ts';

/** A license that a checkout may draw on, and its grant. */
export type Candidate = Pick<Checkout, 'license' | 'grant'>;

type Obstacle = Unusable | 'grant-inactive' | 'not-granted';

interface Question {
  readonly ProductSKU: string;
  readonly KeyFingerprint: string;
}

/**
 * The usable licenses of a SKU and fingerprint, in the order in which a checkout tries them. A caller can choose only by SKU and
 * fingerprint (C: aws/aws-sdk 506). Throws the error of the switches if there is none.
 */
export function candidates(question: Question, call: Call): readonly Candidate[] {
  const { switches } = call.world;
  const matching = receivedGrants(call)
    .map((grant) => ({ license: grant.license, grant }))
    .filter(
      ({ license }) =>
        license.productSku === question.ProductSKU &&
        fingerprint(license) === question.KeyFingerprint,
    )
    .sort((a, b) => a.license.createdAt - b.license.createdAt);
  const usable = matching.filter((candidate) => obstacle(candidate, call) === undefined);
  const newest = matching.at(-1);
  if (newest === undefined)
    return refuse(switches.checkoutWithoutLicense, 'No Entitlements Allowed');
  if (usable.length === 0) return refuseFor(obstacle(newest, call), switches);
  switch (switches.severalLicenses) {
    case 'most-recent':
      return usable.slice(-1);
    case 'first':
      return usable.slice(0, 1);
    case 'any-that-can-serve':
      return usable.toReversed();
  }
}

function obstacle({ license, grant }: Candidate, { now }: Call): Obstacle | undefined {
  const why = unusable(license, now);
  if (why !== undefined) return why;
  if (shownGrantStatus(grant, now) !== 'ACTIVE') return 'grant-inactive';
  return currentGrant(grant).operations.includes('CheckoutLicense') ? undefined : 'not-granted';
}

function refuseFor(why: Obstacle | undefined, switches: Switches): never {
  switch (why) {
    case 'ended':
      return refuse(switches.checkoutOfEnded, 'No Entitlements Allowed');
    case 'not-begun':
      return refuse(switches.checkoutBeforeBegin, 'No Entitlements Allowed');
    case 'suspended':
      return refuse(switches.checkoutOfSuspended, 'No Entitlements Allowed');
    case 'deactivated':
      return refuse(switches.checkoutOfDeactivated, 'No Entitlements Allowed');
    case 'deleted':
      return refuse(switches.checkoutOfDeleted, 'No Entitlements Allowed');
    case 'grant-inactive':
      return refuse(switches.checkoutWithInactiveGrant, 'No Entitlements Allowed');
    case 'not-granted':
      return refuse(switches.checkoutNotGranted, 'Access to resource denied');
    case undefined:
      throw new Error('a license without obstacle was not offered for checkout');
  }
}
