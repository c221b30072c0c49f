import * as z from 'zod/mini';
import { roleRefused, type RegistrationClaim } from '../../lib/domain/registration.ts';
import { stackAddress, type CloudFormationRequest } from '../../lib/schemas/cloudformation-request.ts';
import { registrationProperties } from '../../lib/schemas/registration.ts';
import { attributesOf } from './attributes.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { enroll } from './enroll.ts';
import { PATIENCE } from './patience.ts';
import { failed, success, type Verdict } from './verdict.ts';

/** The Create and the Update of the registration: the same verification, whatever was believed before. */
export async function register(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<Verdict> {
  const claim = claimOf(request);
  if (typeof claim === 'string') return failed(claim);
  const enrolment = await enroll(claim, `registration-${request.RequestId}`, dependencies);
  switch (enrolment.kind) {
    case 'registered':
      return success('registered', attributesOf(enrolment.selfTest));
    case 'refused':
      return failed(enrolment.words);
    case 'not-opened':
      return notOpened(enrolment.opening, claim, ageMilliseconds);
    case 'race':
      return { kind: 'later', reason: enrolment.reason };
  }
}

/** Or, in words for the owner of the stack, what is wrong with its properties. */
function claimOf(request: CloudFormationRequest): RegistrationClaim | string {
  const stack = stackAddress(request.StackId);
  const parsed = z.safeParse(registrationProperties, request.ResourceProperties);
  if (stack === undefined) return `StackId is no stack: ${request.StackId}`;
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return `properties of the registration are wrong (${problems.join('; ')}): deploy the template of the invitation unchanged`;
  }
  const { Deployment, ExternalId, ReadingRoleArn, NoticeTopicArn, TemplateVersion, Probe, ShareUsage } = parsed.data;
  return {
    stackId: request.StackId,
    accountId: stack.accountId,
    partition: stack.partition,
    deployment: Deployment,
    externalId: ExternalId,
    roleArn: ReadingRoleArn,
    noticeTopicArn: NoticeTopicArn,
    templateVersion: TemplateVersion,
    probe: Probe,
    shareUsage: ShareUsage,
  };
}

function notOpened(
  opening: Exclude<Opening, { kind: 'open' }>,
  claim: RegistrationClaim,
  ageMilliseconds: number,
): Verdict {
  if (ageMilliseconds < PATIENCE[opening.kind]) return { kind: 'later', reason: opening.detail };
  return failed(
    opening.kind === 'blind'
      ? roleRefused(claim, opening.detail)
      : `AWS did not let us verify the reading role (${opening.detail}): try the stack again in a while`,
  );
}
