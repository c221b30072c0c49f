import { quoted } from '../outside-text.ts';
import {
  type Buyer,
  type RegisteredBuyer,
  type Registration,
  type RegistrationClaim,
  repeatedAddress,
} from './buyer.ts';
import type { Product } from '../license/product.ts';
import { refersToItself, type OpenEnrolment } from './enrolment.ts';
import type { Instant } from '../time.ts';

export interface FarewellClaim extends Pick<
  RegistrationClaim,
  'accountId' | 'deployment' | 'externalId'
> {
  readonly stackId: string;
}

/** A registration that a stack made. */
export interface StackRegistration extends Registration {
  readonly stackId: string;
}

/** The watcher that received the claim, and what the claim is compared with. */
export interface RegistrationContext {
  readonly deployment: string;
  readonly region: string;
  /** `/license-watcher-buyer/`: the only path the watcher may assume. */
  readonly readingRolePath: string;
  /** Compares in constant time, so that the time taken does not show how much was equal. */
  readonly sameSecret: (given: string, expected: string) => boolean;
  /** Null: nobody may enrol without an invitation. */
  readonly openEnrolment: OpenEnrolment | null;
}

export type Admission =
  /** The claim matches; whether the role can be assumed is still to be tried. */
  | { readonly kind: 'admitted'; readonly buyer: Buyer }
  /** The claim matches, but another stack holds the invitation. The claim is refused if that stack's role still works. */
  | { readonly kind: 'bound-elsewhere'; readonly buyer: Buyer; readonly holder: StackRegistration }
  /** The account has no invitation, and enrolment is open. `previous`: its profile from an earlier time, if there is one. */
  | { readonly kind: 'newcomer'; readonly previous: Buyer | undefined }
  /** The stack refers to no invitation, but the account does not need it or may not enrol. The stack stays, and is not watched. */
  | { readonly kind: 'unwatched'; readonly words: string }
  | { readonly kind: 'refused'; readonly words: string };

/** Checks a claim against the invitation of its account or, where enrolment is open, against the stack's own ID. */
export function admit(
  buyer: Buyer | undefined,
  claim: RegistrationClaim,
  policy: RegistrationContext,
): Admission {
  if (mayEnrol(claim, policy)) return admitWithoutInvitation(buyer, claim, policy);
  if (buyer === undefined || buyer.status === 'enrolling')
    return { kind: 'refused', words: deploymentProblem(claim, policy) ?? unknownInvitation(claim) };
  const problem =
    deploymentProblem(claim, policy) ??
    invitationProblem(buyer, claim, policy) ??
    roleProblem(claim, policy) ??
    topicProblem(claim, policy);
  if (problem !== undefined) return { kind: 'refused', words: problem };
  const holder = holderOf(buyer);
  // A registration without a stack gives way to a stack: the stack is the buyer's own, and verified like any other.
  return holder === undefined || holder.stackId === null || holder.stackId === claim.stackId
    ? { kind: 'admitted', buyer }
    : { kind: 'bound-elsewhere', buyer, holder: { ...holder, stackId: holder.stackId } };
}

/** Enough for a buyer who tries parameters. Without a limit in the hour, a buyer could cause entries and mails at will. */
const MOST_REGISTRATIONS = 10;

/**
 * Why one more registration may not take effect, in words for the owner of the stack. Undefined: it may. Only registrations whose answer
 * CloudFormation took are counted, so that nobody else can use them up. A request that comes again is not counted again.
 */
export function tooManyRegistrations(
  buyer: Buyer | undefined,
  requestId: string,
  now: Instant,
): string | undefined {
  const counted = registrationsOf(buyer, now);
  return counted.length < MOST_REGISTRATIONS || counted.includes(requestId)
    ? undefined
    : `this account has registered ${MOST_REGISTRATIONS} times in the hour from ${hourOf(now)}: deploy the stack again when that is over`;
}

/** The buyer with the registration of this request counted. */
export function withRegistration<Registering extends Buyer>(
  buyer: Registering,
  requestId: string,
  now: Instant,
): Registering {
  const requestIds = [...new Set([...registrationsOf(buyer, now), requestId])];
  return { ...buyer, registrations: { hour: hourOf(now), requestIds } };
}

function registrationsOf(buyer: Buyer | undefined, now: Instant): readonly string[] {
  return buyer?.registrations?.hour === hourOf(now) ? buyer.registrations.requestIds : [];
}

