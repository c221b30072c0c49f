import type { Sha256 } from '../../domain/ledger/canonical-json.ts';
import type { Product } from '../../domain/license/product.ts';
import type { Observation } from '../../domain/check/observation.ts';
import { between, DAY, MINUTE, plus, type Instant, HOUR } from '../../domain/time.ts';
import type { Mail } from '../../domain/ports.ts';
import type { Cancellation } from '../../domain/agreement/matter.ts';
import type { Buyer } from '../../domain/registration/buyer.ts';
import { pipelineOf } from '../../domain/agreement/pipeline.ts';
import { contractKey } from '../../domain/license/contract.ts';
import { pipelineMail } from '../../mail/pipeline-mail.ts';
import { mattersMail } from '../../mail/matters-mail.ts';
import { sellerDigest } from '../../mail/seller-digest.ts';
import { decideAndSeal } from '../../domain/check/perform-check.ts';
import {
  entryForNotice,
  planDelivery,
  untrue,
  type PendingNotice,
  type UndeliverableNotice,
} from '../../domain/notice/delivery.ts';
import type { Head } from '../../domain/check/head.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import {
  noticeToBuyer,
  TOLD_WITHIN,
  type Notice,
  type NoticeKey,
} from '../../domain/notice/notice.ts';
import { confirmed } from '../../domain/notice/notices.ts';
import { buyerMail } from '../../mail/buyer-mail.ts';
import type { DigestEntry, MatterToTell } from '../../mail/mail.ts';
import { operationsNotice } from '../../mail/operations-notice.ts';
import { titleOf } from '../../seller/ledger/entry-news.ts';

/** How often the watcher writes that it has seen an unchanged contract. */
const WRITTEN_EVERY = 6 * HOUR;

/** One contract with its ledger and its notices. */
class SampleContract {
  readonly #sampleCase: SampleCase;
  readonly #sha256: Sha256;
  #head: Head | null = null;
  #lastSeen: Instant | null = null;
  #seen: Phase | undefined;
  readonly #ledger: SealedEntry[] = [];
  readonly #notices: Notice[] = [];

  constructor(sampleCase: SampleCase, sha256: Sha256) {
    this.#sampleCase = sampleCase;
    this.#sha256 = sha256;
  }

