import type {
  AgreementBook,
  WatchStore,
  ContractBook,
  BuyerBook,
  NoticeBook,
  TickBook,
  EnrolmentBook,
  LastSeenBook,
  MatterBook,
  ReachabilityBook,
  UsageBook,
} from '../../../lib/domain/ports.ts';
import {
  copyOf,
  emptyTables,
  type MemoryTables,
  isPending,
  noticeId,
  type SweepMark,
  knownLastSeen,
} from './tables.ts';
import { confirmed } from '../../../lib/domain/notice/notices.ts';
import { assertRecordable } from '../../../lib/aws/dynamodb/contract-book.ts';
import { isDeepStrictEqual } from 'node:util';
import {
  type Buyer,
  type RegisteredBuyer,
  watchedContracts,
} from '../../../lib/domain/registration/buyer.ts';
import type { KeptAgreement } from '../../../lib/domain/agreement/kept-agreement.ts';
import { matterId } from '../../../lib/domain/agreement/matter.ts';
import { placeOf } from '../../../lib/domain/registration/place.ts';
import { contractKey, contractOf } from '../../../lib/domain/license/contract.ts';
import type { DueShard, Notice } from '../../../lib/domain/notice/notice.ts';
import { dueKey, dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import { awaitsConfirmation } from '../../../lib/domain/notice/reachability.ts';
import type { NoteText } from '../../../lib/domain/ledger/note.ts';
import type { Fleet } from '../../../lib/domain/check/decision.ts';
import { worstOf } from '../../../lib/domain/check/blindness.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { enrolmentsKey } from '../../../lib/messages/stored-buyer.ts';
import { sha256 } from '../../../lib/aws/text.ts';

/** The store without a database: it does what the ports promise and nothing more. */
export function memoryWatchStore(tables: MemoryTables = emptyTables()): WatchStore {
  return {
    buyers: memoryBuyerBook(tables),
    contracts: memoryContractBook(tables),
    lastSeen: memoryLastSeenBook(tables),
    usage: memoryUsageBook(tables),
    reachability: memoryReachabilityBook(tables),
    notices: memoryNoticeBook(tables),
    ticks: memoryTickBook(tables),
    enrolments: memoryEnrolmentBook(tables),
    agreements: memoryAgreementBook(tables),
    matters: memoryMatterBook(tables),
  };
}

function memoryContractBook({
  heads,
  entries,
  notices,
  unrecorded,
  lastSeen,
  noteTexts,
}: MemoryTables): ContractBook {
  return {
    head: (contract) => Promise.resolve(copyOf(heads.get(contract))),

    // Not async, so that everything happens in one turn, like a transaction.
    record: (decision, entry, head, previous) => {
      assertRecordable(decision, entry, head, previous);
      const { contract } = head;
      const current = heads.get(contract);
      if (current?.revision !== previous?.revision || current?.entries !== previous?.entries) {
        return Promise.resolve(false);
      }
      const text = decision.noteText ?? null;
      if (text !== null && (text.written === null) !== noteTexts.has(noteTextId(text)))
        return Promise.resolve(false);
      if (text !== null) noteTexts.set(noteTextId(text), copyOf(text));
      heads.set(contract, copyOf(head));
      if (head.watchEnded === null && entry?.kind !== 'note')
        lastSeen.set(contract, {
          ...lastSeen.get(contract),
          ...(decision.lastSeen !== null && { at: decision.lastSeen }),
          blind: head.blind?.told === true,
        });
      if (entry !== null) entries.set(contract, [...(entries.get(contract) ?? []), copyOf(entry)]);
      for (const notice of decision.notices) notices.set(noticeId(notice), copyOf(notice));
      for (const key of decision.withdrawn) {
        const notice = notices.get(noticeId(key));
        if (notice === undefined || !(isPending(notice) || notice.state === 'settling')) continue;
        notices.set(noticeId(key), { ...notice, state: 'withdrawn', reason: decision.reason });
      }
      for (const key of decision.released) {
        const notice = notices.get(noticeId(key));
        if (notice?.state === 'settling') notices.set(noticeId(key), confirmed(notice));
      }
      return Promise.resolve(true);
    },

    dueNow: (contract, now) => {
      const head = heads.get(contract);
      if (head?.watchEnded !== null) return Promise.resolve('unwatched');
      heads.set(contract, { ...head, nextDue: now, revision: head.revision + 1 });
      return Promise.resolve('due');
    },

    failed: (contract, { cause, detail }, at) => {
      unrecorded.set(contract, {
        contract,
        cause,
        detail,
        since: unrecorded.get(contract)?.since ?? at,
      });
      lastSeen.set(contract, { ...lastSeen.get(contract), unrecorded: true });
      return Promise.resolve();
    },

    worksAgain: (contract) => {
      const failed = unrecorded.delete(contract);
      if (failed) lastSeen.set(contract, { ...lastSeen.get(contract), unrecorded: false });
      return Promise.resolve(failed);
    },

    async *entries(contract, { newestFirst = false, from } = {}) {
      const all = entries.get(contract) ?? [];
      const chosen = newestFirst
        ? all.filter(({ entry }) => from === undefined || entry <= from).reverse()
        : all.filter(({ entry }) => from === undefined || entry >= from);
      yield* await Promise.resolve(copyOf(chosen));
    },

    entry: (contract, entry) => Promise.resolve(copyOf(entries.get(contract)?.[entry - 1])),

    noteText: (contract, entry) =>
      Promise.resolve(copyOf(noteTexts.get(noteTextId({ contract, entry })))),
  };
}

function noteTextId({ contract, entry }: Pick<NoteText, 'contract' | 'entry'>): string {
  return `${contract} ${entry}`;
}

function memoryLastSeenBook({ lastSeen }: MemoryTables): LastSeenBook {
  return {
    of: (contract) => Promise.resolve(lastSeen.get(contract)?.at ?? null),

    seen: (contract, at) => {
      const known = lastSeen.get(contract);
      if (known?.since === undefined) return Promise.resolve(false);
      lastSeen.set(contract, { ...known, at, blind: false });
      return Promise.resolve(true);
    },

    ofBuyer: (buyerAccountId) =>
      Promise.resolve(
        knownLastSeen(lastSeen).filter(
          ({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId,
        ),
      ),

    async *all() {
      yield* await Promise.resolve(knownLastSeen(lastSeen));
    },
  };
}

function memoryUsageBook({ usage }: MemoryTables): UsageBook {
  return {
    of: (contract) => Promise.resolve(copyOf(usage.get(contract))),

    put: (seen, previous) => {
      if (usage.get(seen.contract)?.at !== previous?.at) return Promise.resolve(false);
      usage.set(seen.contract, copyOf(seen));
      return Promise.resolve(true);
    },
  };
}

function memoryReachabilityBook({ reachability }: MemoryTables): ReachabilityBook {
  return {
    find: (buyerAccountId) => Promise.resolve(copyOf(reachability.get(buyerAccountId))),

    put: (found, previous) => {
      if (!isDeepStrictEqual(reachability.get(found.buyerAccountId), previous))
        return Promise.resolve(false);
      reachability.set(found.buyerAccountId, copyOf(found));
      return Promise.resolve(true);
    },

    async *unconfirmed(registeredUntil) {
      const waiting = [...reachability.values()].filter(
        (found) => awaitsConfirmation(found) && found.registeredAt <= registeredUntil,
      );
      yield* await Promise.resolve(
        waiting
          .toSorted((a, b) => (a.registeredAt < b.registeredAt ? -1 : 1))
          .map(({ buyerAccountId }) => buyerAccountId),
      );
    },
  };
}

function memoryBuyerBook({ buyers, counts, heads, unrecorded, lastSeen }: MemoryTables): BuyerBook {
  return {
    find: (buyerAccountId) => Promise.resolve(copyOf(buyers.get(buyerAccountId))),

    async *list() {
      yield* await Promise.resolve([...buyers.values()].map((buyer) => copyOf(buyer)));
    },

    async *range({ from, to }) {
      const placed = [...buyers.values()]
        .filter(isPlaced)
        .map((buyer) => ({ ...watched(buyer), place: placeOf(buyer.buyerAccountId, sha256) }));
      yield* await Promise.resolve(
        placed
          .filter(({ place }) => place >= from && place < `${to}~`)
          .sort((a, b) => (a.place < b.place ? -1 : 1)),
      );
    },

    async *unlaunched(invitedUntil) {
      const waiting = [...buyers.values()].filter(
        ({ status, invitedAt, unlaunchedToldAt }) =>
          status === 'invited' && unlaunchedToldAt === undefined && invitedAt <= invitedUntil,
      );
      yield* await Promise.resolve(
        waiting
          .toSorted((a, b) => (a.invitedAt < b.invitedAt ? -1 : 1))
          .map(({ buyerAccountId }) => buyerAccountId),
      );
    },

    counted: () => Promise.resolve(counts.get('active')),

    recount: (now) => {
      const active = [...buyers.values()].filter(isActive).length;
      counts.set('active', { active, countedAt: now });
      return Promise.resolve(active);
    },

    put: (buyer, previous, now) => {
      if (!isDeepStrictEqual(buyers.get(buyer.buyerAccountId), previous))
        return Promise.resolve(false);
      const [before, after] = [watchedContracts(previous), watchedContracts(buyer)];
      for (const contract of before) if (!after.includes(contract)) lastSeen.delete(contract);
      for (const contract of after)
        if (!before.includes(contract)) lastSeen.set(contract, { since: now });
      buyers.set(buyer.buyerAccountId, copyOf(buyer));
      const more = Number(isActive(buyer)) - Number(previous !== undefined && isActive(previous));
      const count = counts.get('active');
      if (count !== undefined) counts.set('active', { ...count, active: count.active + more });
      return Promise.resolve(true);
    },

    remove: (buyer) => {
      const stands = isDeepStrictEqual(buyers.get(buyer.buyerAccountId), buyer);
      return Promise.resolve(stands && buyers.delete(buyer.buyerAccountId));
    },
  };

  function watched(buyer: RegisteredBuyer) {
    const contracts = buyer.productIds.map((productId) => {
      const key = contractKey(buyer.buyerAccountId, productId);
      const head = heads.get(key);
      return {
        productId,
        ...(head?.watchEnded === null
          ? { digest: head.digest, nextDue: head.nextDue }
          : { digest: null, nextDue: null }),
        ...(unrecorded.has(key) && { unrecorded: true as const }),
      };
    });
    return { buyer: copyOf(buyer), contracts };
  }
}

function isActive({ status, registration }: Buyer): boolean {
  return status === 'active' && registration !== null;
}

function isPlaced(buyer: Buyer): buyer is RegisteredBuyer {
  return isActive(buyer) || (buyer.status === 'enrolling' && buyer.registration !== null);
}

function memoryNoticeBook({ notices, facts }: MemoryTables): NoticeBook {
  return {
    find: (key) => Promise.resolve(copyOf(notices.get(noticeId(key)))),

    pending: (contract) =>
      Promise.resolve(
        copyOf(
          notices
            .of(contract)
            .filter(isPending)
            .sort((a, b) => a.entry - b.entry),
        ),
      ),

    async *due(part, now) {
      yield* await Promise.resolve(dueIn(part, now));
    },

    isAnyDue: (part, now) => Promise.resolve(dueIn(part, now).length > 0),

    changeState: (notice, next, fact, born = []) => {
      const id = noticeId(notice);
      const current = notices.get(id);
      if (current?.state !== notice.state || current.notBefore !== notice.notBefore)
        return Promise.resolve(false);
      if (fact !== null && facts.has(noticeId(fact))) return Promise.resolve(false);
      if (born.some((each) => notices.has(noticeId(each)))) return Promise.resolve(false);
      notices.set(id, {
        ...current,
        state: next.state,
        notBefore: next.notBefore,
        reason: next.reason,
        ...(next.reached !== undefined && { reached: next.reached }),
      });
      if (fact !== null) facts.set(noticeId(fact), copyOf(fact));
      for (const each of born) notices.set(noticeId(each), copyOf(each));
      return Promise.resolve(true);
    },

    fact: (key) => Promise.resolve(copyOf(facts.get(noticeId(key)))),
  };

  function dueIn(part: DueShard, now: Instant): Notice[] {
    const found = [...notices.values()].filter(
      (notice) =>
        isPending(notice) && notice.notBefore <= now && dueKey(dueShardOf(notice)) === dueKey(part),
    );
    return copyOf(found.sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1)));
  }
}

function memoryTickBook({ sweeps, toldOfBuyers, failedOwners }: MemoryTables): TickBook {
  return {
    startSweep: (tick, buyers) => {
      Object.assign(mark(tick), { buyers, started: true });
      return Promise.resolve(mark(tick).askedUpTo);
    },

    askedUpTo: (tick, place) => {
      mark(tick).askedUpTo = place;
      return Promise.resolve();
    },

    lastSweep: (before) => {
      const [last] = newestFirst().filter(
        ([tick, { started }]) => started && (before === undefined || tick < before),
      );
      return Promise.resolve(
        last === undefined ? undefined : { tick: last[0], buyers: last[1].buyers },
      );
    },

    isTold: (tick, what) => Promise.resolve(sweeps.get(tick)?.told.has(what) === true),

    told: (tick, what) => {
      mark(tick).told = new Set([...mark(tick).told, what]);
      return Promise.resolve();
    },

    toldPipelineTo: (tick) => Promise.resolve(sweeps.get(tick)?.pipelineTold ?? []),

    pipelineTold: (tick, to, already) => {
      mark(tick).pipelineTold = [...already, to];
      return Promise.resolve();
    },

    toldOfBuyers: () => Promise.resolve(toldOfBuyers.get('told') ?? []),

    keepToldOfBuyers: (told) => {
      toldOfBuyers.set('told', copyOf(told));
      return Promise.resolve();
    },

    failedOwners: () => Promise.resolve(failedOwners.get('failed') ?? []),

    keepFailedOwners: (failed) => {
      failedOwners.set('failed', structuredClone(failed));
      return Promise.resolve();
    },

    countFailure: (tick) => {
      mark(tick).failed += 1;
      return Promise.resolve(worst(tick));
    },

    worst: (tick) => Promise.resolve(worst(tick)),
  };

  function worst(tick: Instant): Fleet {
    const recent = newestFirst().filter(([at, { started }]) => started && at <= tick);
    return worstOf(
      recent.slice(0, 3).map(([, { buyers, failed }]) => ({ checks: buyers, failed })),
    );
  }

  function mark(tick: Instant): SweepMark {
    const known = sweeps.get(tick) ?? {
      buyers: 0,
      started: false,
      failed: 0,
      told: new Set(),
      pipelineTold: [],
      askedUpTo: null,
    };
    sweeps.set(tick, known);
    return known;
  }

  function newestFirst(): [Instant, SweepMark][] {
    return [...sweeps].sort(([a], [b]) => (a < b ? 1 : -1));
  }
}

export function memoryEnrolmentBook({
  enrolments,
}: Pick<MemoryTables, 'enrolments'>): EnrolmentBook {
  return {
    count: (step, buyerAccountId, most, now) => {
      const { record } = enrolmentsKey(step, now);
      const counted = enrolments.get(record) ?? new Set();
      enrolments.set(record, counted);
      if (counted.size < most) counted.add(buyerAccountId);
      return Promise.resolve(most > 0 && counted.has(buyerAccountId));
    },
  };
}

function memoryAgreementBook({ agreements, agreementReadings }: MemoryTables): AgreementBook {
  return {
    of: (contract) =>
      Promise.resolve(chosen((kept) => contractOfAgreement(kept) === contract).sort(byId)),

    find: (contract, agreementId) =>
      Promise.resolve(copyOf(agreements.get(`${contract}#${agreementId}`))),

    put: (kept, previous) => {
      const key = `${contractOfAgreement(kept)}#${kept.agreement.agreementId}`;
      if (agreements.get(key)?.revision !== previous?.revision) return Promise.resolve(false);
      agreements.set(key, copyOf(kept));
      return Promise.resolve(true);
    },

    async *all() {
      yield* await Promise.resolve(chosen(() => true));
    },

    async *waiting(step) {
      yield* await Promise.resolve(
        chosen((kept) => kept.step === step).sort((a, b) => (a.stepSince < b.stepSince ? -1 : 1)),
      );
    },

    reading: () => Promise.resolve(copyOf(agreementReadings.get('reading'))),

    putReading: (reading, previous) => {
      if (agreementReadings.get('reading')?.revision !== previous?.revision)
        return Promise.resolve(false);
      agreementReadings.set('reading', copyOf(reading));
      return Promise.resolve(true);
    },
  };

  function chosen(wanted: (kept: KeptAgreement) => boolean): KeptAgreement[] {
    return copyOf([...agreements.values()].filter(wanted));
  }
}

function contractOfAgreement({ agreement: { buyerAccountId, productId } }: KeptAgreement) {
  return contractKey(buyerAccountId, productId);
}

function byId(a: KeptAgreement, b: KeptAgreement): number {
  return a.agreement.agreementId < b.agreement.agreementId ? -1 : 1;
}

function memoryMatterBook({ matters }: MemoryTables): MatterBook {
  return {
    find: (id) => Promise.resolve(copyOf(matters.get(id))),

    put: (kept, previous) => {
      const id = matterId(kept.matter);
      if (matters.get(id)?.revision !== previous?.revision) return Promise.resolve(false);
      matters.set(id, copyOf(kept));
      return Promise.resolve(true);
    },

    async *waiting(step) {
      const found = [...matters.values()]
        .filter((kept) => kept.step === step)
        .sort((a, b) => (a.stepSince < b.stepSince ? -1 : 1));
      yield* await Promise.resolve(copyOf(found));
    },
  };
}
