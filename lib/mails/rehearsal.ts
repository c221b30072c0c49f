import { decide } from '../domain/decide.ts';
import { planDelivery, untrue, type Telling } from '../domain/delivery.ts';
import type { Head } from '../domain/head.ts';
import type { SealedEntry } from '../domain/ledger.ts';
import type { Notice } from '../domain/notice.ts';
import type { Sha256 } from '../domain/ports.ts';
import type { Product } from '../domain/product.ts';
import { seal } from '../domain/seal.ts';
import type { Sighting } from '../domain/sighting.ts';
import { DAY, HOUR, MINUTE, plus, type Instant } from '../domain/time.ts';
import { buyerMail } from '../domain/words/buyer-mail.ts';
import type { Mail } from '../domain/words/mail.ts';
import { operationsNotice } from '../domain/words/operations-notice.ts';
import { sellerDigest } from '../domain/words/seller-digest.ts';

/** A contract, and what every check of it sees from each instant on. */
export interface Scene {
  readonly buyer: { readonly buyerAccountId: string; readonly name: string };
  readonly product: Product;
  readonly phases: readonly Phase[];
  /** When somebody follows the link in SNS's mail; null: never. */
  readonly confirmed: Instant | null;
}

export interface Phase {
  readonly from: Instant;
  readonly sighting: Sighting;
}

export interface RehearsedMail {
  readonly at: Instant;
  readonly to: { readonly audience: 'buyer'; readonly name: string } | { readonly audience: 'seller' | 'operations' };
  readonly mail: Mail;
}

const TICK = 15 * MINUTE;
/** Around each turn of a scene every tick of two hours, in which news settle; else one check a day. */
const CLOSE_LOOK = 2 * HOUR;
/** After the last turn: reminders and the day after the end still come. */
const EPILOGUE = 14 * DAY;

/**
 * Plays all scenes on one calendar with the domain's own rules, and answers with every mail that anybody gets, in order.
 * Nothing but the store, the queues and AWS is left out.
 */
export function rehearse(scenes: readonly Scene[], sellerName: string, sha256: Sha256): readonly RehearsedMail[] {
  const actors = scenes.map((scene) => new Actor(scene, sha256));
  return ticksOf(scenes).flatMap((tick) => {
    const now = plus(tick, 3 * MINUTE);
    for (const actor of actors) actor.check(tick, now);
    const toBuyers = actors.flatMap((actor) => actor.tellBuyer(sellerName, now));
    const toOperations = actors.flatMap((actor) => actor.tellOperations(now));
    const due = actors.flatMap((actor) => actor.tellSeller(now));
    const digest: readonly RehearsedMail[] =
      due.length === 0 ? [] : [{ at: now, to: { audience: 'seller' }, mail: sellerDigest({ entries: due, now }) }];
    return [...toBuyers, ...digest, ...toOperations];
  });
}

function ticksOf(scenes: readonly Scene[]): readonly Instant[] {
  const turns = scenes.flatMap(turnsOf).toSorted();
  const [first, last] = [turns[0], turns.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ticks = new Set<Instant>();
  for (let day = first; day <= plus(last, EPILOGUE); day = plus(day, DAY)) ticks.add(day);
  for (const turn of turns) {
    for (let after = 0; after <= CLOSE_LOOK; after += TICK) ticks.add(plus(turn, after));
  }
  return [...ticks].toSorted();
}

/** When something happens: another sight, a begin, an end, a confirmation. */
function turnsOf({ phases, confirmed }: Scene): readonly Instant[] {
  const dates = phases.flatMap(({ sighting }) =>
    sighting.kind === 'seen' ? sighting.licenses.flatMap(({ validity }) => [validity.begin, validity.end]) : [],
  );
  const begin = phases[0]?.from;
  const all = [confirmed, ...dates, ...phases.map(({ from }) => from)];
  return all.filter((at) => at !== null).filter((at) => begin !== undefined && at >= begin);
}

/** One contract with its ledger and its notices. */
class Actor {
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
    if (entry === null) return;
    this.#ledger.push(entry);
    const isWithdrawn = (notice: Notice): boolean =>
      decision.withdrawn.some((key) => key.entry === notice.entry && key.audience === notice.audience);
    this.#pending = [...this.#pending.filter((notice) => !isWithdrawn(notice)), ...decision.notices];
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

  tellSeller(now: Instant): Parameters<typeof sellerDigest>[0]['entries'] {
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
      .filter((notice) => notice.audience === audience)
      .flatMap((notice) => {
        const entry = this.#ledger[notice.entry - 1];
        return entry === undefined ? [] : [{ notice, entry }];
      });
  }

  #settle(notice: Notice): void {
    this.#pending = this.#pending.filter((each) => each !== notice);
  }
}