function hourOf(now: Instant): Instant {
  return `${now.slice(0, 13)}:00:00Z` as Instant;
}

/** True if enrolment is open and the claim refers to no invitation. */
export function mayEnrol(
  claim: RegistrationClaim,
  { openEnrolment }: RegistrationContext,
): boolean {
  return openEnrolment !== null && refersToItself(claim);
}

function admitWithoutInvitation(
  buyer: Buyer | undefined,
  claim: RegistrationClaim,
  policy: RegistrationContext,
): Admission {
  const problem =
    deploymentProblem(claim, policy) ?? roleProblem(claim, policy) ?? topicProblem(claim, policy);
  if (problem !== undefined) return { kind: 'refused', words: problem };
  if (buyer === undefined) return { kind: 'newcomer', previous: undefined };
  const words = invitationComesFirst(buyer);
  if (words !== undefined) return { kind: 'unwatched', words };
  const holder = holderOf(buyer);
  if (holder === undefined) return { kind: 'newcomer', previous: buyer };
  // An account that proved to be a buyer remains one, whichever of its stacks registers.
  const bound = { ...buyer, externalId: claim.externalId };
  return holder.stackId === null || holder.stackId === claim.stackId
    ? { kind: 'admitted', buyer: bound }
    : { kind: 'bound-elsewhere', buyer: bound, holder: { ...holder, stackId: holder.stackId } };
}

/** Why the stack may not enrol the account, in words for its owner: the seller already decided on the account. Undefined: it may. */
function invitationComesFirst({
  status,
  enrolment,
  registration,
  buyerAccountId,
}: Buyer): string | undefined {
  if (status === 'revoked') return `the seller does not watch account ${buyerAccountId} any more`;
  if (enrolment !== undefined) return undefined;
  return status === 'active'
    ? `account ${buyerAccountId} is already watched through ${registration?.stackId ?? 'a role that the seller registered'}`
    : `account ${buyerAccountId} has an invitation of the seller, which counts: deploy the stack of that`;
}

/** Why a second stack is refused, in words for its owner. */
export function boundElsewhere(holder: StackRegistration): string {
  return (
    `this account is already watched through the stack ${holder.stackId}, whose role still works: ` +
    'an invitation serves one stack; update that stack, or delete it before you create another'
  );
}

/** The refusal in words for the owner of the stack, once the time that we allow a new role is over. */
export function roleRefused(claim: RegistrationClaim, detail: string): string {
  return (
    `the reading role ${claim.roleArn} cannot be assumed: ${detail}; its trust policy must name the seller's account and the ` +
    'ExternalId as the template does: check both parameters, and that no service control policy forbids sts:AssumeRole'
  );
}

/**
 * What is wrong with the buyer's choices, in words for the owner of the stack. Undefined: nothing. `products`: those that the buyer is or
 * would be watched for. Days that were accepted before are accepted again: the seller may have changed the days since, and the buyer
 * would have to repair a stack that can be neither updated nor rolled back.
 */
export function choiceProblem(
  { addresses, reminderDays }: Pick<RegistrationClaim, 'addresses' | 'reminderDays'>,
  products: readonly Pick<Product, 'reminderDays'>[],
  before: Registration | null,
): string | undefined {
  const repeated = repeatedAddress(addresses);
  if (repeated !== undefined)
    return `NoticeEmail names ${quoted(repeated)} twice: an address is subscribed once, leave the other parameter empty`;
  if (reminderDays === null || same(reminderDays, before?.reminderDays ?? null)) return undefined;
  // The products are retired, or no longer in the settings: there are no days to choose from, and none that were chosen matter.
  if (products.length === 0) return undefined;
  const offered = new Set(products.flatMap((product) => product.reminderDays));
  const others = reminderDays.filter((day) => !offered.has(day));
  if (others.length === 0) return undefined;
  const days = [...offered].toSorted((a, b) => b - a).join(', ');
  return `ReminderDays is ${quoted(reminderDays.join(', '))}, but the seller does not remind on ${others.join(', ')}: choose among ${days}, or leave it empty for all of them`;
}

function same(days: readonly number[], others: readonly number[] | null): boolean {
  return days.length === others?.length && days.every((day) => others.includes(day));
}

