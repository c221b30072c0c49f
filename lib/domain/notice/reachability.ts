import type { ContractKey } from '../license/contract.ts';
import { isSameAddress, type Registration } from '../registration/buyer.ts';
import { between, DAY, HOUR, type Instant, plus } from '../time.ts';

/** What a topic answers. `closed`: it is gone or refuses, and will refuse again. */
export type TopicState =
  | { readonly kind: 'open'; readonly confirmedSubscriptions: number }
  | { readonly kind: 'closed'; readonly reason: string };

/** A subscription of a topic, as SNS lists it. */
export interface Subscription {
  /** `email`, `sqs`, ... */
  readonly protocol: string;
  /** An address, a queue's ARN, ...: text from the buyer's account. */
  readonly endpoint: string;
  /** `deleted`: it was once confirmed. After the link in a mail ended it, SNS lists it for some days, or not at all. */
  readonly state: 'pending' | 'confirmed' | 'deleted';
}

/** What we can see of a topic's readers. `counted`: the topic lets us count the subscriptions, but not list them. */
export type TopicSeen =
  | {
      readonly kind: 'listed';
      readonly subscriptions: readonly Subscription[];
      /** False: there are more than we read, so somebody who is not in the list may still be subscribed. */
      readonly complete: boolean;
    }
  | { readonly kind: 'counted'; readonly confirmed: number }
  | Extract<TopicState, { kind: 'closed' }>;

/** `gone`: the address was confirmed, but is not any more. */
export const ADDRESS_STATES = ['confirmed', 'cannot-tell', 'never-confirmed', 'gone'] as const;
export type AddressState = (typeof ADDRESS_STATES)[number];

/** `topic-closed`: the topic is gone, or refuses. `cannot-tell`: notices are sent, but nobody can see to whom. */
export const REACHABILITIES = [...ADDRESS_STATES, 'topic-closed'] as const;
export type Reachability = (typeof REACHABILITIES)[number];

/** The reachabilities in which nothing can be delivered. */
export const UNREACHABLE = ['never-confirmed', 'gone', 'topic-closed'] as const;
export type Unreachable = (typeof UNREACHABLE)[number];

export interface ReachedAddress {
  readonly address: string;
  readonly state: AddressState;
}

/** Whether notices reach a buyer, as the last daily look saw it. */
export interface BuyerReachability {
  readonly buyerAccountId: string;
  /** Identifies the registration that this is about; for any other registration it means nothing. */
  readonly registeredAt: Instant;
  readonly topicArn: string;
  readonly state: Reachability;
  readonly since: Instant;
  /** The addresses that the buyer named. */
  readonly addresses: readonly ReachedAddress[];
  /** The contract whose ledger records it; null: there was nothing to record yet. */
  readonly contract: ContractKey | null;
  /** When the seller was told that nobody has confirmed, two days or more after the launch. Absent: not told yet. */
  readonly unconfirmedToldAt?: Instant | undefined;
}

/** A buyer who has just registered needs some time to confirm. */
const TIME_TO_CONFIRM = HOUR;

/** After this long without a confirmation, the seller is told once for each registration, and can ask the buyer. */
const TIME_TO_ASK = 2 * DAY;

/** The instant at or before which a registration must have been made to be overdue for a confirmed address. */
export function overdueConfirmations(now: Instant): Instant {
  return plus(now, -TIME_TO_ASK);
}

/** True if the seller must be told as soon as the confirmation is overdue. */
export function awaitsConfirmation({
  state,
  unconfirmedToldAt,
}: Pick<BuyerReachability, 'state' | 'unconfirmedToldAt'>): boolean {
  return state === 'never-confirmed' && unconfirmedToldAt === undefined;
}

export function unreachable(state: Reachability): Unreachable | null {
  return state === 'confirmed' || state === 'cannot-tell' ? null : state;
}

/** What was seen of this registration. Undefined: nothing, or only of another registration. */
export function currentReachability(
  found: BuyerReachability | undefined,
  registration: Pick<Registration, 'registeredAt'> | null,
): BuyerReachability | undefined {
  return found?.registeredAt === registration?.registeredAt ? found : undefined;
}

