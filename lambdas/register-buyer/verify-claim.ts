import type { Buyer, RegistrationClaim } from '../../lib/domain/registration/buyer.ts';
import {
  enrolsUntil,
  newcomer,
  standingProfile,
  TRIES_FOR_EACH_PLACE,
} from '../../lib/domain/registration/enrolment.ts';
import type { EnrolmentStep } from '../../lib/domain/ports.ts';
import {
  admit,
  bind,
  boundElsewhere,
  choiceProblem,
  mayEnrol,
  tooManyRegistrations,
  withRegistration,
} from '../../lib/domain/registration/registration.ts';
import { type SelfTest, selfTestWords } from '../../lib/domain/registration/self-test.ts';
import { instant, type Instant } from '../../lib/domain/time.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Effect } from './answers.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { afterEnrolmentCheck, welcome, queueCheck, watchedProducts } from './enrolment.ts';

/** The result of verifying a claim. */
export type Verification =
  | { readonly kind: 'registered'; readonly selfTest: SelfTest; readonly effect: Effect }
  /** The claim has no invitation: the account is watched once a license is seen. */
  | {
      readonly kind: 'enrolling';
      readonly selfTest: SelfTest;
      readonly until: Instant;
      readonly effect: Effect;
    }
  /** A stack that would enrol is not watched, through no fault of its own. `words` are for its owner. */
  | { readonly kind: 'unwatched'; readonly words: string }
  /** Refused for good. `words` are for whoever made the claim. */
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not-opened'; readonly opening: Exclude<Opening, { kind: 'open' }> };

/**
 * Verifies a claim, whatever was believed before. Changes nothing itself: the changes are in `effect`. `requestId` is the same in every
 * redelivery.
 */
export async function verifyClaim(
  claim: RegistrationClaim,
  requestId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<Verification> {
  const { accountId: buyerAccountId, roleArn, externalId } = claim;
  const { buyers, policy, log } = dependencies;
  const checkId = `registration-${requestId}`;
  const now = instant(dependencies.now());
  const found = await buyers.find(buyerAccountId);
  const admission = admit(standingProfile(found, now), claim, policy);
  if (admission.kind === 'refused' || admission.kind === 'unwatched') return admission;
  const isNew = admission.kind === 'newcomer';
  const ours = mayEnrol(claim, policy) ? 'unwatched' : 'refused';
  const tooMany = claim.stackId === null ? undefined : tooManyRegistrations(found, requestId, now);
  if (tooMany !== undefined) return { kind: ours, words: tooMany };
  if (isNew && !(await hasPlace('tried', buyerAccountId, now, dependencies))) return FULL;

  const opening = await dependencies.openRole({ buyerAccountId, roleArn, externalId });
  if (opening.kind !== 'open') return { kind: 'not-opened', opening };
  if (isNew && !(await hasPlace('begun', buyerAccountId, now, dependencies))) return FULL;
  if (admission.kind === 'bound-elsewhere') {
    // The farewell of the other stack may have been lost: a stack holds the invitation only while its role works.
    const { holder } = admission;
    const other = await dependencies.openRole({
      buyerAccountId,
      roleArn: holder.roleArn,
      externalId: found?.externalId ?? '',
    });
    if (other.kind === 'trouble') return { kind: 'not-opened', opening: other };
    if (!isGone(other)) return { kind: ours, words: boundElsewhere(holder) };
  }

  const buyer = isNew ? newcomer(admission.previous, claim, now) : admission.buyer;
  const { noticeTopicArn, probe, shareUsage } = claim;
  const products = watchedProducts(buyer, dependencies);
  const problem = choiceProblem(claim, products, found?.registration ?? null);
  // A newcomer's stack is the product's own and must deploy, watched or not.
  if (problem !== undefined) return { kind: isNew ? 'unwatched' : 'refused', words: problem };
  const hasStack = claim.stackId !== null;
  const tried = {
    buyerAccountId,
    products,
    noticeTopicArn,
    probe,
    shareUsage,
    hasStack,
    checkId,
  };
  const selfTest = await opening.selfTest(tried);
  const words = selfTestWords(selfTest);
  const bound = bind(buyer, claim, words, now);
  const looked =
    bound.status === 'enrolling' ? await afterEnrolmentCheck(bound, opening, dependencies) : bound;
  const next = hasStack ? withRegistration(looked, requestId, now) : looked;
  const until = enrolsUntil(next);
  const effect: Effect = async () => {
    if (!(await buyers.put(next, found, now))) return 'again';
    if (until !== null) {
      log.info(MESSAGES.enrolmentBegan, { buyerAccountId, until });
      return 'done';
    }
    const { stackId } = claim;
    log.info(MESSAGES.buyerRegistered, { buyerAccountId, stackId, selfTest: words });
    if (buyer.status === 'enrolling') await welcome(next, checkId, dependencies);
    else await queueCheck(next, checkId, dependencies);
    return 'done';
  };
  return until === null
    ? { kind: 'registered', selfTest, effect }
    : { kind: 'enrolling', selfTest, until, effect };
}

const FULL: Verification = {
  kind: 'unwatched',
  words:
    'no more accounts can enrol in this hour: update the stack later (any change of a parameter will do), or ask the seller for an invitation',
};

/** Counts the account. False: the seller lets no more accounts get this far in this hour. */
async function hasPlace(
  step: EnrolmentStep,
  buyerAccountId: Buyer['buyerAccountId'],
  now: Instant,
  { policy, enrolments, log }: RegisterBuyerDependencies,
): Promise<boolean> {
  const perHour = policy.openEnrolment?.perHour ?? 0;
  const most = step === 'tried' ? perHour * TRIES_FOR_EACH_PLACE : perHour;
  if (await enrolments.count(step, buyerAccountId, most, now)) return true;
  const whom = step === 'tried' ? 'were tried' : 'began to enrol';
  const reason = `${most} accounts ${whom} in this hour`;
  log.warn(MESSAGES.enrolmentFull, { buyerAccountId, reason });
  return false;
}

/** True if the role no longer exists or no longer trusts us. Any other failure proves nothing. */
export function isGone(opening: Opening): boolean {
  return opening.kind === 'blind' && opening.cause === 'role-missing-or-untrusting';
}
