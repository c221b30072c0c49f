import type { ContractKey } from '../license/contract.ts';
import { SHARDS } from '../registration/place.ts';
import type { Instant } from '../time.ts';
import type { BuyerReachability } from './reachability.ts';

/** Why a notice waits, or was given up, while nobody reads the topic: whoever lists unconfirmed mail knows it by this. */
export const NO_SUBSCRIPTION =
  'the topic has no confirmed subscription: nobody has followed the link in the mail that AWS sent, or whoever had has unsubscribed';

/** Who is told: people, and machines that listen to topics beside them. */
export type Reader = 'buyer' | 'seller' | 'operations';
/** `bus`: the event bus, on which the seller's machines hear what buyer or seller hears. */
export type Audience = Reader | 'bus';
export const SEVERITIES = ['info', 'attention', 'urgent'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Of several severities the gravest. */
export function gravestOf(severities: readonly Severity[]): Severity {
  return SEVERITIES.findLast((each) => severities.includes(each)) ?? 'info';
}

/** In which order notices are sent: what is urgent waits for nothing else. */
export const URGENCIES = ['urgent', 'ordinary'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** A part of the notices that are to be sent: what one message of a sweep asks send-notices for. */
export interface DueShard {
  readonly audience: Audience;
  readonly urgency: Urgency;
  readonly shard: number;
}

/**
 * All parts of an audience's notices, the urgent ones first. Buyers are told side by side, by quarters of the line of their places; seller
 * and operations have one address each.
 */
export function dueShards(audience: Audience): readonly DueShard[] {
  const shards = audience === 'buyer' ? SHARDS : 1;
  return URGENCIES.flatMap((urgency) =>
    Array.from({ length: shards }, (_, shard) => ({ audience, urgency, shard })),
  );
}

/**
 * `settling`: bad news that a good look is to confirm, at `notBefore` at the earliest; only `decide` ends it. `waiting`: not
 * to be sent before `notBefore`, because the topic has no confirmed subscription. `due`: to be sent; with a later
 * `notBefore` somebody is at it, and until then nobody else may be. `told`: published and marked. `superseded`: no longer
 * true, or folded into another notice. `undeliverable`: the topic refuses, since `notBefore`; somebody may have it taken up
 * again, which makes it `due`. `withdrawn`: what settled is said by a newer entry, or is no more.
 */
export type NoticeState =
  'settling' | 'waiting' | 'due' | 'told' | 'superseded' | 'undeliverable' | 'withdrawn';

export const NOTICE_ABOUTS = ['undelivered', 'unconfirmed'] as const;
export type NoticeAbout = (typeof NOTICE_ABOUTS)[number];

/** How the reason of a notice begins that was told in the mail of another entry. */
export const TOLD_WITHIN = 'told in the mail of entry';

export interface NoticeKey {
  readonly contract: ContractKey;
  /** Number of the ledger entry it tells of. */
  readonly entry: number;
  readonly audience: Audience;
  /**
   * Absent: it tells of the entry itself. `undelivered`: it tells the seller that the entry could not be told to the buyer,
   * and asks them to; the seller may have been told of the entry itself before. `unconfirmed`: for a day no look could confirm the
   * entry's bad news, which goes on settling.
   */
  readonly about?: NoticeAbout;
}

/** The notice to the buyer of what another tells the seller, or the bus. */
export function noticeToBuyer({ contract, entry, about }: NoticeKey): NoticeKey {
  return { contract, entry, audience: 'buyer', ...(about === 'unconfirmed' && { about }) };
}

/**
 * What buyer or seller hears is put on the bus besides, once: a notice of its own, so that neither waits for the other, and what is repeated of
 * the one repeats nothing of the other. As grave as it is to the seller, whose machines listen there.
 */
export function onBus(toPeople: readonly Notice[]): readonly Notice[] {
  const told = toPeople.filter(({ audience }) => audience === 'buyer' || audience === 'seller');
  const apart = Map.groupBy(told, ({ entry, about }) => `${entry} ${about ?? ''}`);
  return [...apart.values()].flatMap((notices) => {
    const like = notices.find(({ audience }) => audience === 'seller') ?? notices[0];
    if (like === undefined) return [];
    const kind = like.kind === 'welcome' ? 'change' : like.kind;
    return [{ ...like, audience: 'bus', kind }];
  });
}

export interface Notice extends NoticeKey {
  /** `welcome` is the first mail after the first confirmed subscription: the notice of `WatchStarted` (or of what waited first). */
  readonly kind: 'change' | 'reminder' | 'welcome';
  readonly state: NoticeState;
  readonly severity: Severity;
  readonly bornAt: Instant;
  readonly notBefore: Instant;
  /** Why it is in this state, in words. */
  readonly reason: string;
  /** Who has heard it, of the several to whom the seller's notice goes; absent: nobody, or all at once. */
  readonly reached?: Reached;
}

/** So that what fails of one recipient tells no other again. */
export interface Reached {
  /** The whole digest told it: what the delivery fact will say of that mail. */
  readonly digest: {
    readonly at: Instant;
    readonly messageId: string;
    readonly textHash: string;
    readonly jsonHash: string;
  };
  /** Who was told by a digest of their own; null: nobody yet. */
  readonly owner: string | null;
}

/** Whether notices reach the buyer, as far as anybody knows. Notices are kept for 400 days. */
export type MailStanding =
  | { readonly kind: 'told'; readonly first: Instant; readonly last: Instant }
  /** An address is confirmed, and nothing was sent yet. */
  | { readonly kind: 'confirmed'; readonly since: Instant }
  /** It is sent, and nobody can see to whom. */
  | { readonly kind: 'cannot-tell'; readonly since: Instant }
  | { readonly kind: 'unconfirmed'; readonly since: Instant }
  /** It was confirmed, and is not any more. */
  | { readonly kind: 'gone'; readonly since: Instant }
  | { readonly kind: 'refused'; readonly since: Instant; readonly reason: string }
  /** No notice was tried yet, and nobody has looked. */
  | { readonly kind: 'untried' };

/** By what became of the notices, and by the last daily look at the topic, whichever is newer. */
export function mailStanding(
  notices: readonly Notice[],
  reachability: BuyerReachability | undefined,
): MailStanding {
  const standing = standingOf(notices);
  if (reachability === undefined) return standing;
  const { state, since } = reachability;
  // What was sent since it was first seen so had somebody to read it.
  if (standing.kind === 'told' && standing.last > since && state !== 'cannot-tell') return standing;
  switch (state) {
    case 'gone':
      return { kind: 'gone', since };
    case 'never-confirmed':
      return standing.kind === 'unconfirmed' ? standing : { kind: 'unconfirmed', since };
    case 'topic-closed':
      return standing.kind === 'refused'
        ? standing
        : { kind: 'refused', since, reason: 'it is gone, or does not let the watcher in' };
    case 'cannot-tell':
      return standing.kind === 'unconfirmed' ? standing : { kind: 'cannot-tell', since };
    case 'confirmed':
      return standing.kind === 'untried' || standing.kind === 'refused'
        ? { kind: 'confirmed', since }
        : standing;
  }
}

/** What the standing of the mail is judged by. */
type Judged = Pick<Notice, 'audience' | 'state' | 'reason' | 'bornAt' | 'notBefore' | 'entry'>;

/** The few of a buyer's notices by which `mailStanding` judges as by all of them: whoever reads those of all buyers need not hold more. */
export function decisiveNotices<Each extends Judged>(notices: readonly Each[]): readonly Each[] {
  const toBuyer = notices.filter(({ audience }) => audience === 'buyer').toSorted(byBirth);
  const told = toBuyer
    .filter(({ state }) => state === 'told')
    .toSorted((a, b) => (a.notBefore < b.notBefore ? -1 : a.notBefore > b.notBefore ? 1 : 0));
  const decisive: readonly (Each | undefined)[] = [
    toBuyer.find(({ state, reason }) => state === 'waiting' && reason === NO_SUBSCRIPTION),
    toBuyer.findLast(({ state }) => state === 'told' || state === 'undeliverable'),
    told[0],
    told.at(-1),
  ];
  // In the order of all: entries of two products may have one number and one time of birth.
  return toBuyer.filter((each) => decisive.includes(each));
}

/**
 * That a publish succeeded with nobody there is excluded: without a confirmed subscription none is tried. The newest notice
 * that SNS was asked to take decides; one that waits for a subscription decides at once.
 */
function standingOf(notices: readonly Notice[]): MailStanding {
  const toBuyer = notices.filter(({ audience }) => audience === 'buyer').toSorted(byBirth);
  const waiting = toBuyer.find(
    ({ state, reason }) => state === 'waiting' && reason === NO_SUBSCRIPTION,
  );
  if (waiting !== undefined) return { kind: 'unconfirmed', since: waiting.bornAt };
  const newest = toBuyer.findLast(({ state }) => state === 'told' || state === 'undeliverable');
  if (newest === undefined) return { kind: 'untried' };
  const { bornAt: since, reason } = newest;
  if (newest.state === 'undeliverable') {
    return reason === NO_SUBSCRIPTION
      ? { kind: 'unconfirmed', since }
      : { kind: 'refused', since, reason };
  }
  // Of what was told `notBefore` is the time of the publish.
  const told = toBuyer.filter(({ state }) => state === 'told').map(({ notBefore }) => notBefore);
  const [first = since, last = first] = [told.toSorted()[0], told.toSorted().at(-1)];
  return { kind: 'told', first, last };
}

function byBirth(a: Judged, b: Judged): number {
  if (a.bornAt === b.bornAt) return a.entry - b.entry;
  return a.bornAt < b.bornAt ? -1 : 1;
}

/**
 * How a notice that was given up becomes one to be sent. Everything else is as with any that is due: whether it is still true,
 * and whether it reaches anybody, is found out when it is sent.
 */
export function takenUp(
  { reason }: Notice,
  now: Instant,
): Pick<Notice, 'state' | 'notBefore' | 'reason'> {
  return {
    state: 'due',
    notBefore: now,
    reason: `taken up again at ${now}; given up before because ${reason}`,
  };
}
