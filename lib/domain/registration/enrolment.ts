import { type Buyer, type RegistrationClaim, sellersOwn } from './buyer.ts';
import { isRunning } from '../license/canonical-state.ts';
import type { License } from '../license/contract.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../license/product.ts';

import { licenseStanding } from '../license/standing.ts';
import { between, DAY, type Instant, MINUTE, plus } from '../time.ts';

/** The seller's decision that accounts may enrol without an invitation. */
export interface OpenEnrolment {
  /** How many accounts may begin to enrol in one clock hour. 0: none any more, but the stacks that try do not fail for it. */
  readonly perHour: number;
}

/** A stack whose account shows no license for this long does not belong to a buyer. */
const ENROLMENT_LASTS = DAY;
/** Much less than the 15 minutes between sweeps, as one tick may be checked late and the next one early. */
const LEAST_BETWEEN_LOOKS = 5 * MINUTE;

/**
 * In an hour, this many times more accounts are tried than may enrol. Anyone may name any account, and a stranger's message costs a few
 * calls of AWS before it is refused. An account whose role lets the watcher in uses up one place; any other uses up none.
 */
export const TRIES_FOR_EACH_PLACE = 10;

/** The unique part of a stack's ID. Only CloudFormation assigns it, so no other stack's role demands it as ExternalId. */
function ownExternalId(stackId: string): string {
  return stackId.slice(stackId.lastIndexOf('/') + 1);
}

/** True if the claim refers to the stack itself, not to an invitation. */
export function refersToItself({ stackId, externalId }: RegistrationClaim): boolean {
  return stackId !== null && externalId === ownExternalId(stackId);
}

/** The profile of an account that nobody invited, with what is known from before. Its name is the account ID until the seller sets one. */
export function newcomer(
  previous: Buyer | undefined,
  claim: RegistrationClaim,
  now: Instant,
): Buyer {
  return {
    buyerAccountId: claim.accountId,
    name: previous?.name ?? claim.accountId,
    productIds: previous?.productIds ?? [],
    status: 'enrolling',
    externalId: claim.externalId,
    invitedAt: now,
    registration: null,
    enrolment: { since: now, lookedAt: now },
    ...(previous !== undefined && sellersOwn(previous)),
  };
}

/** The instant at which the buyer's enrolment ends. Null: this buyer is not enrolling. */
export function enrolsUntil({ status, enrolment }: Buyer): Instant | null {
  return status === 'enrolling' && enrolment !== undefined
    ? plus(enrolment.since, ENROLMENT_LASTS)
    : null;
}

/** What remains of a buyer whose enrolment failed: a buyer who was watched before has left; of any other nothing remains (undefined). */
export function withoutEnrolment(buyer: Buyer): Buyer | undefined {
  return buyer.productIds.length === 0 ? undefined : { ...buyer, status: 'left' };
}

/** The profile as it counts now: one whose enrolment time is over may still be stored. */
export function standingProfile(buyer: Buyer | undefined, now: Instant): Buyer | undefined {
  if (buyer === undefined) return undefined;
  const until = enrolsUntil(buyer);
  return until !== null && until <= now ? withoutEnrolment(buyer) : buyer;
}

/** The buyer after a look that found no license. The next sweep asks for the next look. */
export function lookedAt<Enrolling extends Buyer>(buyer: Enrolling, at: Instant): Enrolling {
  return buyer.enrolment === undefined
    ? buyer
    : { ...buyer, enrolment: { ...buyer.enrolment, lookedAt: at } };
}

/** True if the last look is long enough ago. Anybody may publish to the registration topic, so repeated requests count as one look. */
export function isLookDue({ enrolment }: Buyer, now: Instant): boolean {
  return enrolment !== undefined && between(enrolment.lookedAt, now) >= LEAST_BETWEEN_LOOKS;
}

/** The buyer as active, now that a license of each of these products was seen. */
export function enrolled<Enrolling extends Buyer>(
  buyer: Enrolling,
  productIds: readonly string[],
): Enrolling {
  return {
    ...buyer,
    status: 'active',
    productIds: [...new Set([...buyer.productIds, ...productIds])],
  };
}

/** Only a license issued by AWS Marketplace proves a purchase: anybody can issue one under the seller's SKU in their own account. */
export function canEnrol({ retired, issuerFingerprint }: Product): boolean {
  return !retired && issuerFingerprint === MARKETPLACE_FINGERPRINT;
}

/** True if one of the licenses proves a purchase of the product, in force now or upcoming. */
export function provesPurchase(
  licenses: readonly License[],
  product: Product,
  now: Instant,
): boolean {
  return licenses.some((license) => {
    if (!canEnrol(product) || license.issuerFingerprint !== MARKETPLACE_FINGERPRINT) return false;
    if (![product.productSku, ...product.formerSkus].includes(license.productSku)) return false;
    return isRunning(licenseStanding(license, now));
  });
}
