import { contractKey, type ContractKey } from '../license/contract.ts';
import type { Instant } from '../time.ts';

/** What a stack says of itself, or the seller of a buyer without one. */
interface Registered {
  /** Null: no stack of ours; the seller registered role and topic by command. No farewell will come. */
  readonly stackId: string | null;
  readonly roleArn: string;
  readonly noticeTopicArn: string;
  /** The version of the buyer template: a permission younger than it is "not granted yet", never blind. */
  readonly templateVersion: number;
  readonly probe: boolean;
  readonly shareUsage: boolean;
  /**
   * E-mail addresses that the stack subscribes to its topic, each once: whether anybody confirmed is asked of the topic. Empty: nobody, or
   * the topic is not the stack's.
   */
  readonly addresses: readonly string[];
  /** On which of the seller's days the buyer wants to be reminded. Null: on all. */
  readonly reminderDays: readonly number[] | null;
}

/** Before it is believed: each part is held against the invitation. */
export interface RegistrationClaim extends Registered {
  /** Of the stack's ID, where there is one. */
  readonly accountId: string;
  readonly partition: string;
  readonly deployment: string;
  readonly externalId: string;
}

/** After we verified it. */
export interface Registration extends Registered {
  readonly registeredAt: Instant;
  /** The self-test's words, as the buyer's stack outputs show them, or would. */
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
  /** Known once registered. */
  readonly registration: Registration | null;
  /** Where nobody invited it: its ExternalId is its stack's own. */
  readonly enrolment?: Enrolment | undefined;
  /** Those that took effect in the clock hour of the last one, by the IDs of their requests. */
  readonly registrations?:
    { readonly hour: Instant; readonly requestIds: readonly string[] } | undefined;
  /** When the seller was told that nobody has launched the stack of this invitation; absent: not yet. */
  readonly unlaunchedToldAt?: Instant | undefined;
}

/** What the seller keeps of a buyer for the seller's own people: it is in no mail to the buyer, and in no ledger. */
export interface SellersOwn {
  /** Who of the seller's looks after the buyer: a name or an address, by which an owner's lines are filtered. Absent: nobody. */
  readonly owner?: string | undefined;
  /** Whom of the buyer's people the seller writes to. Absent: nobody is known. */
  readonly contacts?: readonly string[] | undefined;
}

/** What is kept of them, without members that say nothing: a profile is compared with what is stored. */
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

/** Whether SNS minds the case of an address is not documented, and mail servers do not: two that differ in it alone are one person. */
export function isSameAddress(address: string, other: string): boolean {
  return address.toLowerCase() === other.toLowerCase();
}

/** The first that was named before; undefined: each is there once. */
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

/** Why a buyer is not looked at. Part of what functions answer: added to, never renamed. */
export const UNWATCHED = ['not-invited', 'not-registered', 'left', 'revoked'] as const;
type Unwatched = (typeof UNWATCHED)[number];

/** In words for the seller: why not, and what to do. */
export interface NotWatched<Problem extends Unwatched> {
  readonly kind: 'refused';
  readonly problem: Problem;
  readonly words: string;
}

/** Whether an invitation stands, on which a buyer may register. */
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

/** Whether a buyer may be looked at now. */
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
