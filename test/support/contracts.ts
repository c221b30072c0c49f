import type { Agreement } from '../../lib/domain/agreement/agreement.ts';
import { decideAndSeal, isSteady } from '../../lib/domain/check/perform-check.ts';
import type { CheckedBuyer, Decision, Fleet } from '../../lib/domain/check/decision.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry, VersionsBetween } from '../../lib/domain/ledger/ledger.ts';
import type { Notice, NoticeKey } from '../../lib/domain/notice/notice.ts';
import {
  DEFAULT_DECISION_DAYS,
  DEFAULT_REMINDER_DAYS,
  MARKETPLACE_FINGERPRINT,
  type Product,
} from '../../lib/domain/license/product.ts';
import { DIMENSIONS } from './licenses.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../lib/domain/time.ts';
import { sha256 } from '../../lib/aws/text.ts';

/** A product with seats and the default schedule of reminders. */
export function product(traits: Partial<Product> = {}): Product {
  return {
    id: 'example',
    name: 'Example',
    productSku: 'prod-example',
    formerSkus: [],
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    dimensions: DIMENSIONS,
    tiers: [],
    reminderDays: DEFAULT_REMINDER_DAYS,
    decisionDays: DEFAULT_DECISION_DAYS,
    probe: 'safe',
    contact: 'support@example.com',
    renewalUrl: null,
    retired: false,
    ...traits,
  };
}

export const BUYER = { buyerAccountId: '111122223333', name: 'Buyer One' };
export const QUIET_FLEET: Fleet = { checks: 100, failed: 0 };

/**
 * One watched contract without store or cloud: does what the functions do, in their order. Every look is the check of a
 * tick; a steady one changes nothing, as in production.
 */
export class WatchedContract {
  head: Head | null = null;
  lastSeen: Instant | null = null;
  readonly ledger: SealedEntry[] = [];
  readonly notices: Notice[] = [];
  decided = 0;
  /** The reason of the last decision, in words. */
  reason = '';
  /** Decides even where nothing can have happened. */
  alwaysDecides = false;
  /** Steady looks record once in six hours that they saw the contract, as in production; if false, only decisions do. */
  writesSteady = true;
  product: Product;
  fleet: Fleet = QUIET_FLEET;
  intervalMinutes = 15;
  buyer: CheckedBuyer = BUYER;
  /** The agreements that AWS shows the seller; null if they are not read. */
  agreements: readonly Agreement[] | null = null;
  /** The skipped versions that the next look finds. */
  versionsBetween: readonly VersionsBetween[] = [];

  constructor(of: Product = product()) {
    this.product = of;
  }

  /** Checks for `tick`, three minutes into it. Returns the names of the changes and of the reminder in its entry. */
  look(tick: Instant, observation: Observation, now = plus(tick, 3 * MINUTE)): readonly string[] {
    if (!this.alwaysDecides && this.#isSteady(observation, now)) return this.#writeSteady(now);
    const { product: of, fleet, head, lastSeen, buyer, intervalMinutes, versionsBetween } = this;
    const { agreements } = this;
    this.decided += 1;
    const { decision, sealed } = decideAndSeal(
      {
        ...{ head, lastSeen, observation, product: of, buyer, now, tick, fleet },
        ...{ intervalMinutes, versionsBetween, agreements },
      },
      sha256,
    );
    return this.#apply(decision, sealed);
  }

  #apply(
    decision: Decision,
    { head, entry }: { readonly head: Head; readonly entry: SealedEntry | null },
  ): readonly string[] {
    const isRecorded = head !== this.head;
    this.head = head;
    this.reason = decision.reason;
    // Without a new head, `lastSeen` is written only once in six hours.
    if (isRecorded || this.#isSlot(decision.lastSeen)) this.lastSeen = decision.lastSeen;
    this.#answer(decision.withdrawn, 'withdrawn');
    this.#answer(decision.released, 'due');
    for (const { entry: number, audience, about } of decision.notices) {
      const isSame = (each: Notice) =>
        each.entry === number && each.audience === audience && each.about === about;
      if (about !== undefined && this.notices.some(isSame))
        throw new Error(`a second notice ${about} of entry ${number}: the table refuses it`);
    }
    this.notices.push(...decision.notices);
    if (entry === null) return [];
    this.ledger.push(entry);
    const { reminder: told } = entry;
    const kind = told?.decideBy === undefined ? 'reminder' : 'decide';
    const reminder = told === null ? [] : [`${kind} ${told.daysBefore}`];
    return [...entry.changes.map(({ type }) => type), ...reminder];
  }

  /** Names of all changes so far. */
  get changes(): readonly string[] {
    return this.ledger.flatMap(({ changes }) => changes.map(({ type }) => type));
  }

  noticesTo(audience: Notice['audience']): readonly Notice[] {
    return this.notices.filter((notice) => notice.audience === audience);
  }

  get last(): SealedEntry {
    const last = this.ledger.at(-1);
    if (last === undefined) throw new Error('the ledger is empty');
    return last;
  }

  /** Makes the contract due now, as read-agreements does after a change at AWS. */
  dueNow(now: Instant): void {
    if (this.head !== null)
      this.head = { ...this.head, nextDue: now, revision: this.head.revision + 1 };
  }

  #writeSteady(now: Instant): readonly [] {
    if (this.writesSteady && this.#isSlot(now)) this.lastSeen = now;
    return [];
  }

  /** True once in six hours. */
  #isSlot(now: Instant | null): boolean {
    return now !== null && this.lastSeen !== null && plus(this.lastSeen, 6 * HOUR) <= now;
  }

  #isSteady(observation: Observation, now: Instant): boolean {
    if (this.head === null) return false;
    const { digest, nextDue } = this.head;
    return isSteady(
      observation,
      { productId: this.product.id, digest, nextDue },
      this.product,
      now,
      sha256,
    );
  }

  #answer(keys: readonly NoticeKey[], state: 'withdrawn' | 'due'): void {
    for (const { entry, audience, about } of keys) {
      const index = this.notices.findIndex(
        (notice) =>
          notice.entry === entry && notice.audience === audience && notice.about === about,
      );
      const notice = this.notices[index];
      // As in the stores, a notice that was withdrawn before stays as it is.
      if (about !== undefined && notice?.state === 'withdrawn') continue;
      // There was no notice of this entry to this audience.
      if (notice === undefined) continue;
      if (notice.state !== (about === undefined ? 'settling' : 'due'))
        throw new Error(`no settling notice of entry ${entry} to the ${audience}`);
      this.notices[index] = { ...notice, state };
    }
  }
}