  check(tick: Instant, now: Instant): void {
    const { phases, product, buyer } = this.#sampleCase;
    const phase = phases.findLast(({ from }) => from <= tick);
    if (phase === undefined || this.#isSteady(phase, now)) return;
    this.#seen = phase;
    const { observation } = phase;
    const fleet = { checks: 100, failed: 1 };
    const { decision, sealed } = decideAndSeal(
      { head: this.#head, lastSeen: this.#lastSeen, observation, product, buyer, now, tick, fleet },
      this.#sha256,
    );
    const { head, entry } = sealed;
    this.#head = head;
    this.#lastSeen = decision.lastSeen;
    if (entry !== null) this.#ledger.push(entry);
    for (const notice of this.#noticesOf(decision.withdrawn))
      this.#settle(notice, { state: 'withdrawn' });
    for (const notice of this.#noticesOf(decision.released))
      this.#settle(notice, confirmed(notice));
    this.#notices.push(...decision.notices);
  }

  buyerMails(sellerName: string, now: Instant): readonly SampleMail[] {
    const { product, buyer, confirmed } = this.#sampleCase;
    const head = this.#head;
    const pending = this.#pendingTo('buyer');
    if (head === null || !pending.some(({ notice }) => notice.notBefore <= now)) return [];
    const topic = {
      kind: 'open',
      confirmedSubscriptions: confirmed === null || now < confirmed ? 0 : 1,
    } as const;
    const plan = planDelivery({ pending, head, product, topic, now });
    for (const { notice, reason } of plan.supersede)
      this.#settle(notice, { state: 'superseded', reason });
    for (const each of plan.undeliverable) this.#giveUp(each);
    for (const { notice, until, reason, sellerNotice } of plan.hold) {
      this.#settle(notice, { state: 'waiting', notBefore: until, reason });
      this.#ask(sellerNotice);
    }
    if (plan.send === null) return [];
    const { lead, folded, welcome } = plan.send;
    const within = `${TOLD_WITHIN} ${lead.entry.entry}`;
    for (const { notice } of folded) this.#settle(notice, { state: 'superseded', reason: within });
    this.#settle(lead.notice, { state: 'told', notBefore: now });
    const mail = buyerMail({
      entry: lead.entry,
      folded: folded.map(({ entry }) => entry),
      welcome,
      head,
      lastSeen: this.#lastSeen,
      product,
      sellerName,
      now,
    });
    const kind = `${kindOf(lead.entry)}${folded.length > 0 ? ', and what waited' : ''}`;
    return [{ at: now, to: { audience: 'buyer', name: buyer.name }, kind, mail }];
  }

  digestEntries(now: Instant): readonly DigestEntry[] {
    const { product } = this.#sampleCase;
    const head = this.#head;
    if (head === null) return [];
    const due = this.#pendingTo('seller').filter(({ notice }) => notice.notBefore <= now);
    for (const { notice } of due) this.#settle(notice, { state: 'told', notBefore: now });
    return due
      .filter((pending) => untrue(pending, head, product, now) === null)
      .map(({ notice, entry }) => ({
        entry,
        product,
        head,
        lastSeen: this.#lastSeen,
        toBuyer: this.#noticesOf([noticeToBuyer(notice)])[0],
        undelivered: notice.about === 'undelivered' ? notice.reason : null,
      }));
  }

  operationsMails(now: Instant): readonly SampleMail[] {
    return this.#pendingTo('operations').map(({ notice, entry }) => {
      this.#settle(notice, { state: 'told', notBefore: now });
      return {
        at: now,
        to: { audience: 'operations' },
        kind: kindOf(entry),
        mail: operationsNotice(entry, this.#sampleCase.product),
      };
    });
  }

  /** True if nothing differs and nothing is due, so that nothing is to decide. Updates `lastSeen` every 6 hours. */
  #isSteady(phase: Phase, now: Instant): boolean {
    const head = this.#head;
    if (head === null || phase !== this.#seen || (head.nextDue !== null && head.nextDue <= now))
      return false;
    const lastSeen = this.#lastSeen;
    const isSeen = phase.observation.kind === 'seen' && lastSeen !== null;
    if (isSeen && plus(lastSeen, WRITTEN_EVERY) <= now) this.#lastSeen = now;
    return true;
  }

  #pendingTo(audience: Notice['audience']): readonly PendingNotice[] {
    return this.#notices
      .filter((notice) => notice.audience === audience && ['waiting', 'due'].includes(notice.state))
      .flatMap((notice) => {
        const entry = this.#ledger[notice.entry - 1];
        return entry === undefined ? [] : [{ notice, entry: entryForNotice(entry, notice) }];
      });
  }

  #noticesOf(keys: readonly NoticeKey[]): readonly Notice[] {
    return keys.flatMap(({ entry, audience, about }) =>
      this.#notices.filter(
        (each) => each.entry === entry && each.audience === audience && each.about === about,
      ),
    );
  }

  #giveUp({ notice, reason, sellerNotice: ask }: UndeliverableNotice): void {
    this.#settle(notice, { state: 'undeliverable', reason });
    this.#ask(ask);
  }

  /** Adds a notice that asks the seller to tell the buyer, but only once: one that waited and is later given up has already caused it. */
  #ask(ask: Notice | null): void {
    if (ask !== null && this.#noticesOf([ask]).length === 0) this.#notices.push(ask);
  }

  #settle(notice: Notice, next: Partial<Pick<Notice, 'state' | 'notBefore' | 'reason'>>): void {
    this.#notices[this.#notices.indexOf(notice)] = { ...notice, ...next };
  }
}

