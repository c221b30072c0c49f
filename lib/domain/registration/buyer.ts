import { contractKey, type ContractKey } from '../license/contract.ts';
import { type Instant, DAY, plus } from '../time.ts';

/** What a stack says about itself, or what the seller says about a buyer without one. */
interface Registered {
  /** Null: there is no stack of ours; the seller registered role and topic by command. No farewell will come. */
  readonly stackId: string | null;
  readonly roleArn: string;
  readonly noticeTopicArn: string;
  /** The version of the buyer template. A permission that only a later version grants is "not granted yet", never blind. */
  readonly templateVersion: number;
  readonly probe: boolean;
  readonly shareUsage: boolean;
  /**
   * E-mail addresses that the stack subscribes to its topic, each once. Only the topic knows whether anybody confirmed. Empty: nobody is
   * subscribed, or the topic is not the stack's.
   */
  readonly addresses: readonly string[];
  /** The days, among the seller's, on which the buyer wants to be reminded. Null: on all. */
  readonly reminderDays: readonly number[] | null;
}

/** A registration as a stack claims it, before we believe it: each part is compared with the invitation. */
export interface RegistrationClaim extends Registered {
  /** The account in the stack's ID, where there is a stack. */
  readonly accountId: string;
  readonly partition: string;
  readonly deployment: string;
  readonly externalId: string;
}

/** A registration that we verified. */
export interface Registration extends Registered {
  readonly registeredAt: Instant;
  /** The self-test's result in words, as the outputs of the buyer's stack show it, or would if there were a stack. */
  readonly selfTest: string;
}

/**
 * An invitation and the buyer it became. `invited` -> `active` -> `left` -> `active`; `revoked` from anywhere. Where enrolment is
 * open: `enrolling` -> `active`, or gone.
 */
export interface Buyer extends SellersOwn {
  readonly buyerAccountId: string;
  /** The seller's alias for the account. */
  readonly name: string;
  readonly productIds: readonly string[];
  readonly status: 'invited' | 'enrolling' | 'active' | 'left' | 'revoked';
  readonly externalId: string;
  readonly invitedAt: Instant;
  /** Null until the buyer registers. */
  readonly registration: Registration | null;
  /** Set where nobody invited the buyer: its ExternalId is then its stack's own. */
  readonly enrolment?: Enrolment | undefined;
  /** The request IDs of the registrations that took effect in the same clock hour as the last one. */
  readonly registrations?:
    { readonly hour: Instant; readonly requestIds: readonly string[] } | undefined;
  /** When the seller was told that nobody has launched the stack of this invitation. Absent: not told yet. */
  readonly unlaunchedToldAt?: Instant | undefined;
}

/** What the seller notes about a buyer for the seller's own people. It appears in no mail to the buyer and in no ledger. */
export interface SellersOwn {
  /** The seller's person who looks after the buyer: a name or address, by which an owner's lines are filtered. Absent: nobody. */
  readonly owner?: string | undefined;
  /** The buyer's people whom the seller writes to. Absent: nobody is known. */
  readonly contacts?: readonly string[] | undefined;
}

/** The seller's notes without empty members, so that a profile can be compared with what is stored. */
export function sellersOwn({ owner, contacts }: SellersOwn): SellersOwn {
  return {
    ...(owner !== undefined && { owner }),
    ...(contacts !== undefined && contacts.length > 0 && { contacts }),
  };
}

export interface Enrolment {
  readonly since: Instant;
  /** When a license was last looked for. */
  readonly lookedAt: Instant;
}

/** True if both are one person's address, whatever its case: mail servers ignore case, and AWS does not document whether SNS does. */
export function isSameAddress(address: string, other: string): boolean {
  return address.toLowerCase() === other.toLowerCase();
}

/** The first address that also stands earlier in the list. Undefined: each is there once. */
export function repeatedAddress(addresses: readonly string[]): string | undefined {
  return addresses.find((address, at) =>
    addresses.slice(0, at).some((before) => isSameAddress(before, address)),
  );
}

/** A buyer whose role may be used. */
export interface RegisteredBuyer extends Buyer {
  readonly registration: Registration;
}

/** The contracts that are to be looked at: those of an active buyer. */
export function watchedContracts(buyer: Buyer | undefined): readonly ContractKey[] {
  if (buyer?.status !== 'active' || buyer.registration === null) return [];
  return buyer.productIds.map((productId) => contractKey(buyer.buyerAccountId, productId));
}

