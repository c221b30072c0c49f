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
import { RETRY_SECONDS, failed, success, type RequestResult } from './answers.ts';
import { register } from './register.ts';
import { sayFarewell } from './say-farewell.ts';
import { quoted } from '../../lib/domain/outside-text.ts';

export interface BatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * Handles the messages of the registration queue side by side, so that none waits for another's answer. The returned failures are the
 * messages that must come again.
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
 * Lets messages of one invocation that ask for the same look share it. Anyone who knows a buyer's parameters can send them a thousand
 * times: only the answer shows that the signature is not CloudFormation's, and until then each message would cost as much as a
 * registration.
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
    // Anyone may publish to the topic, so malformed messages are dropped: strangers must not fill our dead-letter queue.
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
  // A process that dies after this line receives the message again. Its signature is still good, so it is answered again and takes effect.
  return effect === null ? 'done' : effect();
}

function consider(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<RequestResult> | RequestResult {
  const { RequestType, ResourceType } = request;
  if (ResourceType === FAREWELL_RESOURCE) {
    return RequestType === 'Delete'
      ? sayFarewell(request, ageMilliseconds, dependencies)
      : success('noted');
  }
  // A registration that is deleted alone, by a rollback or by hand, ends nothing. The farewell ends the watch, once the role is gone.
  if (RequestType === 'Delete') return success('nothing to delete');
  return ResourceType === REGISTRATION_RESOURCE
    ? register(request, ageMilliseconds, dependencies)
    : failed(
        `ResourceType is ${quoted(ResourceType)}, expected ${REGISTRATION_RESOURCE} or ${FAREWELL_RESOURCE}`,
      );
}

/**
 * The physical ID, which is the same for every stack of an account: a different one would make CloudFormation delete "the old resource". A
 * Delete is answered with the ID that it names, which is CloudFormation's own if a Create was never answered.
 */
function physicalIdOf(request: CloudFormationRequest, deployment: string): string {
  const accountId = stackAddress(request.StackId)?.accountId ?? '';
  const role = request.ResourceType === FAREWELL_RESOURCE ? 'farewell' : 'registration';
  return request.PhysicalResourceId ?? `license-watcher-${deployment}-${accountId}-${role}`;
}

/** Handles the seller's revocation. The profile counts, not the message. */
async function endRevoked(
  { buyerAccountId }: Revocation,
  dependencies: RegisterBuyerDependencies,
): Promise<'done'> {
  const buyer = await dependencies.buyers.find(buyerAccountId);
  if (buyer?.status === 'revoked')
    await endWatch(buyer, 'the seller revoked the invitation', dependencies);
  return 'done';
}
