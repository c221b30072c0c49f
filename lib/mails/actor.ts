import { decide } from '../domain/decide.ts';
import { asHeard, planDelivery, untrue, type Telling } from '../domain/delivery.ts';
import type { Head } from '../domain/head.ts';
import type { SealedEntry } from '../domain/ledger.ts';
import type { Notice, NoticeKey } from '../domain/notice.ts';
import type { Sha256 } from '../domain/ports.ts';
import { seal } from '../domain/seal.ts';
import { confirmed } from '../domain/telling/notices.ts';
import type { Instant } from '../domain/time.ts';
import { buyerMail } from '../domain/words/buyer-mail.ts';
import type { DigestEntry } from '../domain/words/mail.ts';
import { operationsNotice } from '../domain/words/operations-notice.ts';
import type { RehearsedMail, Scene } from './rehearsal.ts';

/** One contract with its ledger and its notices. */
export class Actor {
  readonly #scene: Scene;
  readonly #sha256: Sha256;
  #head: Head | null = null;
  readonly #ledger: SealedEntry[] = [];
  #pending: Notice[] = [];

  constructor(scene: Scene, sha256: Sha256) {
    this.#scene = scene;
    this.#sha256 = sha256;
  }

  check(tick: Instant, now: Instant): void {
    const { phases, product, buyer } = this.#scene;
    const sighting = phases.findLast(({ from }) => from <= tick)?.sighting;
    if (sighting === undefined) return;
    const fleet = { checks: 100, failed: 1 };
    const decision = decide({ head: this.#head, sighting, product, buyer, now, tick, fleet });
    const { head, entry } = seal(decision, this.#head, this.#sha256);
    this.#head = head;
    if (entry !== null) this.#ledger.push(entry);
    const isAmong = (keys: readonly NoticeKey[], notice: Notice): boolean =>
      keys.some((key) => key.entry === notice.entry && key.audience === notice.audience && key.about === notice.about);
    const kept = this.#pending
      .filter((notice) => !isAmong(decision.withdrawn, notice))
      .map((notice) => (isAmong(decision.released, notice) ? confirmed(notice) : notice));
    this.#pending = [...kept, ...decision.notices];
  }

  tellBuyer(sellerName: string, now: Instant): readonly RehearsedMail[] {
    const { product, buyer, confirmed } = this.#scene;
    const head = this.#head;
    const pending = this.#pendingTo('buyer');
    if (head === null || pending.length === 0) return [];
    const topic = { kind: 'open', confirmedSubscriptions: confirmed === null || now < confirmed ? 0 : 1 } as const;
    const plan = planDelivery({ pending, head, product, topic, now });
    for (const { notice } of [...plan.supersede, ...plan.undeliverable]) this.#settle(notice);
    this.#pending.push(...plan.undeliverable.flatMap(({ ask }) => (ask === null ? [] : [ask])));
    if (plan.send === null) return [];
    const { lead, folded, welcome } = plan.send;
    for (const { notice } of [...folded, lead]) this.#settle(notice);
    const mail = buyerMail({
      entry: lead.entry,
      folded: folded.map(({ entry }) => entry),
      welcome,
      head,
      product,
      sellerName,
      now,
    });
    return [{ at: now, to: { audience: 'buyer', name: buyer.name }, mail }];
  }

  tellSeller(now: Instant): readonly DigestEntry[] {
    const { product } = this.#scene;
    const head = this.#head;
    const due = this.#pendingTo('seller').filter(({ notice }) => notice.notBefore <= now);
    for (const { notice } of due) this.#settle(notice);
    return due
      .filter((telling) => head !== null && untrue(telling, head, product, now) === null)
      .map(({ notice, entry }) => ({
        entry,
        product,
        undelivered: notice.about === 'undelivered' ? notice.reason : null,
      }));
  }

  tellOperations(now: Instant): readonly RehearsedMail[] {
    return this.#pendingTo('operations').map(({ notice, entry }) => {
      this.#settle(notice);
      return { at: now, to: { audience: 'operations' }, mail: operationsNotice(entry, this.#scene.product) };
    });
  }

  #pendingTo(audience: Notice['audience']): readonly Telling[] {
    return this.#pending
      .filter((notice) => notice.audience === audience && notice.state !== 'settling')
      .flatMap((notice) => {
        const entry = this.#ledger[notice.entry - 1];
        return entry === undefined ? [] : [{ notice, entry: asHeard(entry, notice) }];
      });
  }

  #settle(notice: Notice): void {
    this.#pending = this.#pending.filter((each) => each !== notice);
  }
}
