import { describe, expect, it } from 'vitest';
import type { LastSeen } from '../../lib/domain/check/last-seen.ts';
import { contractKey, type ContractKey } from '../../lib/domain/license/contract.ts';
import type { NoteText } from '../../lib/domain/ledger/note.ts';
import { dueShards, type Notice } from '../../lib/domain/notice/notice.ts';
import type { DeliveryFact, WatchStore } from '../../lib/domain/ports.ts';
import { placeOf, rangesOf, WHOLE_LINE } from '../../lib/domain/registration/place.ts';
import type { SeenUsage } from '../../lib/domain/check/seen-usage.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { parseQuantity, quantity } from '../../lib/domain/license/quantity.ts';
import { factsOf } from '../../lib/domain/agreement/agreement-facts.ts';
import {
  type AgreementReading,
  type KeptAgreement,
  NO_READING,
} from '../../lib/domain/agreement/kept-agreement.ts';
import type { KeptMatter } from '../../lib/domain/agreement/matter.ts';
import { aCancellation, aKeptAgreement, anAgreement, aRenewalTerm } from '../support/agreements.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  anEntry,
  anExpiry,
  dueTo,
  aNotice,
  aSettling,
  aRegistration,
  BUYER,
  CONTRACT,
  NOW,
  REGISTERED,
} from '../support/records.ts';
import { sha256 } from '../../lib/aws/text.ts';

const at = (text: string) => text as Instant;
const LATER = at('2027-01-18T01:00:00Z');