/** Why a buyer is not looked at. Part of the functions' answers: values may be added, but never renamed. */
export const UNWATCHED = ['not-invited', 'not-registered', 'left', 'revoked'] as const;
type Unwatched = (typeof UNWATCHED)[number];

/** A buyer who is not watched. `words` tell the seller why, and what to do. */
export interface NotWatched<Problem extends Unwatched> {
  readonly kind: 'refused';
  readonly problem: Problem;
  readonly words: string;
}

/** The buyer, if there is a valid invitation with which the account may register; else why not. */
export function invitedBuyer(
  buyer: Buyer | undefined,
  buyerAccountId: string,
): { readonly kind: 'invited'; readonly buyer: Buyer } | NotWatched<'not-invited' | 'revoked'> {
  if (buyer === undefined) {
    const words = `${buyerAccountId} was never invited: "license-watcher invite" does that, "license-watcher buyers" shows who was`;
    return { kind: 'refused', problem: 'not-invited', words };
  }
  if (buyer.status === 'enrolling') {
    const words = `${buyerAccountId} was never invited; its own stack enrols it as soon as a license of yours is seen there: "license-watcher invite" makes it a buyer at once`;
    return { kind: 'refused', problem: 'not-invited', words };
  }
  if (buyer.status === 'revoked') {
    const words = `${buyerAccountId} was revoked, so its role is not used any more: "license-watcher invite" invites it again`;
    return { kind: 'refused', problem: 'revoked', words };
  }
  return { kind: 'invited', buyer };
}

/** The buyer, if it may be looked at now; else why not. */
export function watchedBuyer(
  found: Buyer | undefined,
  buyerAccountId: string,
): { readonly kind: 'watched'; readonly buyer: RegisteredBuyer } | NotWatched<Unwatched> {
  const invited = invitedBuyer(found, buyerAccountId);
  if (invited.kind === 'refused') return invited;
  const { buyer } = invited;
  const { registration, status } = buyer;
  if (status === 'active' && registration !== null)
    return { kind: 'watched', buyer: { ...buyer, registration } };
  if (status === 'left') {
    const words = `${buyerAccountId} has left, its stack is deleted: with the same invitation it may deploy the stack again, and is watched again then`;
    return { kind: 'refused', problem: 'left', words };
  }
  const words = `${buyerAccountId} is invited, but has not registered yet: the buyer has to deploy the stack of the invitation, which "license-watcher invite" prints again; of a buyer without our stack, "license-watcher register" registers role and topic`;
  return { kind: 'refused', problem: 'not-registered', words };
}

/** What a sweep knows about a contract without reading its head. */
export interface WatchedContract {
  readonly productId: string;
  /** Null: never checked. */
  readonly digest: string | null;
  readonly nextDue: Instant | null;
  /** What was last seen of it could not be recorded. */
  readonly unrecorded?: true;
}

/** All that a check must know about a buyer and its contracts before it looks. */
export interface BuyerToCheck
  extends
    Pick<Buyer, 'buyerAccountId' | 'name' | 'externalId'>,
    Pick<Registration, 'roleArn' | 'probe' | 'shareUsage' | 'reminderDays'> {
  readonly contracts: readonly WatchedContract[];
}

export function buyerToCheck(
  buyer: RegisteredBuyer,
  contracts: readonly WatchedContract[],
): BuyerToCheck {
  return { ...buyer, ...buyer.registration, contracts };
}

/** A buyer asked for by name: its contracts count as due, so each head is read consistently before the look, which is decided on. */
export function dueToCheck(
  buyer: RegisteredBuyer,
  productIds: readonly string[],
  now: Instant,
): BuyerToCheck {
  return buyerToCheck(
    buyer,
    productIds.map((productId) => ({ productId, digest: null, nextDue: now })),
  );
}

/** The role to assume, and what AssumeRole needs for it. */
export type RoleToOpen = Pick<BuyerToCheck, 'buyerAccountId' | 'roleArn' | 'externalId'>;

/** An invited buyer has a week to launch the stack. After that the seller is told, once for each invitation. */
const TIME_TO_LAUNCH = 7 * DAY;

/** The instant at or before which an invitation must have been made to be overdue now. */
export function overdueInvitations(now: Instant): Instant {
  return plus(now, -TIME_TO_LAUNCH);
}

export function isUnlaunched({ status, invitedAt }: Buyer, now: Instant): boolean {
  return status === 'invited' && invitedAt <= overdueInvitations(now);
}
