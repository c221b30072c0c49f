import { type Buyer, type RegistrationClaim, sellersOwn } from './buyer.ts';
import { isRunning } from '../license/canonical-state.ts';
import type { License } from '../license/contract.ts';
import { MARKETPLACE_FINGERPRINT, type Product } from '../license/product.ts';

import { licenseStanding } from '../license/standing.ts';
import { between, DAY, type Instant, MINUTE, plus } from '../time.ts';

/** What the seller decided: accounts may enrol without an invitation. */
export interface OpenEnrolment {
  /** Accounts that may begin to enrol in one clock hour. 0: none any more, and the stacks that would are not failed for it. */
  readonly perHour: number;
}

/** A stack that shows no license for so long is none of a buyer. */
const ENROLMENT_LASTS = DAY;
/** Sweeps are 15 minutes apart; of two ticks one may be checked late and the other early. */
const LEAST_BETWEEN_LOOKS = 5 * MINUTE;

/**
 * A stranger's message costs a few calls of AWS before it is refused, and anyone may name any account: so many times more
 * accounts are tried in an hour than may enrol in it. Whoever lets the watcher in has used up one place, whoever does not, none.
 */
export const TRIES_FOR_EACH_PLACE = 10;

/** The unique part of a stack's ID, which CloudFormation alone gives out: what no other stack's role demands. */
function ownExternalId(stackId: string): string {
  return stackId.slice(stackId.lastIndexOf('/') + 1);
}

/** A claim that refers to no invitation, but to the stack itself. */
export function refersToItself({ stackId, externalId }: RegistrationClaim): boolean {
  return stackId !== null && externalId === ownExternalId(stackId);
}

/** Somebody whom nobody invited; what is known of an earlier time is kept. Named by the account ID until the seller does. */
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

/** Null: this buyer is not enrolling. */
export function enrolsUntil({ status, enrolment }: Buyer): Instant | null {
  return status === 'enrolling' && enrolment !== undefined
    ? plus(enrolment.since, ENROLMENT_LASTS)
    : null;
}

/** What remains of a buyer whose enrolment came to nothing: who was watched before has left; of the others, nothing. */
export function withoutEnrolment(buyer: Buyer): Buyer | undefined {
  return buyer.productIds.length === 0 ? undefined : { ...buyer, status: 'left' };
}

/** What a profile says now, as one whose time is over may not be cleared away yet. */
export function standingProfile(buyer: Buyer | undefined, now: Instant): Buyer | undefined {
  if (buyer === undefined) return undefined;
  const until = enrolsUntil(buyer);
  return until !== null && until <= now ? withoutEnrolment(buyer) : buyer;
}

/** A license was looked for and not found: the next sweep asks for the next look. */
export function lookedAt<Enrolling extends Buyer>(buyer: Enrolling, at: Instant): Enrolling {
  return buyer.enrolment === undefined
    ? buyer
    : { ...buyer, enrolment: { ...buyer.enrolment, lookedAt: at } };
}

/** Anybody may publish to the registration topic: a look that was asked for again and again is one look. */
export function isLookDue({ enrolment }: Buyer, now: Instant): boolean {
  return enrolment !== undefined && between(enrolment.lookedAt, now) >= LEAST_BETWEEN_LOOKS;
}

/** The buyer is one from now on: of these products a license was seen. */
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

/** Anybody can issue a license under the seller's SKU in their own account, but only AWS Marketplace in Marketplace's. */
export function canEnrol({ retired, issuerFingerprint }: Product): boolean {
  return !retired && issuerFingerprint === MARKETPLACE_FINGERPRINT;
}

/** Whether one of these proves a purchase of the product that counts now or will. */
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