/** A contract, and the observations of its checks from each instant on. */
export interface SampleCase {
  readonly buyer: { readonly buyerAccountId: string; readonly name: string };
  readonly product: Product;
  readonly phases: readonly Phase[];
  /** When the link in SNS's mail is followed; null: never. */
  readonly confirmed: Instant | null;
}

/** The observation of every check from an instant on. */
export interface Phase {
  readonly from: Instant;
  readonly observation: Observation;
}

export interface SampleMail {
  readonly at: Instant;
  readonly to:
    | { readonly audience: 'buyer'; readonly name: string }
    | { readonly audience: 'seller' | 'operations' };
  /** The ledger's names of what it tells; mails of one kind differ in little but the names of buyers. */
  readonly kind: string;
  readonly mail: Mail;
}

/** The first mail of each kind and audience. */
export function oneOfEachKind(mails: readonly SampleMail[]): readonly SampleMail[] {
  const seen = new Set<string>();
  return mails.filter(({ to: { audience }, kind }) => {
    const key = `${audience} ${kind}`;
    return !seen.has(key) && seen.add(key);
  });
}

function kindOf(entry: SealedEntry): string {
  const { reminder } = entry;
  if (reminder === null) return titleOf(entry);
  return `${titleOf(entry)}, day ${reminder.daysBefore}${reminder.share === null ? '' : ' of a part'}`;
}

function kindOfDigest(due: readonly DigestEntry[]): string {
  const [only, ...others] = due;
  const asked = due.some(({ undelivered }) => undelivered !== null) ? ', to pass on' : '';
  if (only === undefined || others.length > 0) return `several notices${asked}`;
  return `${titleOf(only.entry)}${asked}`;
}

const TICK = 15 * MINUTE;
/** How long to run after the last event, so that the last reminders and the day after the end still come. */
const EPILOGUE = 14 * DAY;

/**
 * Runs all cases on one calendar with the domain's own rules, and returns every mail, in order.
 * Only the store, the queues and AWS are left out.
 */
export function sampleMails(
  cases: readonly SampleCase[],
  sellerName: string,
  sha256: Sha256,
): readonly SampleMail[] {
  const contracts = cases.map((sampleCase) => new SampleContract(sampleCase, sha256));
  return ticksOf(cases).flatMap((tick) => {
    const now = plus(tick, 3 * MINUTE);
    for (const contract of contracts) contract.check(tick, now);
    const toBuyers = contracts.flatMap((contract) => contract.buyerMails(sellerName, now));
    const toOperations = contracts.flatMap((contract) => contract.operationsMails(now));
    const due = contracts.flatMap((contract) => contract.digestEntries(now));
    const digest: readonly SampleMail[] =
      due.length === 0
        ? []
        : [
            {
              ...{ at: now, to: { audience: 'seller' }, kind: kindOfDigest(due) },
              mail: sellerDigest({ entries: due, now }),
            },
          ];
    return [...toBuyers, ...digest, ...toOperations];
  });
}

/**
 * Mails for the same buyers that do not occur in the year: requests to cancel and an advisory, to the seller, the owner and operations;
 * the digest of an owner; the weekly pipeline; buyers that have not launched the stack.
 */
