import * as z from 'zod/mini';
import { isFleetWide } from '../../lib/domain/check/blindness.ts';
import { farewell, leave, type FarewellClaim } from '../../lib/domain/registration/registration.ts';
import { instant } from '../../lib/domain/time.ts';
import {
  stackAddress,
  type CloudFormationRequest,
  farewellProperties,
} from '../../lib/messages/registration.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { endWatch } from './end-watch.ts';
import { isGone } from './verify-claim.ts';
import { endEnrolment } from './enrolment.ts';
import { TIME_LIMITS, success, type RequestResult } from './answers.ts';

const GONE = success('goodbye');

/**
 * Handles the Delete of the farewell. CloudFormation gets SUCCESS in the end whatever we find, because nobody's deletion may wait for us.
 * But the watch ends only when the role, which the stack deletes first, no longer lets us in.
 */
export async function sayFarewell(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<RequestResult> {
  const claim = claimOf(request);
  if (claim === undefined) {
    return withoutEffect(request, 'its properties are not those of the template', dependencies);
  }
  const buyer = await dependencies.buyers.find(claim.accountId);
  const found = farewell(buyer, claim, dependencies.policy);
  if (found.kind === 'without-effect') return withoutEffect(request, found.reason, dependencies);

  const { roleArn } = found.registration;
  const { buyerAccountId, externalId } = found.buyer;
  const opening = await dependencies.openRole({ buyerAccountId, roleArn, externalId });
  const doubt = await doubtOf(opening, dependencies);
  if (doubt !== undefined) {
    const { limit, reason } = doubt;
    if (ageMilliseconds < TIME_LIMITS[limit]) return { kind: 'later', reason };
    const { stackId } = claim;
    dependencies.log.warn(MESSAGES.farewellDoubted, {
      buyerAccountId,
      stackId,
      reason,
    });
    return GONE;
  }
  const reason = `the buyer deleted the stack ${claim.stackId}`;
  return success(GONE.reason, {}, async () => {
    if (found.buyer.status === 'enrolling') return endEnrolment(found.buyer, reason, dependencies);
    await endWatch(found.buyer, reason, dependencies);
    const left = await dependencies.buyers.put(
      leave(found.buyer),
      buyer,
      instant(dependencies.now()),
    );
    return left ? 'done' : 'again';
  });
}

/**
 * Why the role may still exist. Undefined: it is gone. AWS denies in the same way if the role is gone and if we lack sts:AssumeRole. While
 * a tenth of all checks fail, a denial proves nothing, and anyone who knows an ExternalId could end a watch. In doubt the buyer stays under
 * watch and is told as blind.
 */
async function doubtOf(
  opening: Opening,
  { ticks, now }: RegisterBuyerDependencies,
): Promise<{ readonly limit: keyof typeof TIME_LIMITS; readonly reason: string } | undefined> {
  if (opening.kind === 'open')
    return { limit: 'blind', reason: 'the reading role can still be assumed' };
  if (!isGone(opening)) return { limit: opening.kind, reason: opening.detail };
  const fleet = await ticks.worst(instant(now()));
  if (!isFleetWide(fleet)) return undefined;
  const { failed, checks } = fleet;
  return {
    limit: 'trouble',
    reason: `${failed} of ${checks} checks fail at present: ${opening.detail}`,
  };
}

function claimOf(request: CloudFormationRequest): FarewellClaim | undefined {
  const stack = stackAddress(request.StackId);
  const properties = z.safeParse(farewellProperties, request.ResourceProperties).data;
  if (stack === undefined || properties === undefined) return undefined;
  return {
    stackId: request.StackId,
    accountId: stack.accountId,
    deployment: properties.Deployment,
    externalId: properties.ExternalId,
  };
}

function withoutEffect(
  { StackId: stackId }: CloudFormationRequest,
  reason: string,
  { log }: RegisterBuyerDependencies,
): RequestResult {
  log.info(MESSAGES.farewellWithoutEffect, { stackId, reason });
  return GONE;
}