/** What every implementation of `WatchStore` promises. `open` answers with an empty store. */
export function watchStoreContract(open: () => Promise<WatchStore>): void {
  describe('the usage book', () => {
    const seen = (at: Instant, consumed: number): SeenUsage => ({
      contract: CONTRACT,
      at,
      entitlements: [
        {
          ...{ name: 'ReadOnly', unit: 'Count', isPool: false, maxSince: null, from: '2027-01-16' },
          ...{ consumed: quantity(consumed), maxCount: quantity(5) },
          peaks: [quantity(2), null, quantity(consumed)],
        },
        {
          ...{ name: 'Data', unit: 'Bytes', isPool: true, maxSince: '2027-01-17' },
          ...{ from: '2027-01-18', consumed: quantity(9223372036854775807n), maxCount: null },
          peaks: [quantity(9223372036854775807n)],
        },
      ],
    });

    it('keeps what was seen of each contract as it was, and lets only the first of two looks win', async () => {
      const { usage } = await open();
      expect(await usage.of(CONTRACT)).toBeUndefined();
      expect(await usage.put(seen(NOW, 3), seen(LATER, 3))).toBe(false);
      expect(await usage.put(seen(NOW, 3), undefined)).toBe(true);
      expect(await usage.put(seen(LATER, 4), undefined)).toBe(false);
      expect(await usage.of(CONTRACT)).toEqual(seen(NOW, 3));
      expect(await usage.put(seen(LATER, 4), seen(NOW, 3))).toBe(true);
      expect(await usage.put(seen(LATER, 5), seen(NOW, 3))).toBe(false);
      expect(await usage.of(CONTRACT)).toEqual(seen(LATER, 4));
      expect(await usage.of(contractKey(BUYER, 'render-farm'))).toBeUndefined();
    });

    it('shows no check anything, and stays when the watch ends', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      await begin(store);
      await store.usage.put(seen(NOW, 3), undefined);
      const [placed, ...more] = await all(store.buyers.range(WHOLE_LINE));
      expect(more).toEqual([]);
      expect(placed).toMatchObject({ contracts: [{ productId: 'design-suite' }] });
      const ended = aHead({ revision: 2, watchEnded: LATER });
      expect(await store.contracts.record(aDecision(), null, ended, aHead())).toBe(true);
      await store.buyers.put(aBuyer({ status: 'left' }), aBuyer(), REGISTERED);
      expect(await store.usage.of(CONTRACT)).toEqual(seen(NOW, 3));
    });
  });

  describe('the reachability book', () => {
    it('keeps what was seen of each buyer, and lets only the first of two looks win', async () => {
      const { reachability } = await open();
      const found = {
        buyerAccountId: BUYER,
        registeredAt: REGISTERED,
        topicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
        state: 'confirmed',
        since: NOW,
        addresses: [{ address: 'it@buyer.example', state: 'confirmed' }],
        contract: null,
      } as const;
      const gone = { ...found, state: 'gone', since: LATER, contract: CONTRACT } as const;
      expect(await reachability.find(BUYER)).toBeUndefined();
      expect(await reachability.put(gone, found)).toBe(false);
      expect(await reachability.put(found, undefined)).toBe(true);
      expect(await reachability.put(gone, undefined)).toBe(false);
      expect(await reachability.find(BUYER)).toEqual(found);
      expect(await reachability.put(gone, { ...found, addresses: [] })).toBe(false);
      expect(await reachability.put(gone, found)).toBe(true);
      expect(await reachability.find(BUYER)).toEqual(gone);
      expect(await reachability.find('999999999999')).toBeUndefined();
    });

    it('finds who never confirmed, by the time of the registration, until the seller was told', async () => {
      const { reachability } = await open();
      const waiting = {
        buyerAccountId: BUYER,
        ...{ registeredAt: REGISTERED, topicArn: 'arn', since: NOW, addresses: [], contract: null },
        state: 'never-confirmed',
      } as const;
      const confirmed = { ...waiting, buyerAccountId: '222233334444', state: 'confirmed' } as const;
      await reachability.put(waiting, undefined);
      await reachability.put(confirmed, undefined);
      expect(await all(reachability.unconfirmed(NOW))).toEqual([BUYER]);
      expect(await all(reachability.unconfirmed('2026-11-30T23:59:59Z' as Instant))).toEqual([]);
      const told = { ...waiting, unconfirmedToldAt: NOW };
      expect(await reachability.put(told, waiting)).toBe(true);
      expect(await all(reachability.unconfirmed(NOW))).toEqual([]);
      // Who read it before the seller was told must not write over that.
      expect(await reachability.put(confirmed, waiting)).toBe(false);
      expect(await reachability.find(BUYER)).toEqual(told);
    });
  });

  describe('the agreement book', () => {
    const kept = (agreementId: string, changes = {}, of = {}) =>
      aKeptAgreement(changes, { agreementId, ...of });
    const ids = (found: readonly KeptAgreement[]) =>
      found.map(({ agreement }) => agreement.agreementId);

    it('keeps agreements whole, and lets only the first of two writers win', async () => {
      const { agreements: book } = await open();
      const told = factsOf(anAgreement());
      const first = kept('agmt-1', { told, step: 'terms' });
      expect(await book.find(CONTRACT, 'agmt-1')).toBeUndefined();
      expect(await book.put(first, undefined)).toBe(true);
      expect(await book.put(first, undefined)).toBe(false);
      expect(await book.find(CONTRACT, 'agmt-1')).toEqual(first);
      const bare = kept(
        'agmt-1',
        { revision: 2 },
        {
          ...{ initialAgreementId: null, start: null, end: null, updatedAt: null, terms: null },
          ...{ endTimeBehavior: null, offerId: null, renewalOfferId: null, licenseArns: [] },
        },
      );
      expect(await book.put(bare, kept('agmt-1', { revision: 7 }))).toBe(false);
      expect(await book.put(bare, first)).toBe(true);
      expect(await book.put(bare, first)).toBe(false);
      expect(await book.find(CONTRACT, 'agmt-1')).toEqual(bare);
      const ranged = aRenewalTerm({
        priceIncrease: {
          ...{ kind: 'range', least: quantity(1), most: parseQuantity('2.5')!, otherwise: null },
        },
        maxRenewals: 3,
      });
      const terms = { renewal: ranged, quantities: [{ name: 'ReadOnly', quantity: null }] };
      const full = kept('agmt-1', { revision: 3 }, { terms, status: 'UNKNOWN' });
      await book.put(full, bare);
      expect(await book.find(CONTRACT, 'agmt-1')).toEqual(full);
    });

    it('finds those of one contract, in the order of their IDs, and all of them', async () => {
      const { agreements: book } = await open();
      const other = { buyerAccountId: '222233334444' };
      const longer = { productId: 'design-suite#x' };
      for (const each of [
        kept('agmt-2'),
        kept('agmt-1', {}, { status: 'EXPIRED' }),
        kept('agmt-3', {}, other),
        kept('agmt-4', {}, longer),
      ])
        await book.put(each, undefined);
      expect(ids(await book.of(CONTRACT))).toEqual(['agmt-1', 'agmt-2']);
      expect(ids(await book.of(contractKey(BUYER, 'design-suite#x')))).toEqual(['agmt-4']);
      expect(await book.of(contractKey(BUYER, 'design'))).toEqual([]);
      expect(ids(await all(book.all())).toSorted()).toEqual([1, 2, 3, 4].map((n) => `agmt-${n}`));
    });

    it('shows what waits for a step, the longest waiting first, until it is done', async () => {
      const { agreements: book, notices } = await open();
      const late = kept('agmt-1', { step: 'terms', stepSince: LATER });
      const early = kept('agmt-2', { step: 'terms' });
      for (const each of [late, early, kept('agmt-3', { step: 'digest' }), kept('agmt-4')])
        await book.put(each, undefined);
      expect(ids(await all(book.waiting('terms')))).toEqual(['agmt-2', 'agmt-1']);
      expect(ids(await all(book.waiting('digest')))).toEqual(['agmt-3']);
      expect(await all(book.waiting('ask'))).toEqual([]);
      await book.put({ ...early, step: null, revision: 2 }, early);
      expect(ids(await all(book.waiting('terms')))).toEqual(['agmt-1']);
      for (const audience of ['buyer', 'seller'] as const)
        for (const part of dueShards(audience))
          expect(await all(notices.due(part, LATER))).toEqual([]);
    });

    it('remembers how far the reading has come', async () => {
      const { agreements: book } = await open();
      const found = {
        ...{ kept: 9, otherProducts: 1, otherSellers: 2, unreadable: 3, example: 'no acceptor' },
      };
      const reading: AgreementReading = {
        ...NO_READING,
        unfinished: { startedAt: NOW, token: 'next', found },
        trouble: { cause: 'denied', detail: 'AccessDeniedException', since: NOW },
        revision: 1,
      };
      const next: AgreementReading = {
        ...{
          upTo: NOW,
          fullAt: NOW,
          readAt: LATER,
          eventAt: LATER,
          isFilterTaken: false,
          revision: 2,
        },
        ...{ found, unfinished: null, trouble: null },
        requests: {
          askedAt: NOW,
          trouble: { cause: 'throttled', detail: 'ThrottlingException', since: NOW },
        },
      };
      expect(await book.reading()).toBeUndefined();
      expect(await book.putReading(next, reading)).toBe(false);
      expect(await book.putReading(reading, undefined)).toBe(true);
      expect(await book.putReading(next, undefined)).toBe(false);
      expect(await book.reading()).toEqual(reading);
      expect(await book.putReading(next, reading)).toBe(true);
      expect(await book.reading()).toEqual(next);
      expect(await all(book.all())).toEqual([]);
    });
  });

  describe('the book of matters', () => {
    const kept = (requestId: string, changes: Partial<KeptMatter> = {}): KeptMatter => ({
      ...{ matter: aCancellation({ requestId }), foundAt: NOW, step: 'tell', stepSince: NOW },
      ...{ told: { operations: null, seller: null, owner: null }, revision: 1 },
      ...changes,
    });

    it('keeps them whole, and lets only the first of two writers win', async () => {
      const { matters: book } = await open();
      const first = kept('acr-1');
      expect(await book.find('request#acr-1')).toBeUndefined();
      expect(await book.put(first, undefined)).toBe(true);
      expect(await book.put(first, undefined)).toBe(false);
      expect(await book.find('request#acr-1')).toEqual(first);
      const next = kept('acr-1', {
        matter: aCancellation({
          ...{ requestId: 'acr-1', status: 'UNKNOWN', saidBy: 'list', buyerAccountId: null },
          ...{ productSku: null, createdAt: null, updatedAt: null, reason: null },
        }),
        ...{
          told: { operations: 'PENDING_APPROVAL', seller: null, owner: null },
          step: null,
          revision: 2,
        },
      });
      expect(await book.put(next, { ...first, revision: 7 })).toBe(false);
      expect(await book.put(next, first)).toBe(true);
      expect(await book.find('request#acr-1')).toEqual(next);
      const advisory = kept('', {
        matter: {
          ...{ kind: 'advisory', agreementId: 'agmt-1', buyerAccountId: null, productSku: null },
          ...{ saidBy: 'event', status: 'RESOLVED', at: null },
        },
      });
      expect(await book.put(advisory, undefined)).toBe(true);
      expect(await book.find('advisory#agmt-1')).toEqual(advisory);
    });

    it('shows what waits for a step, the longest waiting first, and beside them nothing else', async () => {
      const { matters: book, agreements } = await open();
      const late = kept('acr-1', { stepSince: LATER });
      const early = kept('acr-2');
      for (const each of [late, early, kept('acr-3', { step: 'answer' })])
        await book.put(each, undefined);
      await book.put(kept('acr-4', { step: null }), undefined);
      expect(await all(book.waiting('tell'))).toEqual([early, late]);
      expect(await all(book.waiting('answer'))).toEqual([kept('acr-3', { step: 'answer' })]);
      await book.put({ ...early, step: null, revision: 2 }, early);
      expect(await all(book.waiting('tell'))).toEqual([late]);
      expect(await agreements.reading()).toBeUndefined();
      expect(await all(agreements.all())).toEqual([]);
    });
  });

  describe('what has to be decided on', () => {
    it('is so at once, by a write that every other write of the head sees', async () => {
      const { contracts } = await open();
      expect(await contracts.dueNow(CONTRACT, NOW)).toBe('unwatched');
      const head = aHead({ entries: 0, watchEnded: null });
      await contracts.record(aDecision({ head }), null, head, undefined);
      expect(await contracts.dueNow(CONTRACT, LATER)).toBe('due');
      const due = { ...head, nextDue: LATER, revision: head.revision + 1 };
      expect(await contracts.head(CONTRACT)).toEqual(due);
      const next = { ...head, revision: head.revision + 1 };
      expect(await contracts.record(aDecision({ head: next }), null, next, head)).toBe(false);
      const ended = { ...due, watchEnded: NOW, revision: due.revision + 1 };
      expect(await contracts.record(aDecision({ head: ended }), null, ended, due)).toBe(true);
      expect(await contracts.dueNow(CONTRACT, LATER)).toBe('unwatched');
    });
  });

  describe('the buyer book', () => {
    it('finds what was put, and nothing else', async () => {
      const { buyers } = await open();
      expect(await buyers.find(BUYER)).toBeUndefined();
      const invited = aBuyer({ status: 'invited', registration: null });
      expect(await buyers.put(invited, undefined, REGISTERED)).toBe(true);
      expect(await buyers.find(BUYER)).toEqual(invited);
    });

    it('lets only the first of two writers win, for every way a buyer can have changed', async () => {
      const { buyers } = await open();
      const invited = aBuyer({ status: 'invited', registration: null });
      await buyers.put(invited, undefined, REGISTERED);
      expect(await buyers.put(aBuyer(), undefined, REGISTERED)).toBe(false);
      expect(await buyers.put(aBuyer(), invited, REGISTERED)).toBe(true);
      expect(await buyers.put(aBuyer({ status: 'revoked' }), invited, REGISTERED)).toBe(false);
      const other = aBuyer({ registration: aRegistration({ stackId: 'another' }) });
      expect(await buyers.put(aBuyer({ status: 'left' }), other, REGISTERED)).toBe(false);
      expect(
        await buyers.put(aBuyer({ status: 'left' }), aBuyer({ productIds: [] }), REGISTERED),
      ).toBe(false);
      expect(await buyers.find(BUYER)).toEqual(aBuyer());
    });

    it('keeps a buyer who was registered without a stack, and replaces it like any other', async () => {
      const { buyers } = await open();
      const byCommand = aBuyer({ registration: aRegistration({ stackId: null }) });
      await buyers.put(byCommand, undefined, REGISTERED);
      expect(await buyers.find(BUYER)).toEqual(byCommand);
      expect(await buyers.put(aBuyer({ status: 'left' }), aBuyer(), REGISTERED)).toBe(false);
      expect(await buyers.put(aBuyer(), byCommand, REGISTERED)).toBe(true);
    });

    it('lists invitations and buyers alike, but no heads or notices', async () => {
      const store = await open();
      const invited = aBuyer({
        buyerAccountId: '222233334444',
        status: 'invited',
        registration: null,
      });
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      await store.buyers.put(invited, undefined, REGISTERED);
      await begin(store);
      const listed = await all(store.buyers.list());
      expect(listed.sort((a, b) => (a.buyerAccountId < b.buyerAccountId ? -1 : 1))).toEqual([
        aBuyer(),
        invited,
      ]);
    });

    it('shows a check the active buyers alone, in the order of their places, each with what is known of its contracts', async () => {
      const store = await open();
      const two = aBuyer({ productIds: ['design-suite', 'render-farm'] });
      const others = Array.from({ length: 30 }, (_, n) =>
        aBuyer({ buyerAccountId: String(300000000000 + n) }),
      );
      for (const buyer of [two, ...others]) await store.buyers.put(buyer, undefined, REGISTERED);
      for (const status of ['invited', 'left', 'revoked'] as const) {
        const buyerAccountId = {
          invited: '999900000001',
          left: '999900000002',
          revoked: '999900000003',
        }[status];
        await store.buyers.put(aBuyer({ buyerAccountId, status }), undefined, REGISTERED);
      }
      await begin(store);
      const active = await all(store.buyers.range(WHOLE_LINE));
      expect(active).toHaveLength(31);
      expect(active.find(({ buyer }) => buyer?.buyerAccountId === BUYER)).toEqual({
        place: placeOf(BUYER, sha256),
        buyer: two,
        contracts: [
          { productId: 'design-suite', digest: 'digest-1', nextDue: aHead().nextDue },
          { productId: 'render-farm', digest: null, nextDue: null },
        ],
      });
      const places = [two, ...others].map(({ buyerAccountId }) => placeOf(buyerAccountId, sha256));
      expect(active.map(({ place }) => place)).toEqual(places.toSorted());
    });

    it('shows each buyer in one of the ranges of the line, and a range of one place one buyer', async () => {
      const { buyers } = await open();
      const accounts = Array.from({ length: 60 }, (_, n) => String(300000000000 + n));
      for (const buyerAccountId of accounts)
        await buyers.put(aBuyer({ buyerAccountId }), undefined, REGISTERED);
      for (const fleet of [1, 60, 150, 1_000]) {
        const found: (string | undefined)[] = [];
        for (const range of rangesOf(fleet))
          found.push(...(await all(buyers.range(range))).map((each) => each.buyer?.buyerAccountId));
        expect(found.toSorted()).toEqual(accounts);
      }
      const place = placeOf('300000000007', sha256);
      expect(await all(buyers.range({ from: place, to: place }))).toMatchObject([{ place }]);
    });

    it('counts active buyers as they come and go, and anew where asked', async () => {
      const { buyers } = await open();
      expect(await buyers.counted()).toBeUndefined();
      await buyers.put(aBuyer({ buyerAccountId: '300000000001' }), undefined, REGISTERED);
      expect(await buyers.counted()).toBeUndefined();
      expect(await buyers.recount(NOW)).toBe(1);
      const invited = aBuyer({ status: 'invited', registration: null });
      await buyers.put(invited, undefined, REGISTERED);
      await buyers.put(aBuyer(), invited, REGISTERED);
      expect(await buyers.put(aBuyer(), invited, REGISTERED)).toBe(false);
      expect(await buyers.counted()).toEqual({ active: 2, countedAt: NOW });
      await buyers.put(aBuyer({ name: 'Renamed' }), aBuyer(), REGISTERED);
      expect(await buyers.counted()).toEqual({ active: 2, countedAt: NOW });
      await buyers.put(aBuyer({ status: 'left' }), aBuyer({ name: 'Renamed' }), REGISTERED);
      const enrolment = { since: NOW, lookedAt: NOW };
      await buyers.put(
        aBuyer({ buyerAccountId: '300000000002', status: 'enrolling', enrolment }),
        undefined,
        REGISTERED,
      );
      expect(await buyers.counted()).toEqual({ active: 1, countedAt: NOW });
      expect(await buyers.recount(LATER)).toBe(1);
      expect(await buyers.counted()).toEqual({ active: 1, countedAt: LATER });
    });

    it('shows an enrolling buyer as that, and who came by enrolment as it is', async () => {
      const { buyers } = await open();
      const enrolment = { since: NOW, lookedAt: LATER };
      const enrolling = aBuyer({ status: 'enrolling', productIds: [], enrolment });
      expect(await buyers.put(enrolling, undefined, REGISTERED)).toBe(true);
      expect(await buyers.find(BUYER)).toEqual(enrolling);
      expect(await all(buyers.range(WHOLE_LINE))).toMatchObject([
        { buyer: enrolling, contracts: [] },
      ]);
      const later = { ...enrolling, enrolment: { ...enrolment, lookedAt: NOW } };
      expect(await buyers.put(aBuyer(), later, REGISTERED)).toBe(false);
      const active = aBuyer({ enrolment });
      expect(await buyers.put(active, enrolling, REGISTERED)).toBe(true);
      expect(await buyers.find(BUYER)).toEqual(active);
      expect(await all(buyers.range(WHOLE_LINE))).toHaveLength(1);
    });

    it('removes a buyer who is still as somebody read it, and no other', async () => {
      const { buyers } = await open();
      expect(await buyers.remove(aBuyer())).toBe(false);
      await buyers.put(aBuyer(), undefined, REGISTERED);
      expect(await buyers.remove(aBuyer({ status: 'enrolling' }))).toBe(false);
      expect(await buyers.find(BUYER)).toEqual(aBuyer());
      expect(await buyers.remove(aBuyer())).toBe(true);
      expect(await buyers.find(BUYER)).toBeUndefined();
      expect(await buyers.put(aBuyer(), undefined, REGISTERED)).toBe(true);
    });

    it('forgets a buyer who left at once, and a contract whose watch ended', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      await begin(store);
      const ended = aHead({ revision: 2, watchEnded: LATER });
      expect(await store.contracts.record(aDecision(), null, ended, aHead())).toBe(true);
      expect(await all(store.buyers.range(WHOLE_LINE))).toMatchObject([
        { contracts: [{ productId: 'design-suite', digest: null, nextDue: null }] },
      ]);
      await store.buyers.put(aBuyer({ status: 'left' }), aBuyer(), REGISTERED);
      expect(await all(store.buyers.range(WHOLE_LINE))).toEqual([]);
    });
  });

  describe('the contract book', () => {
    it('records entry, head and notices together and gives them back as they were', async () => {
      const store = await open();
      expect(await store.contracts.head(CONTRACT)).toBeUndefined();
      expect(await begin(store)).toBe(true);
      expect(await store.contracts.head(CONTRACT)).toEqual(aHead());
      expect(await store.contracts.entry(CONTRACT, 1)).toEqual(anEntry());
      expect(await store.contracts.entry(CONTRACT, 2)).toBeUndefined();
      expect(await store.notices.pending(CONTRACT)).toEqual([aNotice({ kind: 'welcome' })]);
    });

    it('keeps a head full of memories', async () => {
      const store = await open();
      const head = aHead({
        entries: 0,
        lastHash: null,
        nextDue: null,
        watchStarted: null,
        state: [],
        superseded: ['arn@1'],
        note: { entry: 3, says: 'renewal-agreed', at: NOW },
        quiet: { kind: 'snoozed', until: LATER, entry: 3 },
        lastNote: { request: 'request-1', entry: 3 },
        stale: { pair: 'arn@1', ticks: 2 },
        missing: { licenseArns: ['arn'], ticks: 1 },
        blind: {
          cause: 'permission-missing',
          detail: '',
          ticks: 3,
          since: NOW,
          told: true,
          backOffUntil: LATER,
        },
        refused: { ticks: 3, told: false },
        usageMarks: [
          {
            version: '1',
            entitlementName: 'DataConsumption',
            unit: 'Gigabytes',
            threshold: 'over',
          },
        ],
        settling: aSettling({
          others: [
            {
              type: 'CheckoutRefused',
              before: { refused: false },
              after: { refused: true },
              reason: '',
            },
          ],
          remindedUntil: NOW,
        }),
        usage: [
          { name: 'DataConsumption', unit: 'Gigabytes', consumed: quantity(412.5), maxCount: null },
        ],
      });
      expect(await store.contracts.record(aDecision(), null, head, undefined)).toBe(true);
      expect(await store.contracts.head(CONTRACT)).toEqual(head);
    });

    it('remembers since when a contract cannot be recorded, shows it to sweeps, and forgets it once', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      const watched = async () =>
        (await all(store.buyers.range(WHOLE_LINE))).flatMap((each) =>
          each.buyer === null ? [] : each.contracts,
        );
      const nothing = { productId: 'design-suite', digest: null, nextDue: null };
      expect(await store.contracts.worksAgain(CONTRACT, NOW)).toBe(false);
      const failure = { cause: 'store-refused', detail: 'too large' } as const;
      await store.contracts.failed(CONTRACT, failure, NOW);
      await store.contracts.failed(CONTRACT, { cause: 'not-decided', detail: 'a \ufffd' }, LATER);
      expect(await watched()).toEqual([{ ...nothing, unrecorded: true }]);
      expect(await store.contracts.head(CONTRACT)).toBeUndefined();
      expect(await begin(store)).toBe(true);
      expect(await store.contracts.worksAgain(CONTRACT, LATER)).toBe(true);
      expect(await store.contracts.worksAgain(CONTRACT, LATER)).toBe(false);
      expect(await watched()).toEqual([
        { ...nothing, digest: 'digest-1', nextDue: aHead().nextDue },
      ]);
    });

    it('loses no field of any change: the hash is over all of them', async () => {
      const store = await open();
      const entry = anEntry({
        changes: [
          {
            type: 'LicenseRenewed',
            before: { licenseArn: 'a', end: NOW },
            after: { licenseArn: 'b', end: null },
            reason: '',
            early: true,
            gapMilliseconds: 600_000,
          },
          {
            type: 'EntitlementsChanged',
            before: { tier: null, counts: [{ name: 'x', unit: 'Count', maxCount: null }] },
            after: { tier: 'Gold', counts: [] },
            reason: 'unit changed',
            unknownTiers: ['Gold'],
          },
        ],
        toldChanges: [
          {
            type: 'LicenseRenewed',
            before: { licenseArn: 'a', end: NOW },
            after: { licenseArn: 'b', end: null },
            reason: '',
            early: true,
            gapMilliseconds: null,
          },
        ],
        told: { standing: 'in-force', validityEnd: null },
        usage: [
          {
            name: 'DataConsumption',
            unit: 'Gigabytes',
            consumed: quantity(1),
            maxCount: quantity(500),
          },
        ],
      });
      await store.contracts.record(aDecision({ entry }), entry, aHead(), undefined);
      expect(await store.contracts.entry(CONTRACT, 1)).toEqual(entry);
    });

    it('writes nothing at all when the race is lost', async () => {
      const store = await open();
      await begin(store);
      const stale = aHead({ entries: 2, revision: 2, digest: 'digest-2' });
      const entry = anExpiry(2);
      const decision = aDecision({ head: stale, entry, notices: [aNotice({ entry: 2 })] });
      expect(await store.contracts.record(decision, entry, stale, aHead({ revision: 0 }))).toBe(
        false,
      );
      expect(await begin(store)).toBe(false);
      expect(await store.contracts.head(CONTRACT)).toEqual(aHead());
      expect(await store.contracts.entry(CONTRACT, 2)).toBeUndefined();
      expect(await store.notices.find(aNotice({ entry: 2 }))).toBeUndefined();
    });

    it('lets one of many simultaneous writers win', async () => {
      const store = await open();
      await begin(store);
      const writers = Array.from({ length: 8 }, (_, n) => {
        const entry = anEntry({ entry: 2, hash: `hash-of-writer-${n}` });
        const head = aHead({ entries: 2, revision: 2, lastHash: entry.hash });
        return store.contracts.record(aDecision({ head, entry }), entry, head, aHead());
      });
      const won = await Promise.all(writers);
      expect(won.filter(Boolean)).toHaveLength(1);
      const entries = await all(store.contracts.entries(CONTRACT));
      expect(entries.map(({ hash }) => hash)).toEqual([
        'hash-1',
        `hash-of-writer-${won.indexOf(true)}`,
      ]);
      expect((await store.contracts.head(CONTRACT))?.lastHash).toBe(entries[1]?.hash);
    });

    it('refuses what would break the guards: a gap in the ledger, a revision that stands still', async () => {
      const store = await open();
      await begin(store);
      const gap = anEntry({ entry: 3 });
      await expect(
        (async () =>
          store.contracts.record(aDecision(), gap, aHead({ entries: 3, revision: 2 }), aHead()))(),
      ).rejects.toThrow('the entry is number 3, expected 2');
      await expect(
        (async () => store.contracts.record(aDecision(), null, aHead(), aHead()))(),
      ).rejects.toThrow('revision 1, expected more than 1');
    });

    it('withdraws settling notices with the entry that makes them untrue, unless they were told meanwhile', async () => {
      const store = await open();
      const bad = aNotice({ state: 'settling', notBefore: NOW });
      const told = aNotice({ audience: 'seller', notBefore: NOW });
      await begin(store, [bad, told]);
      expect(await store.notices.changeState(told, { ...told, state: 'told' }, null)).toBe(true);
      const entry = anEntry({ entry: 2 });
      const head = aHead({ entries: 2, revision: 2 });
      const decision = aDecision({
        head,
        entry,
        withdrawn: [bad, told],
        reason: 'renewed in time',
      });
      expect(await store.contracts.record(decision, entry, head, aHead())).toBe(true);
      expect(await store.notices.find(bad)).toMatchObject({
        state: 'withdrawn',
        reason: 'renewed in time',
      });
      expect(await store.notices.find(told)).toMatchObject({ state: 'told' });
      expect(await store.notices.pending(CONTRACT)).toEqual([]);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([]);
    });

    it('writes a text once and with its entry, and erases none that is not there', async () => {
      const store = await open();
      await begin(store, []);
      const before = aHead();
      const entry = anEntry({ entry: 2, kind: 'note' });
      const head = aHead({ entries: 2, revision: 2 });
      const attempt = (noteText: NoteText) =>
        store.contracts.record(aDecision({ head, entry, noteText }), entry, head, before);
      const text = { contract: CONTRACT, entry: 2, written: { text: 'PO 4711', salt: '01' } };
      expect(await attempt({ ...text, written: null })).toBe(false);
      expect(await store.contracts.head(CONTRACT)).toEqual(before);
      expect(await attempt(text)).toBe(true);
      expect(await attempt(text)).toBe(false);
      expect(await store.contracts.noteText(CONTRACT, 2)).toEqual(text);
      expect(await store.contracts.entry(CONTRACT, 2)).toEqual(entry);
    });

    it('keeps what settles from being sent until it is released, without an entry', async () => {
      const store = await open();
      const bad = aNotice({ state: 'settling', notBefore: NOW });
      await begin(store, [bad]);
      expect(await store.notices.pending(CONTRACT)).toEqual([]);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([]);
      const head = aHead({ revision: 2 });
      const decision = aDecision({ head, released: [bad, { ...bad, audience: 'seller' }] });
      expect(await store.contracts.record(decision, null, head, aHead())).toBe(true);
      expect(await store.notices.find(bad)).toMatchObject({ state: 'due', notBefore: NOW });
      expect((await dueTo(store, 'buyer', LATER)).map(({ state }) => state)).toEqual(['due']);
    });

    it('reads the ledger in order from both ends, past nine entries, without the facts between', async () => {
      const store = await open();
      await ledgerOf(store, 12);
      const numbers = async (options?: { newestFirst?: boolean; from?: number }) =>
        (await all(store.contracts.entries(CONTRACT, options))).map(({ entry }) => entry);
      expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(await numbers({ from: 9 })).toEqual([9, 10, 11, 12]);
      expect(await numbers({ newestFirst: true })).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await numbers({ newestFirst: true, from: 3 })).toEqual([3, 2, 1]);
    });

    it('keeps contracts of one buyer apart, even where one product ID begins like another', async () => {
      const store = await open();
      await begin(store);
      const other = contractKey(BUYER, 'design-suite#2');
      await begin(store, [aNotice({ contract: other })], other);
      expect((await store.notices.pending(CONTRACT)).map(({ contract }) => contract)).toEqual([
        CONTRACT,
      ]);
      expect((await store.notices.pending(other)).map(({ contract }) => contract)).toEqual([other]);
      expect(await all(store.contracts.entries(other))).toHaveLength(1);
    });
  });

  describe('the notice book', () => {
    it('has what is due, of one audience, up to now', async () => {
      const store = await open();
      const notices = [
        aNotice(),
        aNotice({ audience: 'seller', state: 'waiting', notBefore: LATER }),
        aNotice({ audience: 'operations', severity: 'urgent' }),
      ];
      await begin(store, notices);
      expect(await dueTo(store, 'buyer', NOW)).toEqual([notices[0]]);
      expect(await dueTo(store, 'seller', NOW)).toEqual([]);
      expect(await dueTo(store, 'seller', LATER)).toEqual([notices[1]]);
      expect(await dueTo(store, 'operations', LATER)).toEqual([notices[2]]);
    });

    it('parts the buyers by a hash of their account, and what is urgent from the rest', async () => {
      const store = await open();
      const accounts = Array.from({ length: 40 }, (_, n) => String(300000000000 + n));
      for (const account of accounts) {
        const contract = contractKey(account, 'design-suite');
        const severity = account.endsWith('7') ? 'urgent' : 'attention';
        await begin(
          store,
          [aNotice({ contract, severity }), aNotice({ contract, severity, audience: 'seller' })],
          contract,
        );
      }
      const found = await Promise.all(
        dueShards('buyer').map(async (part) => ({
          ...part,
          notices: await all(store.notices.due(part, NOW)),
          isAnyDue: await store.notices.isAnyDue(part, NOW),
          wasAnyDue: await store.notices.isAnyDue(part, at('2027-01-17T23:59:59Z')),
        })),
      );
      const contracts = found.flatMap(({ notices }) => notices.map(({ contract }) => contract));
      expect(contracts.toSorted()).toEqual(
        accounts.map((account) => contractKey(account, 'design-suite')),
      );
      for (const { urgency, notices, isAnyDue, wasAnyDue } of found) {
        expect(new Set(notices.map(({ severity }) => severity === 'urgent'))).toEqual(
          new Set(notices.length === 0 ? [] : [urgency === 'urgent']),
        );
        expect(isAnyDue).toBe(notices.length > 0);
        expect(wasAnyDue).toBe(false);
      }
      const ordinary = found.filter(({ urgency, isAnyDue }) => urgency === 'ordinary' && isAnyDue);
      expect(ordinary.length).toBeGreaterThan(2);
      expect(await dueTo(store, 'seller', NOW)).toHaveLength(40);
    });

    it('tells a notice and leaves its fact, in one', async () => {
      const store = await open();
      await begin(store, [aNotice()]);
      const told = { state: 'told', notBefore: NOW, reason: 'published' } as const;
      expect(await store.notices.changeState(aNotice(), told, aFact())).toBe(true);
      expect(await store.notices.find(aNotice())).toEqual(aNotice(told));
      expect(await store.notices.fact(aNotice())).toEqual(aFact());
      expect(await store.notices.pending(CONTRACT)).toEqual([]);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([]);
      // Immutable: neither the mark nor the fact is written again.
      expect(await store.notices.changeState(aNotice(), told, aFact({ messageId: 'second' }))).toBe(
        false,
      );
      expect(await store.notices.fact(aNotice())).toEqual(aFact());
    });

    it('lets one of many simultaneous claims win', async () => {
      const store = await open();
      await begin(store, [aNotice()]);
      const claim = { state: 'due', notBefore: LATER, reason: 'being sent' } as const;
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => store.notices.changeState(aNotice(), claim, null)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await dueTo(store, 'buyer', NOW)).toEqual([]);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([aNotice(claim)]);
    });

    it('declares a notice undeliverable and bears those that ask the seller and say so on the bus, in one', async () => {
      const store = await open();
      const buyers = aNotice();
      const sellers = aNotice({ audience: 'seller' });
      await begin(store, [buyers, sellers]);
      const ask: Notice = { ...sellers, about: 'undelivered', reason: 'the topic is gone' };
      const busAsk: Notice = { ...ask, audience: 'bus' };
      const gone = { state: 'undeliverable', notBefore: NOW, reason: 'the topic is gone' } as const;
      expect(await store.notices.changeState(buyers, gone, null, [ask, busAsk])).toBe(true);
      expect(await store.notices.find(ask)).toEqual(ask);
      expect(await store.notices.find(busAsk)).toEqual(busAsk);
      expect(await dueTo(store, 'bus', NOW)).toEqual([busAsk]);
      expect(await store.notices.find(sellers)).toEqual(sellers);
      expect(await dueTo(store, 'seller', NOW)).toEqual(expect.arrayContaining([ask, sellers]));
      const fact = aFact({ audience: 'seller', about: 'undelivered' });
      expect(await store.notices.changeState(ask, { ...ask, state: 'told' }, fact)).toBe(true);
      expect(await store.notices.fact(ask)).toEqual(fact);
      expect(await store.notices.fact(sellers)).toBeUndefined();
      expect(await all(store.contracts.entries(CONTRACT))).toHaveLength(1);
    });

    it('has a notice taken up again that was given up, once, and then in the list of what is due', async () => {
      const store = await open();
      await begin(store, [aNotice()]);
      const gone = { state: 'undeliverable', notBefore: NOW, reason: 'the topic is gone' } as const;
      expect(await store.notices.changeState(aNotice(), gone, null)).toBe(true);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([]);
      const again = { state: 'due', notBefore: LATER, reason: 'taken up again' } as const;
      const takers = await Promise.all(
        Array.from({ length: 4 }, () => store.notices.changeState(aNotice(gone), again, null)),
      );
      expect(takers.filter(Boolean)).toHaveLength(1);
      expect(await dueTo(store, 'buyer', LATER)).toEqual([aNotice(again)]);
      expect(await store.notices.pending(CONTRACT)).toEqual([aNotice(again)]);
      // As if it had never been given up: it can be told, and what was told is not taken up.
      const told = { state: 'told', notBefore: LATER, reason: 'published' } as const;
      expect(await store.notices.changeState(aNotice(again), told, aFact())).toBe(true);
      expect(await store.notices.changeState(aNotice(gone), again, null)).toBe(false);
      expect(await store.notices.find(aNotice())).toEqual(aNotice(told));
    });
  });

  describe('the enrolment book', () => {
    it('counts an account once an hour, however often it comes, and each step for itself', async () => {
      const { enrolments } = await open();
      const count = (account: number, most: number, now = NOW, step: 'tried' | 'begun' = 'begun') =>
        enrolments.count(step, String(300000000000 + account), most, now);
      expect(await count(1, 2)).toBe(true);
      expect(await count(1, 2)).toBe(true);
      expect(await count(2, 2)).toBe(true);
      expect(await count(3, 2)).toBe(false);
      // Counted before, at a time when there was room.
      expect(await count(1, 2)).toBe(true);
      expect(await count(3, 2, at('2027-01-18T00:59:59Z'))).toBe(false);
      expect(await count(3, 2, NOW, 'tried')).toBe(true);
      expect(await count(3, 2, LATER)).toBe(true);
      expect(await count(4, 0, LATER)).toBe(false);
      expect(await count(3, 0, LATER)).toBe(false);
    });

    it('has no more places than there are, however many come at once', async () => {
      const { enrolments } = await open();
      const all = Array.from({ length: 20 }, (_, n) =>
        enrolments.count('begun', String(300000000000 + n), 7, NOW),
      );
      expect((await Promise.all(all)).filter(Boolean)).toHaveLength(7);
    });
  });

  describe('the tick book', () => {
    const ticks = ['00:00', '00:15', '00:30', '00:45'].map((time) =>
      at(`2027-01-18T${time}:00Z`),
    ) as [Instant, Instant, Instant, Instant];

    it('knows the last sweep, whatever was marked twice or out of order', async () => {
      const { ticks: book } = await open();
      expect(await book.lastSweep()).toBeUndefined();
      await book.startSweep(ticks[1], 20);
      await book.startSweep(ticks[0], 10);
      await book.startSweep(ticks[1], 20);
      await book.countFailure(ticks[2]);
      expect(await book.lastSweep()).toEqual({ tick: ticks[1], buyers: 20 });
    });

    it('knows the sweep before a tick, whether that was marked already or not', async () => {
      const { ticks: book } = await open();
      expect(await book.lastSweep(ticks[0])).toBeUndefined();
      await book.startSweep(ticks[0], 10);
      expect(await book.lastSweep(ticks[0])).toBeUndefined();
      for (const _ of ['before', 'after its mark']) {
        expect(await book.lastSweep(ticks[1])).toEqual({ tick: ticks[0], buyers: 10 });
        await book.startSweep(ticks[1], 20);
      }
      expect(await book.lastSweep(ticks[2])).toEqual({ tick: ticks[1], buyers: 20 });
    });

    it('leaves checks out that no sweep asked for, and lets the fleet’s failure outweigh a larger share', async () => {
      const { ticks: book } = await open();
      expect(await book.worst(ticks[0])).toEqual({ checks: 0, failed: 0 });
      await book.startSweep(ticks[0], 20);
      for (let n = 0; n < 5; n += 1) await book.countFailure(ticks[0]);
      await book.startSweep(ticks[1], 2);
      for (let n = 0; n < 2; n += 1) await book.countFailure(ticks[1]);
      for (const second of ['01', '02', '03']) {
        const registration = at(`2027-01-18T00:16:${second}Z`);
        expect(await book.countFailure(registration)).toEqual({ checks: 20, failed: 5 });
      }
      expect(await book.worst(ticks[2])).toEqual({ checks: 20, failed: 5 });
    });

    it('answers a failure with the worst of the last three sweeps', async () => {
      const { ticks: book } = await open();
      for (const tick of ticks) await book.startSweep(tick, 10);
      expect(await book.countFailure(ticks[0])).toEqual({ checks: 10, failed: 1 });
      for (let n = 0; n < 3; n += 1) await book.countFailure(ticks[0]);
      expect(await book.countFailure(ticks[1])).toEqual({ checks: 10, failed: 4 });
      expect(await book.countFailure(ticks[2])).toEqual({ checks: 10, failed: 4 });
      expect(await book.countFailure(ticks[3])).toEqual({ checks: 10, failed: 1 });
      await book.startSweep(ticks[0], 10);
      expect(await book.countFailure(ticks[0])).toEqual({ checks: 10, failed: 5 });
    });

    it('counts every one of simultaneous failures', async () => {
      const { ticks: book } = await open();
      await book.startSweep(ticks[0], 100);
      await Promise.all(Array.from({ length: 20 }, () => book.countFailure(ticks[0])));
      expect(await book.countFailure(ticks[0])).toEqual({ checks: 100, failed: 21 });
    });

    it('remembers of a tick that its digest was told', async () => {
      const { ticks: book } = await open();
      await book.startSweep(ticks[0], 1);
      expect(await book.isTold(ticks[0], 'tick')).toBe(false);
      await book.told(ticks[0], 'tick');
      await book.told(ticks[0], 'tick');
      expect(await book.isTold(ticks[0], 'tick')).toBe(true);
      expect(await book.isTold(ticks[1], 'tick')).toBe(false);
      expect(await book.isTold(ticks[0], 'daily-digest')).toBe(false);
      await book.told(ticks[0], 'daily-digest');
      expect(await book.isTold(ticks[0], 'daily-digest')).toBe(true);
      expect(await book.lastSweep()).toEqual({ tick: ticks[0], buyers: 1 });
    });

    it('remembers to whom a weekly pipeline went, beside what else was told', async () => {
      const { ticks: book } = await open();
      expect(await book.toldPipelineTo(ticks[0])).toEqual([]);
      await book.pipelineTold(ticks[0], '', []);
      await book.pipelineTold(ticks[0], 'Ada', ['']);
      expect(await book.toldPipelineTo(ticks[0])).toEqual(['', 'Ada']);
      expect(await book.toldPipelineTo(ticks[1])).toEqual([]);
      expect(await book.isTold(ticks[0], 'daily-digest')).toBe(false);
      // No sweep has begun.
      expect(await book.lastSweep()).toBeUndefined();
    });

    it('remembers of no tick to which owners the last mail failed', async () => {
      const { ticks: book } = await open();
      expect(await book.failedOwners()).toEqual([]);
      const failed = [{ owner: 'Ada', at: NOW }];
      await book.keepFailedOwners(failed);
      expect(await book.failedOwners()).toEqual(failed);
      expect(await book.toldOfBuyers()).toEqual([]);
      await book.keepFailedOwners([]);
      expect(await book.failedOwners()).toEqual([]);
    });

    it('remembers of no tick what of buyers was told to whom', async () => {
      const { ticks: book } = await open();
      expect(await book.toldOfBuyers()).toEqual([]);
      const told = [
        { to: '', key: 'unlaunched 1', at: NOW },
        { to: 'Ada', key: 'unlaunched 1', at: NOW },
      ];
      await book.keepToldOfBuyers(told);
      expect(await book.toldOfBuyers()).toEqual(told);
      await book.keepToldOfBuyers([]);
      expect(await book.toldOfBuyers()).toEqual([]);
      expect(await book.lastSweep()).toBeUndefined();
    });
  });

  describe('the book of when contracts were last seen', () => {
    const OTHER = contractKey(BUYER, 'render-farm');
    const beginsNow = { contract: CONTRACT, since: REGISTERED, at: null, excused: null };
    const seenNow = { ...beginsNow, at: NOW };

    it('has an item for each contract of a buyer exactly as long as the buyer is active', async () => {
      const { buyers, lastSeen } = await open();
      const enrolment = { since: NOW, lookedAt: LATER };
      const invited = aBuyer({ status: 'invited', registration: null });
      await buyers.put(invited, undefined, NOW);
      const enrolling = aBuyer({ status: 'enrolling', enrolment });
      await buyers.put(enrolling, invited, NOW);
      expect(await all(lastSeen.all())).toEqual([]);
      const active = aBuyer();
      await buyers.put(active, enrolling, REGISTERED);
      expect(await all(lastSeen.all())).toEqual([beginsNow]);
      expect(await lastSeen.seen(CONTRACT, NOW)).toBe(true);
      const renamed = aBuyer({ name: 'Another', productIds: ['design-suite', 'render-farm'] });
      await buyers.put(renamed, active, LATER);
      const second = { ...beginsNow, contract: OTHER, since: LATER };
      expect(byContract(await all(lastSeen.all()))).toEqual([seenNow, second]);
      await buyers.put(active, renamed, LATER);
      expect(await all(lastSeen.all())).toEqual([seenNow]);
      const left = aBuyer({ status: 'left' });
      await buyers.put(left, active, LATER);
      expect(await all(lastSeen.all())).toEqual([]);
      expect(await lastSeen.of(CONTRACT)).toBeNull();
      await buyers.put(active, left, LATER);
      expect(await all(lastSeen.all())).toEqual([{ ...beginsNow, since: LATER }]);
    });

    it('changes nothing where the profile is not changed', async () => {
      const { buyers, lastSeen } = await open();
      await buyers.put(aBuyer(), undefined, REGISTERED);
      expect(await buyers.put(aBuyer({ status: 'left' }), aBuyer({ productIds: [] }), NOW)).toBe(
        false,
      );
      expect(await all(lastSeen.all())).toEqual([beginsNow]);
    });

    it('is written where it is, and nowhere else', async () => {
      const { buyers, lastSeen } = await open();
      expect(await lastSeen.seen(CONTRACT, NOW)).toBe(false);
      await buyers.put(aBuyer(), undefined, REGISTERED);
      expect(await lastSeen.of(CONTRACT)).toBeNull();
      expect(await lastSeen.seen(CONTRACT, NOW)).toBe(true);
      expect(await lastSeen.of(CONTRACT)).toBe(NOW);
      await buyers.put(aBuyer({ status: 'revoked' }), aBuyer(), NOW);
      expect(await lastSeen.seen(CONTRACT, LATER)).toBe(false);
      expect(await all(lastSeen.all())).toEqual([]);
    });

    it('moves with a record, and not where that lost its race', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      await begin(store);
      expect(await store.lastSeen.of(CONTRACT)).toBe(NOW);
      const [head, late] = [aHead({ revision: 2 }), aHead({ revision: 8 })];
      const decision = aDecision({ head, lastSeen: LATER });
      const stale = aHead({ revision: 7 });
      expect(await store.contracts.record({ ...decision, head: late }, null, late, stale)).toBe(
        false,
      );
      expect(await store.lastSeen.of(CONTRACT)).toBe(NOW);
      expect(await store.contracts.record(decision, null, head, aHead())).toBe(true);
      expect(await all(store.lastSeen.all())).toEqual([{ ...seenNow, at: LATER }]);
    });

    it('expects nobody to see who is told blind, until somebody does', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      await begin(store);
      const blind = {
        cause: 'permission-missing',
        detail: '',
        ticks: 2,
        since: NOW,
        told: false,
        backOffUntil: null,
      } as const;
      const [counted, told] = [
        aHead({ revision: 2, blind }),
        aHead({ revision: 3, blind: { ...blind, told: true } }),
      ];
      await store.contracts.record(aDecision({ head: counted }), null, counted, aHead());
      expect(await all(store.lastSeen.all())).toEqual([seenNow]);
      await store.contracts.record(aDecision({ head: told }), null, told, counted);
      expect(await all(store.lastSeen.all())).toEqual([{ ...seenNow, excused: 'blind' }]);
      expect(await store.lastSeen.seen(CONTRACT, LATER)).toBe(true);
      expect(await all(store.lastSeen.all())).toEqual([{ ...seenNow, at: LATER }]);
    });

    it('expects nobody to see what cannot be recorded, until it can; then blindness counts again', async () => {
      const store = await open();
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      const blind = aHead({ blind: TOLD_BLIND });
      await store.contracts.record(
        aDecision({ head: blind, entry: anEntry() }),
        anEntry(),
        blind,
        undefined,
      );
      await store.contracts.failed(CONTRACT, { cause: 'unreadable', detail: '' }, NOW);
      expect(await all(store.lastSeen.all())).toEqual([{ ...seenNow, excused: 'unrecorded' }]);
      expect(await store.contracts.worksAgain(CONTRACT, LATER)).toBe(true);
      expect(await all(store.lastSeen.all())).toEqual([{ ...seenNow, excused: 'blind' }]);
    });

    it('leaves nothing to read of a check that ends after the watch', async () => {
      const store = await open();
      await begin(store);
      await store.contracts.failed(OTHER, { cause: 'unreadable', detail: '' }, NOW);
      expect(await all(store.lastSeen.all())).toEqual([]);
      await store.buyers.put(aBuyer(), undefined, REGISTERED);
      expect(await all(store.lastSeen.all())).toEqual([beginsNow]);
    });

    it('shows every contract once, however many there are, and those of a buyer alone', async () => {
      const { buyers, lastSeen } = await open();
      const accounts = Array.from({ length: 40 }, (_, n) => String(300000000000 + n));
      for (const buyerAccountId of accounts)
        await buyers.put(
          aBuyer({ buyerAccountId, productIds: ['a', 'a#b'] }),
          undefined,
          REGISTERED,
        );
      const found = (await all(lastSeen.all())).map(({ contract }) => contract);
      const expected = accounts.flatMap((each) => [
        contractKey(each, 'a'),
        contractKey(each, 'a#b'),
      ]);
      expect(found.toSorted()).toEqual(expected.toSorted());
      const own = await lastSeen.ofBuyer('300000000007');
      expect(own.map(({ contract }) => contract).toSorted()).toEqual([
        '300000000007#a',
        '300000000007#a#b',
      ]);
    });
  });
}