export function otherMails(
  cases: readonly SampleCase[],
  sha256: Sha256,
  now: Instant,
): readonly SampleMail[] {
  const [first, second, third] = cases;
  if (first === undefined || second === undefined || third === undefined) return [];
  const owner = 'Ada Moreau';
  const buyerOf = ({ buyer, product }: SampleCase): Buyer => ({
    ...{ ...buyer, productIds: [product.id], status: 'invited', externalId: 'x'.repeat(32) },
    ...{ invitedAt: plus(now, -8 * DAY), registration: null },
    ...{ owner, contacts: ['Grace Okafor <grace@example.com>'] },
  });
  const told = (of: SampleCase, matter: Partial<Cancellation>): MatterToTell => ({
    matter: {
      ...{ kind: 'cancellation', requestId: 'acr-0123456789abc', saidBy: 'list' },
      ...{ agreementId: 'agmt-0123456789abcdefghijklmno', productSku: of.product.productSku },
      ...{ buyerAccountId: of.buyer.buyerAccountId, status: 'PENDING_APPROVAL' },
      ...{ reason: 'BUYER_DISSATISFACTION', statusMessage: null },
      ...{ createdAt: plus(now, -HOUR), updatedAt: plus(now, -HOUR), ...matter },
    },
    ...{ foundAt: now, product: of.product, buyer: buyerOf(of) },
  });
  const pending = told(first, {});
  const refused = told(second, { status: 'REJECTED', requestId: 'acr-1123456789abc' });
  const advisory: MatterToTell = {
    ...told(third, {}),
    matter: {
      ...{ kind: 'advisory', agreementId: 'agmt-1123456789abcdefghijklmno', status: 'ISSUED' },
      ...{ buyerAccountId: third.buyer.buyerAccountId, productSku: third.product.productSku },
      ...{ saidBy: 'event', at: plus(now, -HOUR) },
    },
  };
  const seller = { at: now, to: { audience: 'seller' } } as const;
  const several = mattersMail([pending, refused, advisory], now);
  const contracts = cases.map((each) => new SampleContract(each, sha256));
  const due = contracts.flatMap((contract) => {
    contract.check(now, now);
    return contract.digestEntries(now).slice(0, 2);
  });
  const contractOfCase = ({ buyer, product }: SampleCase) =>
    contractKey(buyer.buyerAccountId, product.id);
  const pipeline = pipelineOf(
    {
      watched: new Set(cases.map(contractOfCase)),
      ending: cases
        .slice(0, 3)
        .map((each, n) => ({ contract: contractOfCase(each), end: plus(now, (n + 1) * 20 * DAY) })),
      ...{ agreements: [], outlines: [] },
    },
    now,
  );
  const about = new Map(
    cases.map((each) => [
      contractOfCase(each),
      { buyer: buyerOf(each), product: each.product, head: undefined },
    ]),
  );
  const ofOwner = due.map((each) => ({ ...each, sellersOwn: { owner } }));
  return [
    { ...seller, kind: 'a request to cancel', mail: mattersMail([pending], now) },
    { ...seller, kind: 'several matters that AWS tells', mail: several },
    {
      ...seller,
      kind: 'a request to cancel, to its owner alone',
      mail: mattersMail([refused], now),
    },
    { at: now, to: { audience: 'operations' }, kind: 'what AWS tells', mail: several },
    {
      ...seller,
      kind: 'the digest of one owner',
      mail: sellerDigest({ entries: ofOwner, now, owner }),
    },
    {
      ...seller,
      kind: 'the weekly pipeline',
      mail: pipelineMail({ pipeline, about, unknown: new Map(), now }),
    },
    {
      ...seller,
      kind: 'who has not launched',
      mail: sellerDigest({
        ...{ entries: [], now },
        unlaunched: [{ buyer: buyerOf(first), products: [first.product] }],
      }),
    },
  ];
}

/** Every quarter of an hour, the watcher's interval. */
function ticksOf(cases: readonly SampleCase[]): readonly Instant[] {
  const turns = cases.flatMap(turnsOf).toSorted();
  const [first, last] = [turns[0], turns.at(-1)];
  if (first === undefined || last === undefined) return [];
  const count = between(first, plus(last, EPILOGUE)) / TICK;
  return Array.from({ length: Math.floor(count) + 1 }, (_, index) => plus(first, index * TICK));
}

/** The instants at which something happens: another observation, a begin, an end, a confirmation. */
function turnsOf({ phases, confirmed }: SampleCase): readonly Instant[] {
  const dates = phases.flatMap(({ observation }) =>
    observation.kind === 'seen'
      ? observation.licenses.flatMap(({ validity }) => [validity.begin, validity.end])
      : [],
  );
  const begin = phases[0]?.from;
  const all = [confirmed, ...dates, ...phases.map(({ from }) => from)];
  return all.filter((at) => at !== null).filter((at) => begin !== undefined && at >= begin);
}
