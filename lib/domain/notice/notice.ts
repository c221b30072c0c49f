import type { ContractKey } from '../license/contract.ts';
import type { Instant } from '../time.ts';

export type Audience = 'buyer' | 'seller' | 'operations';
export type Severity = 'info' | 'attention' | 'urgent';

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
   * and asks them to; the seller may have heard of the entry itself before. `unconfirmed`: for a day no look could confirm the
   * entry's bad news, which goes on settling.
   */
  readonly about?: NoticeAbout;
}

/** The notice to the buyer of what another tells the seller. */
export function noticeToBuyer({ contract, entry, about }: NoticeKey): NoticeKey {
  return { contract, entry, audience: 'buyer', ...(about === 'unconfirmed' && { about }) };
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
}