/** What a look at the topic means; null: it is too early to say. `before`: what the previous look found. */
export function reachabilityOf(
  buyer: { readonly buyerAccountId: string; readonly registration: Registration },
  seen: TopicSeen,
  before: BuyerReachability | undefined,
  now: Instant,
): Omit<BuyerReachability, 'contract'> | null {
  const { registeredAt, noticeTopicArn: topicArn, addresses: given } = buyer.registration;
  // The look before says nothing about another topic, which has other subscriptions.
  const known = before?.topicArn === topicArn ? before : undefined;
  const addresses = given.map((address) => ({
    address,
    state: addressState(address, seen, known),
  }));
  const state = stateOf(addresses, seen, known);
  if (state === 'never-confirmed' && between(registeredAt, now) < TIME_TO_CONFIRM) return null;
  const since = known?.state === state ? known.since : now;
  return {
    buyerAccountId: buyer.buyerAccountId,
    registeredAt,
    topicArn,
    state,
    since,
    addresses,
    ...(before?.registeredAt === registeredAt &&
      before.unconfirmedToldAt !== undefined && { unconfirmedToldAt: before.unconfirmedToldAt }),
  };
}

/**
 * Whether a mail that is sent to the topic now reaches anybody it is meant for. If the buyer named addresses, only people count, not a
 * queue beside unconfirmed addresses. If the buyer named none, every subscription counts.
 */
export function topicState(seen: TopicSeen, given: readonly string[]): TopicState {
  if (seen.kind === 'closed') return seen;
  if (seen.kind === 'counted') return { kind: 'open', confirmedSubscriptions: seen.confirmed };
  const reading = confirmed(seen.subscriptions);
  const meant = given.length === 0 ? reading : reading.filter(isPerson);
  // Somebody among the subscriptions that we did not read may be a reader.
  return { kind: 'open', confirmedSubscriptions: meant.length + Number(!seen.complete) };
}

function addressState(
  address: string,
  seen: TopicSeen,
  before: BuyerReachability | undefined,
): AddressState {
  const known = before?.addresses.find((each) => isSameAddress(each.address, address))?.state;
  const wasConfirmed = known === 'confirmed' || known === 'gone';
  if (seen.kind !== 'listed') {
    const nobody = seen.kind === 'counted' && seen.confirmed === 0;
    if (nobody && known !== 'cannot-tell') return wasConfirmed ? 'gone' : 'never-confirmed';
    return 'cannot-tell';
  }
  const own = seen.subscriptions.filter(
    (each) => isPerson(each) && isSameAddress(each.endpoint, address),
  );
  if (own.some(({ state }) => state === 'confirmed')) return 'confirmed';
  if (own.some(({ state }) => state === 'deleted')) return 'gone';
  if (own.length === 0 && !seen.complete) return 'cannot-tell';
  return wasConfirmed ? 'gone' : 'never-confirmed';
}

function stateOf(
  addresses: readonly ReachedAddress[],
  seen: TopicSeen,
  before: BuyerReachability | undefined,
): Reachability {
  if (seen.kind === 'closed') return 'topic-closed';
  if (seen.kind === 'counted' && seen.confirmed > 0) return 'cannot-tell';
  const subscriptions = seen.kind === 'listed' ? seen.subscriptions : [];
  const reading = confirmed(subscriptions);
  if (reading.some(isPerson)) return 'confirmed';
  if (seen.kind === 'listed' && !seen.complete) return 'cannot-tell';
  // A queue or a function is not a person. If the buyer named no address, it is all that the buyer wants to be told.
  if (addresses.length === 0 && reading.length > 0) return 'cannot-tell';
  const isGone =
    addresses.some(({ state }) => state === 'gone') ||
    subscriptions.some((each) => isPerson(each) && each.state === 'deleted') ||
    (isOfSame(addresses, before) && wasRead(before, reading.length > 0));
  return isGone ? 'gone' : 'never-confirmed';
}

/** True if somebody read the topic before. Nobody knows who was only counted, so those are gone only when nothing at all is confirmed. */
function wasRead(before: BuyerReachability | undefined, isAnythingConfirmed: boolean): boolean {
  const state = before?.state;
  return (
    state === 'confirmed' || state === 'gone' || (state === 'cannot-tell' && !isAnythingConfirmed)
  );
}

function isOfSame(
  addresses: readonly ReachedAddress[],
  before: BuyerReachability | undefined,
): boolean {
  return (
    before?.addresses.length === addresses.length &&
    addresses.every(({ address }) =>
      before.addresses.some((each) => isSameAddress(each.address, address)),
    )
  );
}

function confirmed(subscriptions: readonly Subscription[]): readonly Subscription[] {
  return subscriptions.filter(({ state }) => state === 'confirmed');
}

const PERSONS = ['email', 'email-json', 'sms'];

function isPerson({ protocol }: Subscription): boolean {
  return PERSONS.includes(protocol);
}
