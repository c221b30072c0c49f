import type { ContractKey } from './contract.ts';
import type { Instant } from './time.ts';

export type Audience = 'buyer' | 'seller' | 'operations';
export type Severity = 'info' | 'attention' | 'urgent';

/**
 * `held`: not to be sent before `notBefore`, or the topic has no confirmed subscription. `due`: to be sent; with a later
 * `notBefore` somebody is at it, and until then nobody else may be. `told`: published and marked. `superseded`: no longer
 * true, or folded into another notice. `undeliverable`: the topic refuses, since `notBefore`; somebody may have it taken up
 * again, which makes it `due`. `withdrawn`: a better fact came in time.
 */
export type NoticeState = 'held' | 'due' | 'told' | 'superseded' | 'undeliverable' | 'withdrawn';

export interface NoticeKey {
  readonly contract: ContractKey;
  /** Number of the ledger entry it tells of. */
  readonly entry: number;
  readonly audience: Audience;
  /**
   * Absent: it tells of the entry itself. `undelivered`: it tells the seller that the entry could not be told to the buyer,
   * and asks them to; the seller may have heard of the entry itself before.
   */
  readonly about?: 'undelivered';
}

export interface Notice extends NoticeKey {
  /** `welcome` is the first mail after the first confirmed subscription: the notice of `WatchStarted` (or of what was held first). */
  readonly kind: 'change' | 'reminder' | 'welcome';
  readonly state: NoticeState;
  readonly severity: Severity;
  readonly bornAt: Instant;
  readonly notBefore: Instant;
  /** Why it is in this state, in words. */
  readonly reason: string;
}