/** The buyer as bound to the claim. If the same stack registers again, `registeredAt` stays; only what claim and self-test say changes. */
export function bind(
  buyer: Buyer,
  claim: RegistrationClaim,
  selfTest: string,
  now: Instant,
): RegisteredBuyer {
  const before = holderOf(buyer);
  const { accountId: _, partition: _p, deployment: _d, externalId: _e, ...registered } = claim;
  return {
    ...buyer,
    // An enrolling buyer becomes active when a license is seen, not when it deploys a stack.
    status: buyer.status === 'enrolling' ? 'enrolling' : 'active',
    registration: {
      ...registered,
      registeredAt: before?.stackId === claim.stackId ? before.registeredAt : now,
      selfTest,
    },
  };
}

export type Farewell =
  /** The farewell counts if the role can no longer be assumed. */
  | { readonly kind: 'to-verify'; readonly buyer: Buyer; readonly registration: Registration }
  /** There is nothing to end. `reason` is only for the log, because a deletion never waits for us. */
  | { readonly kind: 'without-effect'; readonly reason: string };

export function farewell(
  buyer: Buyer | undefined,
  claim: FarewellClaim,
  policy: RegistrationContext,
): Farewell {
  const without = (reason: string): Farewell => ({ kind: 'without-effect', reason });
  if (buyer === undefined || buyer.registration === null)
    return without('no stack of this account was ever registered');
  const { registration } = buyer;
  if (registration.stackId !== claim.stackId)
    return without(`the account is bound to ${registration.stackId ?? 'no stack'}`);
  if (
    claim.deployment !== policy.deployment ||
    !policy.sameSecret(claim.externalId, buyer.externalId)
  )
    return without('deployment or ExternalId is not that of the invitation');
  if (buyer.status === 'revoked') return without('the watch ended when the invitation was revoked');
  return { kind: 'to-verify', buyer, registration };
}

/** The buyer after its farewell. The invitation is open again: the same account may register another stack. */
export function leave(buyer: Buyer): Buyer {
  return { ...buyer, status: 'left' };
}

/** The registration that holds the invitation now. */
function holderOf(buyer: Buyer): Registration | undefined {
  const holds = buyer.status === 'active' || buyer.status === 'enrolling';
  return holds && buyer.registration !== null ? buyer.registration : undefined;
}

function deploymentProblem(
  claim: RegistrationClaim,
  policy: RegistrationContext,
): string | undefined {
  return claim.deployment === policy.deployment
    ? undefined
    : `Deployment is ${quoted(claim.deployment)}, but this topic belongs to ${quoted(policy.deployment)}: use the parameters of the invitation unchanged`;
}

function unknownInvitation(claim: RegistrationClaim): string {
  return `account ${claim.accountId} has no invitation: ask the seller to invite this account, or deploy in the account that was invited`;
}

function invitationProblem(
  buyer: Buyer,
  claim: RegistrationClaim,
  policy: RegistrationContext,
): string | undefined {
  if (!policy.sameSecret(claim.externalId, buyer.externalId)) {
    return `ExternalId is not that of the invitation of account ${claim.accountId}: use the parameters of the seller's latest invitation unchanged`;
  }
  if (buyer.status === 'revoked') {
    return `the seller has revoked the invitation of account ${claim.accountId}: ask the seller for a new one`;
  }
  return undefined;
}

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

function roleProblem(claim: RegistrationClaim, policy: RegistrationContext): string | undefined {
  const expected = `arn:${claim.partition}:iam::${claim.accountId}:role${policy.readingRolePath}`;
  return claim.roleArn.startsWith(expected) && ROLE_NAME.test(claim.roleArn.slice(expected.length))
    ? undefined
    : `ReadingRoleArn is ${quoted(claim.roleArn)}, but it must be a role of the stack's own account and path, ${expected}<name>: deploy the template unchanged`;
}

const TOPIC_NAME = /^[\w-]{1,256}$/;

function topicProblem(claim: RegistrationClaim, policy: RegistrationContext): string | undefined {
  const expected = `arn:${claim.partition}:sns:${policy.region}:${claim.accountId}:`;
  return claim.noticeTopicArn.startsWith(expected) &&
    TOPIC_NAME.test(claim.noticeTopicArn.slice(expected.length))
    ? undefined
    : `NoticeTopicArn is ${quoted(claim.noticeTopicArn)}, but it must be a topic of the stack's own account and Region, ${expected}<name>: deploy the template unchanged`;
}
