import * as z from 'zod/mini';
import type { Buyer } from '../../lib/domain/buyer.ts';
import { admit, bind, boundElsewhere, roleRefused, type RegistrationClaim } from '../../lib/domain/registration.ts';
import { findingWords, selfTestWords, type SelfTest } from '../../lib/domain/self-test.ts';
import { instant } from '../../lib/domain/time.ts';
import type { CheckBuyers } from '../../lib/schemas/check-buyers.ts';
import { stackAddress, type CloudFormationRequest } from '../../lib/schemas/cloudformation-request.ts';
import { registrationProperties } from '../../lib/schemas/registration.ts';
import type { Opening, RegisterBuyerDependencies } from './dependencies.ts';
import { isGone } from './is-gone.ts';
import { PATIENCE } from './patience.ts';
import { failed, success, type Attributes, type Verdict } from './verdict.ts';

/** Lost races with the command line or a redelivery before we leave it to the next receive. */
const MOST_RACES = 3;

/** The Create and the Update of the registration: the same verification, whatever was believed before. */
export async function register(
  request: CloudFormationRequest,
  ageMilliseconds: number,
  dependencies: RegisterBuyerDependencies,
): Promise<Verdict> {
  const claim = claimOf(request);
  if (typeof claim === 'string') return failed(claim);
  const checkId = `registration-${request.RequestId}`;
  for (let race = 0; race < MOST_RACES; race += 1) {
    const buyer = await dependencies.buyers.find(claim.accountId);
    const admission = admit(buyer, claim, dependencies.desk);
    if (admission.kind === 'refused') return failed(admission.words);

    const opening = await dependencies.openRole({
      buyerAccountId: claim.accountId,
      roleArn: claim.roleArn,
      externalId: claim.externalId,
    });
    if (opening.kind !== 'open') return notOpened(opening, claim, ageMilliseconds);
    if (admission.kind === 'bound-elsewhere') {
      // Its farewell may have been lost: only a stack whose role still works holds the invitation.
      const { roleArn } = admission.holder;
      const { externalId } = admission.buyer;
      const other = await dependencies.openRole({ buyerAccountId: claim.accountId, roleArn, externalId });
      if (other.kind === 'trouble') return notOpened(other, claim, ageMilliseconds);
      if (!isGone(other)) return failed(boundElsewhere(admission.holder));
    }

    const selfTest = await opening.selfTest({
      buyerAccountId: claim.accountId,
      products: watchedProducts(admission.buyer, dependencies),
      noticeTopicArn: claim.noticeTopicArn,
      probe: claim.probe,
      shareUsage: claim.shareUsage,
      checkId,
    });
    const words = selfTestWords(selfTest);
    const bound = bind(admission.buyer, claim, words, instant(dependencies.now()));
    if (await dependencies.buyers.put(bound, buyer)) {
      dependencies.report({
        type: 'BuyerRegistered',
        buyerAccountId: claim.accountId,
        stackId: claim.stackId,
        selfTest: words,
      });
      await queueCheck(bound, claim, checkId, dependencies);
      return success('registered', attributesOf(selfTest));
    }
  }
  return { kind: 'later', reason: `the profile of ${claim.accountId} changed ${MOST_RACES} times meanwhile` };
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

function watchedProducts(buyer: Buyer, { products }: RegisterBuyerDependencies) {
  return products.filter(({ id, retired }) => !retired && buyer.productIds.includes(id));
}

async function queueCheck(
  buyer: Buyer,
  claim: RegistrationClaim,
  checkId: string,
  dependencies: RegisterBuyerDependencies,
): Promise<void> {
  const products = watchedProducts(buyer, dependencies);
  if (products.length === 0) return;
  const now = instant(dependencies.now());
  const message: CheckBuyers = {
    format: 1,
    tick: now,
    checkId,
    visibleAt: now,
    buyers: [
      {
        buyerAccountId: buyer.buyerAccountId,
        name: buyer.name,
        roleArn: claim.roleArn,
        externalId: buyer.externalId,
        templateVersion: claim.templateVersion,
        probe: claim.probe,
        shareUsage: claim.shareUsage,
        contracts: products.map(({ id }) => ({ productId: id, digest: null, nextDue: null })),
      },
    ],
  };
  await dependencies.queueCheck(message);
}

function attributesOf(test: SelfTest): Attributes {
  return {
    SelfTest: selfTestWords(test),
    ListLicenses: findingWords(test.ListLicenses),
    GetLicense: findingWords(test.GetLicense),
    Checkout: findingWords(test.Checkout),
    CheckIn: findingWords(test.CheckIn),
    Usage: findingWords(test.Usage),
    Topic: findingWords(test.Topic),
  };
}
