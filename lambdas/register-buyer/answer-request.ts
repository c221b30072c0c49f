import { invitedBuyer, watchedBuyer } from '../../lib/domain/registration/buyer.ts';
import { withoutSecret } from '../../lib/domain/registration/self-test.ts';
import type {
  RegisterAnswer,
  RegisterRequest,
  SelfTestAnswer,
  SelfTestRequest,
} from '../../lib/messages/requests.ts';
import { BUYER_TEMPLATE_VERSION, NOTICE_TOPIC_PATTERN } from '../../lib/messages/names.ts';
import { attributesOf } from './answers.ts';
import type { RegisterBuyerDependencies } from './dependencies.ts';
import { verifyClaim } from './verify-claim.ts';
import { watchedProducts } from './enrolment.ts';
import { quoted } from '../../lib/domain/outside-text.ts';

export interface Invocation {
  readonly requestId: string;
  /** The AWS partition of the watcher, and so of its buyers. */
  readonly partition: string;
}

export function answerRequest(
  request: RegisterRequest | SelfTestRequest,
  invocation: Invocation,
  dependencies: RegisterBuyerDependencies,
): Promise<RegisterAnswer | SelfTestAnswer> {
  switch (request.request) {
    case 'register':
      return register(request, invocation, dependencies);
    case 'self-test':
      return selfTest(request, invocation, dependencies);
  }
}

/**
 * Registers the role and topic of an invited buyer, for which the seller vouches. They are verified as a stack's are, but there is no
 * waiting.
 */
async function register(
  { request, buyerAccountId, roleArn, noticeTopicArn, probe, shareUsage }: RegisterRequest,
  { requestId, partition }: Invocation,
  dependencies: RegisterBuyerDependencies,
): Promise<RegisterAnswer> {
  const told = { format: 1, request, buyerAccountId } as const;
  const invited = invitedBuyer(await dependencies.buyers.find(buyerAccountId), buyerAccountId);
  if (invited.kind === 'refused')
    return { ...told, outcome: 'refused', problem: invited.problem, words: invited.words };
  const refused = (words: string): RegisterAnswer => ({
    ...told,
    outcome: 'refused',
    problem: 'refused',
    words,
  });
  const topicName = noticeTopicArn.split(':').at(-1) ?? '';
  if (!NOTICE_TOPIC_PATTERN.test(topicName)) {
    return refused(
      `the topic is called ${quoted(topicName)}; the watcher may only use topics called <prefix>-NoticeTopic-<suffix>, as CloudFormation names the topic of the buyer stack: the buyer has to name it so`,
    );
  }
  const { externalId } = invited.buyer;
  const verification = await verifyClaim(
    {
      stackId: null,
      accountId: buyerAccountId,
      partition,
      deployment: dependencies.policy.deployment,
      externalId,
      roleArn,
      noticeTopicArn,
      // Whoever builds role and topic by hand grants what is needed today. What a later template adds is "not granted yet".
      templateVersion: BUYER_TEMPLATE_VERSION,
      probe,
      shareUsage,
      // The topic is the buyer's own, and nobody told us whom it reaches.
      addresses: [],
      reminderDays: null,
    },
    requestId,
    dependencies,
  );
  switch (verification.kind) {
    case 'registered':
      // The caller has already proved to AWS that they may ask, so the effect waits for no answer.
      if ((await verification.effect()) === 'again')
        return refused(`the profile of ${buyerAccountId} changed meanwhile: run the command again`);
      return withoutSecret(
        { ...told, outcome: 'registered', selfTest: attributesOf(verification.selfTest) } as const,
        externalId,
      );
    case 'refused':
    case 'unwatched':
      return withoutSecret(refused(verification.words), externalId);
    case 'enrolling':
      return refused(
        `account ${buyerAccountId} is enrolling until ${verification.until} by a stack of its own: give "license-watcher invite" for it first, which makes it a buyer at once`,
      );
    case 'not-opened': {
      const { cause, detail } = verification.opening;
      return withoutSecret({ ...told, outcome: 'not-opened', cause, detail } as const, externalId);
    }
  }
}

/** Runs the self-test of a registration on what is registered. Nothing of it is remembered. */
async function selfTest(
  { request, buyerAccountId }: SelfTestRequest,
  { requestId }: Invocation,
  dependencies: RegisterBuyerDependencies,
): Promise<SelfTestAnswer> {
  const told = { format: 1, request, buyerAccountId } as const;
  const watched = watchedBuyer(await dependencies.buyers.find(buyerAccountId), buyerAccountId);
  if (watched.kind === 'refused')
    return { ...told, outcome: 'refused', problem: watched.problem, words: watched.words };
  const { externalId, registration } = watched.buyer;
  const { roleArn, noticeTopicArn, probe, shareUsage, stackId } = registration;
  const opening = await dependencies.openRole({ buyerAccountId, roleArn, externalId });
  if (opening.kind !== 'open') {
    const { cause, detail } = opening;
    return withoutSecret({ ...told, outcome: 'not-opened', cause, detail } as const, externalId);
  }
  const found = await opening.selfTest({
    buyerAccountId,
    products: watchedProducts(watched.buyer, dependencies),
    noticeTopicArn,
    probe,
    shareUsage,
    hasStack: stackId !== null,
    checkId: `self-test-${requestId}`,
  });
  return withoutSecret(
    { ...told, outcome: 'tested', selfTest: attributesOf(found) } as const,
    externalId,
  );
}
