import type { SelfTest } from '../../lib/domain/registration/self-test.ts';
import * as MESSAGES from '../../lib/observability/message-codes.ts';
import { readBody } from '../../lib/observability/events.ts';
import { FAREWELL_RESOURCE, METRICS, REGISTRATION_RESOURCE } from '../../lib/messages/names.ts';
import {
  stackAddress,
  type CloudFormationRequest,
  registrationMessage,
  type Revocation,
} from '../../lib/messages/registration.ts';
import type { Opening, QueuedMessage, RegisterBuyerDependencies } from './dependencies.ts';
import { endWatch } from './end-watch.ts';
import { checkEnrolment } from './enrolment.ts';
import { RETRY_SECONDS, failed, success, type Verdict } from './answers.ts';
import { register } from './register.ts';
import { sayFarewell } from './say-farewell.ts';
import { quoted } from '../../lib/domain/outside-text.ts';

export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Takes the messages of the registration queue side by side, each for itself, so that none waits for another's answer; those that are
 * to come again are the failures.
 */
export async function registerBuyers(
  messages: readonly QueuedMessage[],
  dependencies: RegisterBuyerDependencies,
): Promise<BatchResponse> {
  const sharing = { ...dependencies, openRole: openedOnce(dependencies) };
  const again = await Promise.all(messages.map((message) => comesAgain(message, sharing)));
  return {
    batchItemFailures: messages
      .filter((_, at) => again[at])
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/**
 * Messages of one invocation that ask for the same look share it. Whoever knows a buyer's parameters can send them a thousand times:
 * only the answer tells that the signature is none of CloudFormation's, and until then each would cost what a registration costs.
 */
function openedOnce({
  openRole,
}: RegisterBuyerDependencies): RegisterBuyerDependencies['openRole'] {
  const openings = new Map<string, Promise<Opening>>();
  return (role) =>
    shared(openings, role, async () => {
      const opening = await openRole(role);
      if (opening.kind !== 'open') return opening;
      const tests = new Map<string, Promise<SelfTest>>();
      return {
        ...opening,
        selfTest: ({ checkId, ...subject }) =>
          shared(tests, subject, () => opening.selfTest({ checkId, ...subject })),
      };
    });
}

function shared<Result>(
  begun: Map<string, Promise<Result>>,
  asked: object,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = JSON.stringify(asked);
  const result = begun.get(key) ?? work();
  begun.set(key, result);
  return result;
}

async function comesAgain(
  message: QueuedMessage,
  dependencies: RegisterBuyerDependencies,
): Promise<boolean> {
  const { messageId, receiptHandle } = message;
  const { log } = dependencies;
  try {
    if ((await take(message, dependencies)) === 'done') return false;
  } catch (error) {
    const receiveCount = Number(message.attributes.ApproximateReceiveCount);
    log.error(MESSAGES.messageFailed, { messageId, receiveCount }, error);
  }
  try {
    await dependencies.postpone(receiptHandle, RETRY_SECONDS);
  } catch (error) {
    log.error(MESSAGES.registrationNotPostponed, { messageId }, error);
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
    const { problem } = read;
    // Anyone may publish to the topic: dropped, so that strangers cannot fill our dead letters.
    dependencies.log.warn(MESSAGES.registrationMalformed, { messageId, problem });
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
  const { log, meter } = dependencies;
  const {
    StackId: stackId,
    RequestType: requestType,
    LogicalResourceId: logicalResourceId,
  } = request;
  const address = dependencies.responseAddress(request);
  if (address.kind === 'forged') {
    log.warn(MESSAGES.registrationForged, { stackId, reason: address.reason });
    return 'done';
  }
  const age = dependencies.now() - Number(message.attributes.SentTimestamp);
  const verdict = await consider(request, age, dependencies);
  if (verdict.kind === 'later') {
    log.info(MESSAGES.registrationPostponed, {
      stackId,
      seconds: RETRY_SECONDS,
      reason: verdict.reason,
    });
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
    const keys = { stackId, reason: delivery.reason };
    if (effect === null) log.warn(MESSAGES.registrationAnswerRefused, keys);
    else {
      meter.measure(METRICS.registrationsWithheld, 1);
      log.warn(MESSAGES.registrationWithheld, keys);
    }
    return 'done';
  }
  const keys = { stackId, requestType, logicalResourceId, status, reason };
  if (status === 'FAILED') log.warn(MESSAGES.registrationRefused, keys);
  else log.info(MESSAGES.registrationAnswered, keys);
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
