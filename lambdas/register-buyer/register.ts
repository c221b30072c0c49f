import type { RegistrationClaim } from '../../lib/domain/registration/buyer.ts';
import * as z from 'zod/mini';
import { mayEnrol, roleRefused } from '../../lib/domain/registration/registration.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { NOTICE_EMAILS } from '../../lib/messages/names.ts';
import {
  stackAddress,
  type CloudFormationRequest,
  registrationProperties,
} from '../../lib/messages/registration.ts';
import {
  attributesOf,
  unregisteredAttributes,
  TIME_LIMITS,
  failed,
  success,
  type RequestResult,
} from './answers.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { verifyClaim } from './verify-claim.ts';

/** Handles the Create and the Update of the registration. Both run the same verification, whatever was believed before. */
export async function register(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<RequestResult> {
  const claim = claimOf(request);
  if (typeof claim === 'string') return failed(claim);
  const verification = await verifyClaim(claim, request.RequestId, dependencies);
  switch (verification.kind) {
    case 'registered':
      return success('registered', attributesOf(verification.selfTest), verification.effect);
    case 'enrolling': {
      const attributes = attributesOf(verification.selfTest);
      const SelfTest = `${enrollingWords(verification.until)} ${attributes.SelfTest}`;
      return success('enrolling', { ...attributes, SelfTest }, verification.effect);
    }
    case 'unwatched':
      return unwatched(verification.words);
    case 'refused':
      return failed(verification.words);
    case 'not-opened':
      return notOpened(verification.opening, claim, ageMilliseconds, dependencies);
  }
}

/** Reads the claim, or returns what is wrong with the properties, in words for the owner of the stack. */
function claimOf(request: CloudFormationRequest): RegistrationClaim | string {
  const stack = stackAddress(request.StackId);
  const parsed = z.safeParse(registrationProperties, request.ResourceProperties);
  if (stack === undefined) return `StackId is no stack: ${request.StackId}`;
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    return `properties of the registration are wrong (${problems.join('; ')}): deploy the template of the invitation unchanged`;
  }
  const {
    Deployment,
    ExternalId,
    ReadingRoleArn,
    NoticeTopicArn,
    TemplateVersion,
    Probe,
    ShareUsage,
    ReminderDays,
  } = parsed.data;
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
    addresses: NOTICE_EMAILS.map((name) => parsed.data[name] ?? '').filter((each) => each !== ''),
    reminderDays: ReminderDays,
  };
}

function notOpened(
  opening: Exclude<Opening, { kind: 'open' }>,
  claim: RegistrationClaim,
  ageMilliseconds: number,
  { policy }: RegisterBuyerDependencies,
): RequestResult {
  if (ageMilliseconds < TIME_LIMITS[opening.kind]) return { kind: 'later', reason: opening.detail };
  const words =
    opening.kind === 'blind'
      ? roleRefused(claim, opening.detail)
      : `AWS did not let us verify the reading role (${opening.detail}): try the stack again in a while`;
  return mayEnrol(claim, policy) ? unwatched(words) : failed(words);
}

/** Answers SUCCESS, because the stack may be the product's own: being watched or not must not decide whether the product is deployed. */
function unwatched(words: string): RequestResult {
  return success('not registered', unregisteredAttributes(words));
}

function enrollingWords(until: Instant): string {
  return `Not watched yet: watching begins when a license of the seller's products is seen in this account, if that happens before ${until}. What was tried:`;
}