const TOLD_BLIND = {
  cause: 'region-disabled',
  detail: '',
  ticks: 3,
  since: NOW,
  told: true,
  backOffUntil: null,
} as const;

function byContract(found: readonly LastSeen[]): readonly LastSeen[] {
  return found.toSorted((a, b) => (a.contract < b.contract ? -1 : 1));
}

/** The first entry of a contract, with its notices. */
function begin(
  store: WatchStore,
  notices: readonly Notice[] = [aNotice({ kind: 'welcome' })],
  contract: ContractKey = CONTRACT,
): Promise<boolean> {
  const head = aHead({ contract });
  const entry = anEntry({ contract });
  return store.contracts.record(aDecision({ head, entry, notices }), entry, head, undefined);
}

/** A ledger of so many entries, each told to the buyer. */
async function ledgerOf(store: WatchStore, length: number): Promise<void> {
  let previous = undefined;
  for (let number = 1; number <= length; number += 1) {
    const entry = anEntry({ entry: number });
    const head = aHead({ entries: number, revision: number, lastHash: entry.hash });
    const notice = aNotice({ entry: number });
    await store.contracts.record(
      aDecision({ head, entry, notices: [notice] }),
      entry,
      head,
      previous,
    );
    await store.notices.changeState(notice, { ...notice, state: 'told' }, aFact({ entry: number }));
    previous = head;
  }
}

function aFact(changes: Partial<DeliveryFact> = {}): DeliveryFact {
  return {
    contract: CONTRACT,
    entry: 1,
    audience: 'buyer',
    at: NOW,
    messageId: 'first',
    textHash: 'e3b0c442',
    jsonHash: '98fc1c14',
    single: { messageId: 'm-2', jsonHash: '9afbf4c8' },
    ...changes,
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
