import { readBody } from '../../lib/observability/events.ts';
import { FAREWELL_RESOURCE, REGISTRATION_RESOURCE } from '../../lib/messages/names.ts';
import {
  stackAddress,
  type CloudFormationRequest,
  registrationMessage,
  type Revocation,
} from '../../lib/messages/registration.ts';
import type { QueuedMessage, RegisterBuyerDependencies } from './dependencies.ts';
import { endWatch } from './end-watch.ts';
import { checkEnrolment } from './enrolment.ts';
import { RETRY_SECONDS, failed, success, type Verdict } from './answers.ts';
import { register } from './register.ts';
import { sayFarewell } from './say-farewell.ts';
import { quoted } from '../../lib/domain/outside-text.ts';

export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** Takes the messages of the registration queue, each for itself; those that are to come again are the failures. */
export async function registerBuyers(
  messages: readonly QueuedMessage[],
  dependencies: RegisterBuyerDependencies,
): Promise<BatchResponse> {
  const again = await Promise.all(messages.map((message) => comesAgain(message, dependencies)));
  return {
    batchItemFailures: messages
      .filter((_, at) => again[at])
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

async function comesAgain(
  message: QueuedMessage,
  dependencies: RegisterBuyerDependencies,
): Promise<boolean> {
  const { messageId, receiptHandle } = message;
  try {
    if ((await take(message, dependencies)) === 'done') return false;
  } catch (error) {
    const receiveCount = Number(message.attributes.ApproximateReceiveCount);
    dependencies.report({ type: 'MessageFailed', messageId, receiveCount, error });
  }
  try {
    await dependencies.postpone(receiptHandle, RETRY_SECONDS);
  } catch (error) {
    dependencies.report({ type: 'PostponeFailed', messageId, error });
  }
  return true;
}

async function take(
  message: QueuedMessage,
  dependencies: RegisterBuyerDependencies,
): Promise<'done' | 'again'> {
  const read = readBody(message.body, registrationMessage);
  if ('problem' in read) {
    const { messageId } = message;
    dependencies.report({ type: 'MessageMalformed', messageId, problem: read.problem });
    return 'done';
  }
  const request = read.body;
  if (!('kind' in request)) return takeRequest(request, message, dependencies);
  switch (request.kind) {
    case 'revoked':
      return endRevoked(request, dependencies);
    case 'enrolment':
      return checkEnrolment(request, dependencies);
  }
}

async function takeRequest(
  request: CloudFormationRequest,
  message: QueuedMessage,
  dependencies: RegisterBuyerDependencies,
): Promise<'done' | 'again'> {
  const { report } = dependencies;
  const {
    StackId: stackId,
    RequestType: requestType,
    LogicalResourceId: logicalResourceId,
  } = request;
  const address = dependencies.responseAddress(request);
  if (address.kind === 'forged') {
    report({ type: 'ResponseAddressForged', stackId, reason: address.reason });
    return 'done';
  }
  const age = dependencies.now() - Number(message.attributes.SentTimestamp);
  const verdict = await consider(request, age, dependencies);
  if (verdict.kind === 'later') {
    report({ type: 'RequestPostponed', stackId, seconds: RETRY_SECONDS, reason: verdict.reason });
    return 'again';
  }
  const { status, reason, data, effect } = verdict;
  const physicalResourceId = physicalIdOf(request, dependencies.policy.deployment);
  const delivery = await dependencies.deliver(address.url, request, {
    status,
    reason,
    physicalResourceId,
    data,
  });
  if (delivery.kind === 'refused') {
    report({ type: 'AnswerRefused', stackId, reason: delivery.reason, withheld: effect !== null });
    return 'done';
  }
  report({ type: 'RequestAnswered', stackId, requestType, logicalResourceId, status, reason });
  // Whoever dies from here on receives the message again, and its signature is still good: it is answered and takes effect.
  return effect === null ? 'done' : effect();
}

function consider(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<Verdict> | Verdict {
  const { RequestType, ResourceType } = request;
  if (ResourceType === FAREWELL_RESOURCE) {
    return RequestType === 'Delete'
      ? sayFarewell(request, ageMilliseconds, dependencies)
      : success('noted');
  }
  // Deleted alone, by a rollback or by hand, the registration ends nothing: the farewell does, once the role is gone.
  if (RequestType === 'Delete') return success('nothing to delete');
  return ResourceType === REGISTRATION_RESOURCE
    ? register(request, ageMilliseconds, dependencies)
    : failed(
        `ResourceType is ${quoted(ResourceType)}, expected ${REGISTRATION_RESOURCE} or ${FAREWELL_RESOURCE}`,
      );
}

/**
 * The same for every stack of an account: another one would have CloudFormation delete "the old resource". A Delete is
 * answered with the ID it names, which is CloudFormation's own where a Create was never answered.
 */
function physicalIdOf(request: CloudFormationRequest, deployment: string): string {
  const accountId = stackAddress(request.StackId)?.accountId ?? '';
  const role = request.ResourceType === FAREWELL_RESOURCE ? 'farewell' : 'registration';
  return request.PhysicalResourceId ?? `license-watcher-${deployment}-${accountId}-${role}`;
}

/** The seller revoked: what counts is the profile, not the message. */
async function endRevoked(
  { buyerAccountId }: Revocation,
  dependencies: RegisterBuyerDependencies,
): Promise<'done'> {
  const buyer = await dependencies.buyers.find(buyerAccountId);
  if (buyer?.status === 'revoked')
    await endWatch(buyer, 'the seller revoked the invitation', dependencies);
  return 'done';
}
