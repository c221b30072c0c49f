import type { ContractKey } from '../license/contract.ts';
import { SHARDS } from '../registration/place.ts';
import type { Instant } from '../time.ts';

/** The reason of a notice that waits, or was given up, because nobody reads the topic. Lists of unconfirmed mail look for this text. */
export const NO_SUBSCRIPTION =
  'the topic has no confirmed subscription: nobody has followed the link in the mail that AWS sent, or whoever had has unsubscribed';

/** Who is told: people, and machines that are subscribed to the same topics. */
export type Reader = 'buyer' | 'seller' | 'operations';
/** `bus`: the event bus, on which the seller's machines get what the buyer or the seller is told. */
export type Audience = Reader | 'bus';
export const SEVERITIES = ['info', 'attention', 'urgent'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The order in which notices are sent: urgent ones wait for no others. */
export const URGENCIES = ['urgent', 'ordinary'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** A part of the notices to be sent: one message of a sweep asks send-notices for one part. */
export interface DueShard {
  readonly audience: Audience;
  readonly urgency: Urgency;
  readonly shard: number;
}

/**
 * All parts of an audience's notices, the urgent ones first. Buyers are told side by side, in quarters of the line of their places; seller
 * and operations have one address each.
 */
export function dueShards(audience: Audience): readonly DueShard[] {
  const shards = audience === 'buyer' ? SHARDS : 1;
  return URGENCIES.flatMap((urgency) =>
    Array.from({ length: shards }, (_, shard) => ({ audience, urgency, shard })),
  );
}

/**
 * `settling`: bad news that a good look must confirm, at `notBefore` at the earliest; only `decide` ends this state. `waiting`: not
 * to be sent before `notBefore`, because the topic has no confirmed subscription. `due`: to be sent; while `notBefore` is in the
 * future, one sender has claimed it and no other may send it. `told`: published and marked. `superseded`: no longer true, or folded
 * into another notice. `undeliverable`: the topic refuses, since `notBefore`; if somebody has it taken up again, it becomes `due`.
 * `withdrawn`: a newer entry says what was settling, or it is no longer true.
 */
export type NoticeState =
  'settling' | 'waiting' | 'due' | 'told' | 'superseded' | 'undeliverable' | 'withdrawn';

export const NOTICE_ABOUTS = ['undelivered', 'unconfirmed'] as const;
export type NoticeAbout = (typeof NOTICE_ABOUTS)[number];

/** The reason of a notice that was told in the mail of another entry begins with this. */
export const TOLD_WITHIN = 'told in the mail of entry';

export interface NoticeKey {
  readonly contract: ContractKey;
  /** The number of the ledger entry that the notice tells. */
  readonly entry: number;
  readonly audience: Audience;
  /**
   * Absent: the notice tells the entry itself. `undelivered`: it tells the seller that the entry could not be told to the buyer, and
   * asks the seller to do so; the seller may have been told the entry itself before. `unconfirmed`: for a day no look could confirm
   * the entry's bad news, which goes on settling.
   */
  readonly about?: NoticeAbout;
}

/** The key of the notice that tells the buyer what the given notice tells the seller or the bus. */
export function noticeToBuyer({ contract, entry, about }: NoticeKey): NoticeKey {
  return { contract, entry, audience: 'buyer', ...(about === 'unconfirmed' && { about }) };
}

export interface Notice extends NoticeKey {
  /** `welcome`: the first mail after the first confirmed subscription. It tells `WatchStarted` (or what waited first). */
  readonly kind: 'change' | 'reminder' | 'welcome';
  readonly state: NoticeState;
  readonly severity: Severity;
  readonly bornAt: Instant;
  readonly notBefore: Instant;
  /** Why the notice is in this state, in words. */
  readonly reason: string;
  /** Which of the several recipients of the seller's notice were told; absent: none, or all at once. */
  readonly reached?: Reached;
}

/** Who was already told, so that a failure for one recipient does not tell the others again. */
export interface Reached {
  /** The whole digest that told it, as the delivery fact will record that mail. */
  readonly digest: {
    readonly at: Instant;
    readonly messageId: string;
    readonly textHash: string;
    readonly jsonHash: string;
  };
  /** The owner who was told by a separate digest; null: nobody yet. */
  readonly owner: string | null;
}
