import { quantity } from '../../lib/domain/license/quantity.ts';
import { describe, expect, it } from 'vitest';
import type {
  BuyerChoice,
  Archive,
  ContractRegister,
  Filed,
  FiledChoice,
} from '../../lib/seller/ledger/archive.ts';
import { contractKey, type ContractKey, type End } from '../../lib/domain/license/contract.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { NoteText } from '../../lib/domain/ledger/note.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import type { DeliveryFact, WatchStore } from '../../lib/domain/ports.ts';
import { type Instant, plus } from '../../lib/domain/time.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aLicense,
  anEntry,
  aNotice,
  BUYER,
  CONTRACT,
  NOW,
  REGISTERED,
} from '../support/records.ts';
import { mailStanding } from '../../lib/seller/mail-standing.ts';

const at = (text: string) => text as Instant;
const OTHER = '222233334444';

interface Opened {
  readonly store: WatchStore;
  readonly archive: Archive;
  readonly register: ContractRegister;
}

/** What every implementation of `Archive` and `ContractRegister` promises. `open` answers with an empty store and its readers. */
export function archiveContract(open: () => Promise<Opened>): void {
  describe('the archive', () => {
    it('reads a ledger oldest first, the facts of an entry right behind it', async () => {
      const { store, archive } = await open();
      await record(store, CONTRACT, [{}, {}, {}], { told: [2, 3] });
      expect(await read(archive.contract(CONTRACT))).toEqual([
        '1',
        '2',
        '2 buyer',
        '2 seller',
        '3',
        '3 buyer',
        '3 seller',
      ]);
      expect(await read(archive.contract(contractKey(OTHER, 'design-suite')))).toEqual([]);
    });

    it('reads a span of a ledger, both ends included, with all its facts', async () => {
      const { store, archive } = await open();
      await record(store, CONTRACT, [{}, {}, {}, {}], { told: [1, 2, 3, 4] });
      expect(await read(archive.contract(CONTRACT, { from: 2, to: 3 }))).toEqual([
        '2',
        '2 buyer',
        '2 seller',
        '3',
        '3 buyer',
        '3 seller',
      ]);
      expect(await read(archive.contract(CONTRACT, { from: 4 }))).toEqual([
        '4',
        '4 buyer',
        '4 seller',
      ]);
      expect(await read(archive.contract(CONTRACT, { to: 1 }))).toEqual([
        '1',
        '1 buyer',
        '1 seller',
      ]);
    });

    it('gives entries and facts back as they were written', async () => {
      const { store, archive } = await open();
      await record(store, CONTRACT, [{}], { told: [1] });
      const [entry, fact] = await all(archive.contract(CONTRACT));
      expect(entry).toEqual({
        kind: 'entry',
        entry: anEntry({ observedAt: at('2027-01-18T00:01:00Z') }),
      });
      expect(fact).toEqual({ kind: 'fact', fact: aFact({ entry: 1, audience: 'buyer' }) });
    });

    it('shows an entry of another format as unreadable, in its place, and goes on', async () => {
      const { store, archive } = await open();
      const future = { format: 2 as unknown as 1 };
      await record(store, CONTRACT, [{}, future, {}]);
      expect(await read(archive.contract(CONTRACT))).toEqual(['1', 'unreadable 00000002', '3']);
      expect(await read(archive.observed('design-suite', NOW, at('2028-01-01T00:00:00Z')))).toEqual(
        ['1', 'unreadable 00000002', '3'],
      );
      expect((await read(archive.everything())).toSorted()).toEqual([
        '1',
        '3',
        'unreadable 00000002',
      ]);
      const outlines = await all(archive.outlines('design-suite', NOW, at('2028-01-01T00:00:00Z')));
      expect(outlines.map((each) => each.kind)).toEqual(['outline', 'unreadable', 'outline']);
      expect(outlines[1]).toMatchObject({ contract: CONTRACT, key: '00000002' });
      const unreadable = (await all(archive.contract(CONTRACT))).find(
        ({ kind }) => kind === 'unreadable',
      );
      expect(unreadable).toMatchObject({
        contract: CONTRACT,
        problem: expect.stringContaining(
          'has format 2, this version of License Watcher reads 1',
        ) as string,
        stored: { format: 2, observedAt: '2027-01-18T00:02:00Z' },
      });
    });

    it('finds what was observed from one instant on to just before another, over months, oldest first', async () => {
      const { store, archive } = await open();
      const times = [
        '2027-12-31T23:59:59Z',
        '2028-01-01T00:00:00Z',
        '2028-02-29T00:00:00Z',
        '2028-02-29T23:59:59Z',
        '2028-03-01T00:00:00Z',
        '2028-12-31T23:59:59Z',
        '2029-01-01T00:00:00Z',
      ].map(at);
      // Of two buyers, so that the index has to sort.
      const [mine, theirs] = [
        times.filter((_, n) => n % 2 === 0),
        times.filter((_, n) => n % 2 === 1),
      ];
      await record(
        store,
        contractKey(OTHER, 'design-suite'),
        theirs.map((observedAt) => ({ observedAt })),
      );
      await record(
        store,
        CONTRACT,
        mine.map((observedAt) => ({ observedAt })),
        { told: [1] },
      );
      const observed = async (since: string, until: string) =>
        (await all(archive.observed('design-suite', at(since), at(until)))).map((each) =>
          each.kind === 'entry' ? each.entry.observedAt : each.kind,
        );
      expect(await observed('2027-01-01T00:00:00Z', '2030-01-01T00:00:00Z')).toEqual(times);
      expect(await observed('2027-12-31T23:59:59Z', '2028-01-01T00:00:00Z')).toEqual(
        times.slice(0, 1),
      );
      expect(await observed('2028-01-01T00:00:00Z', '2028-02-29T23:59:59Z')).toEqual(
        times.slice(1, 3),
      );
      expect(await observed('2028-02-29T23:59:59Z', '2028-03-01T00:00:01Z')).toEqual(
        times.slice(3, 5),
      );
      expect(await observed('2028-12-31T23:59:59Z', '2029-01-01T00:00:00Z')).toEqual(
        times.slice(5, 6),
      );
      expect(await observed('2028-01-01T00:00:00Z', '2028-01-01T00:00:00Z')).toEqual([]);
      expect(await observed('2029-01-02T00:00:00Z', '2028-01-01T00:00:00Z')).toEqual([]);
    });

    it('gives the outlines of what was observed, and how contracts stood by any of their entries', async () => {
      const { store, archive } = await open();
      const standings = ['in-force', 'suspended', 'in-force'] as const;
      await record(
        store,
        CONTRACT,
        standings.map((standing) => ({ standing })),
        { told: [1] },
      );
      const span = [NOW, at('2028-01-01T00:00:00Z')] as const;
      const whole = await all(archive.observed('design-suite', ...span));
      const outlines = await all(archive.outlines('design-suite', ...span));
      expect(outlines).toHaveLength(3);
      for (const [index, each] of outlines.entries()) {
        if (each.kind !== 'outline') throw new Error(each.kind);
        expect(whole[index]).toMatchObject({ kind: 'entry', entry: each.outline });
        expect(each.outline).not.toHaveProperty('after');
      }
      const asked = [2, 9, 3, 1].map((entry) => ({ contract: CONTRACT, entry }));
      expect(await archive.standings(asked)).toEqual([
        'suspended',
        undefined,
        'in-force',
        'in-force',
      ]);
      expect(await archive.standings([])).toEqual([]);
      // More than one batch of what DynamoDB takes at once.
      const many = Array.from({ length: 230 }, (_, n) => ({ contract: CONTRACT, entry: 230 - n }));
      expect((await archive.standings(many)).slice(-3)).toEqual([
        'in-force',
        'suspended',
        'in-force',
      ]);
    });

    it('keeps a product apart from one whose ID begins with its own', async () => {
      const { store, archive, register } = await open();
      const [short, long, hashed] = ['suite', 'suite-2', 'suite#00000001'].map((id) =>
        contractKey(BUYER, id),
      );
      for (const contract of [short, long, hashed])
        await record(store, contract!, [{}], { told: [1] });
      const span = [at('2027-01-01T00:00:00Z'), at('2028-01-01T00:00:00Z')] as const;
      const [found, ...others] = await all(archive.observed('suite', ...span));
      expect(found).toMatchObject({ kind: 'entry', entry: { contract: short } });
      expect(others).toEqual([]);
      expect(await read(archive.contract(short!))).toEqual(['1', '1 buyer', '1 seller']);
      expect((await all(register.noticesOf(short!))).map(({ contract }) => contract)).toEqual([
        short,
        short,
      ]);
      expect((await register.ofBuyer(BUYER)).map(({ contract }) => contract).toSorted()).toEqual([
        short,
        hashed,
        long,
      ]);
    });

    it('scans for what was observed since, with all the facts of its delivery, and for products', async () => {
      const { store, archive } = await open();
      const times = [at('2027-01-01T00:00:00Z'), NOW].map((observedAt) => ({ observedAt }));
      await record(store, CONTRACT, times, { told: [1, 2] });
      const future = { format: 2 as unknown as 1, observedAt: at('2027-01-01T00:00:00Z') };
      await record(store, contractKey(OTHER, 'viewer'), [future, ...times]);
      await record(store, contractKey(OTHER, 'viewer-2'), times, { told: [1] });
      const found = async (choice: FiledChoice) =>
        (await read(archive.everything(choice))).toSorted();
      // The first entry was told as late as the second: its facts stay out with it.
      const told = ['2', '2 buyer', '2 seller'];
      expect(await found({ since: NOW, productIds: ['design-suite'] })).toEqual(told);
      expect(await found({ since: NOW, productIds: ['viewer', 'design-suite'] })).toEqual([
        ...told,
        '3',
      ]);
      expect(await found({ since: plus(NOW, 1_000) })).toEqual([]);
      expect(await found({ productIds: ['viewer'] })).toEqual(['2', '3', 'unreadable 00000001']);
      expect(await found({ productIds: ['viewer-2'] })).toEqual(['1', '1 buyer', '1 seller', '2']);
      let scanned = 0;
      await found({ since: NOW, scanned: (items) => (scanned += items) });
      expect(scanned).toBeGreaterThanOrEqual(7);
    });

    it('reads everything, and says how much that is', async () => {
      const { store, archive } = await open();
      await record(store, CONTRACT, [{}, {}], { told: [1] });
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      expect((await read(archive.everything())).toSorted()).toEqual([
        '1',
        '1',
        '1 buyer',
        '1 seller',
        '2',
      ]);
      const { items, bytes } = await archive.extent();
      expect(items).toBeGreaterThanOrEqual(0);
      expect(bytes).toBeGreaterThanOrEqual(0);
    });
  });

  describe('the contract register', () => {
    it('has the heads of one buyer, also of contracts that are watched no more', async () => {
      const { store, register } = await open();
      await record(store, CONTRACT, [{}]);
      await record(store, contractKey(BUYER, 'viewer'), [{}], { head: { watchEnded: NOW } });
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      const heads = await register.ofBuyer(BUYER);
      expect(heads.map(({ contract, watchEnded }) => [contract, watchEnded]).toSorted()).toEqual([
        [CONTRACT, null],
        [contractKey(BUYER, 'viewer'), NOW],
      ]);
      expect(heads.find(({ contract }) => contract === CONTRACT)).toEqual(aHead());
      expect(await register.ofBuyer('999999999999')).toEqual([]);
    });

    it('finds what ends from one instant on to just before another, over months, earliest first', async () => {
      const { store, register } = await open();
      const ends: readonly [string, End][] = [
        ['a', at('2028-02-29T12:00:00Z')],
        ['b', at('2028-03-01T00:00:00Z')],
        ['c', at('2027-12-31T23:59:59Z')],
        ['d', null],
        ['e', at('2029-01-01T00:00:00Z')],
      ];
      for (const [id, end] of ends)
        await record(store, contractKey(BUYER, id), [{}], { head: headUntil(end) });
      const ended = { ...headUntil(at('2028-02-15T00:00:00Z')), watchEnded: NOW };
      await record(store, contractKey(OTHER, 'left'), [{}], { head: ended });
      const ending = async (from: string, until: string) =>
        (await all(register.ending(at(from), at(until)))).map(
          ({ contract, end }) => `${contract.slice(13)} ${end}`,
        );
      expect(await ending('2027-01-01T00:00:00Z', '2030-01-01T00:00:00Z')).toEqual([
        'c 2027-12-31T23:59:59Z',
        'a 2028-02-29T12:00:00Z',
        'b 2028-03-01T00:00:00Z',
        'e 2029-01-01T00:00:00Z',
      ]);
      expect(await ending('2027-12-31T23:59:59Z', '2028-03-01T00:00:00Z')).toHaveLength(2);
      expect(await ending('2028-03-01T00:00:00Z', '2028-03-01T00:00:01Z')).toEqual([
        'b 2028-03-01T00:00:00Z',
      ]);
      expect(await ending('2028-01-01T00:00:00Z', '2028-02-29T12:00:00Z')).toEqual([]);
    });

    it('forgets the end that a contract had', async () => {
      const { store, register } = await open();
      await record(store, CONTRACT, [{}], { head: headUntil(at('2028-02-01T00:00:00Z')) });
      const [before] = await register.ofBuyer(BUYER);
      const moved = aHead({ ...before, ...headUntil(at('2029-02-01T00:00:00Z')), revision: 9 });
      expect(await store.contracts.record(aDecision({ head: moved }), null, moved, before)).toBe(
        true,
      );
      const found = await all(
        register.ending(at('2027-01-01T00:00:00Z'), at('2030-01-01T00:00:00Z')),
      );
      expect(found).toEqual([{ contract: CONTRACT, end: '2029-02-01T00:00:00Z' }]);
    });

    it('has every notice of a buyer in every state, those of a contract in the order of its entries', async () => {
      const { store, register } = await open();
      await record(
        store,
        CONTRACT,
        Array.from({ length: 11 }, () => ({})),
        { told: [1] },
      );
      await record(store, contractKey(BUYER, 'viewer'), [{}]);
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      expect(await all(register.notices(BUYER))).toHaveLength(24);
      const mine = await all(register.noticesOf(CONTRACT));
      expect(mine.map(({ entry, audience }) => `${entry} ${audience}`)).toEqual(
        Array.from({ length: 11 }, (_, n) => [`${n + 1} buyer`, `${n + 1} seller`]).flat(),
      );
      expect(mine.map(({ state }) => state).slice(0, 3)).toEqual(['told', 'told', 'due']);
      expect((await all(register.noticesOf(CONTRACT, 11))).map(({ entry }) => entry)).toEqual([
        11, 11,
      ]);
    });

    it('has heads and notices of a buyer together', async () => {
      const { store, register } = await open();
      await record(store, CONTRACT, [{}, {}]);
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      const { heads, notices } = await register.recordsOf(BUYER);
      expect(heads).toEqual(await register.ofBuyer(BUYER));
      expect(new Set(notices)).toEqual(new Set(await all(register.notices(BUYER))));
      expect([heads.length, notices.length]).toEqual([1, 4]);
      expect(await register.recordsOf('999999999999')).toEqual({
        heads: [],
        usage: [],
        notices: [],
        unrecorded: [],
        notes: [],
        reachability: undefined,
      });
    });

    it('has the texts of notes, each with its contract, and that one was erased', async () => {
      const { store, register } = await open();
      const longer = contractKey(BUYER, 'design-suite#1');
      await record(store, CONTRACT, [{}]);
      await record(store, longer, [{}]);
      const text = (contract: ContractKey, entry: number, written: NoteText['written']) => ({
        ...{ contract, entry, written },
      });
      const said = { text: 'PO 4711', salt: '0123' };
      await note(store, text(CONTRACT, 2, said));
      await note(store, text(longer, 2, { ...said, text: 'another' }));
      expect(await register.notesOf(CONTRACT)).toEqual([text(CONTRACT, 2, said)]);
      expect((await register.recordsOf(BUYER)).notes).toHaveLength(2);
      await note(store, text(CONTRACT, 2, null));
      expect(await register.notesOf(CONTRACT)).toEqual([text(CONTRACT, 2, null)]);
      const { heads, notes } = await register.contractsOf(BUYER);
      expect([heads.length, notes.length]).toEqual([2, 2]);
      expect(await store.contracts.noteText(CONTRACT, 2)).toEqual(text(CONTRACT, 2, null));
      expect(await store.contracts.noteText(CONTRACT, 3)).toBeUndefined();
    });

    it('has all of every buyer at once', async () => {
      const { store, register } = await open();
      const invited = aBuyer({
        buyerAccountId: '333344445555',
        status: 'invited',
        registration: null,
      });
      for (const buyer of [aBuyer(), invited]) await store.buyers.put(buyer, undefined, NOW);
      await record(store, CONTRACT, [{}, {}, {}], { told: [1] });
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      await store.contracts.failed(CONTRACT, { cause: 'store-refused', detail: 'too large' }, NOW);
      const all = await register.everyBuyer({ usage: true });
      const oneByOne = [];
      for await (const known of register.eachBuyer({ usage: true })) oneByOne.push(known);
      expect(oneByOne).toEqual(all);
      expect(all.map(({ buyerAccountId }) => buyerAccountId)).toEqual([
        BUYER,
        OTHER,
        invited.buyerAccountId,
      ]);
      expect(all.map(({ buyer }) => buyer)).toEqual([aBuyer(), undefined, invited]);
      for (const {
        buyerAccountId,
        heads,
        unrecorded,
        reachability,
        lastSeen,
        notices,
        ...beside
      } of all) {
        const { notices: _, ...records } = await register.recordsOf(buyerAccountId);
        const { buyer: _buyer, ...others } = beside;
        expect({ heads, unrecorded, reachability, ...others }).toEqual(records);
        expect(lastSeen).toEqual(await store.lastSeen.ofBuyer(buyerAccountId));
        expect(notices).toEqual([]);
      }
    });

    it('has of the notices of every buyer those that are asked for', async () => {
      const { store, register } = await open();
      const entries = Array.from({ length: 20 }, () => ({}));
      await record(store, CONTRACT, entries, { told: entries.map((_, n) => n + 1).slice(0, -1) });
      await record(store, contractKey(OTHER, 'viewer'), [{}]);
      const [last] = (await all(register.noticesOf(CONTRACT, 20))).filter(
        ({ audience }) => audience === 'buyer',
      );
      await store.notices.changeState(
        last!,
        { ...last!, state: 'undeliverable', reason: 'gone' },
        null,
      );
      const givenUp = await register.everyBuyer({ notices: 'given-up' });
      expect(givenUp.map(({ notices }) => notices.map(({ entry }) => entry))).toEqual([[20], []]);
      const [mine] = await register.everyBuyer({ notices: 'to-buyers' });
      expect(new Set(mine!.notices.map(({ audience }) => audience))).toEqual(new Set(['buyer']));
      expect(mailStanding(mine!.notices, undefined)).toEqual(
        mailStanding(await all(register.notices(BUYER)), undefined),
      );
    });

    it('says how large the table is', async () => {
      const { register } = await open();
      expect((await register.extent()).items).toBeGreaterThanOrEqual(0);
    });

    it('reads with all of a buyer whether notices reach it', async () => {
      const { store, register } = await open();
      const found = {
        buyerAccountId: BUYER,
        registeredAt: REGISTERED,
        topicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
        state: 'cannot-tell',
        since: REGISTERED,
        addresses: [],
        contract: null,
      } as const;
      await store.reachability.put(found, undefined);
      expect((await register.recordsOf(BUYER)).reachability).toEqual(found);
    });

    it('shows beside the heads what was seen in use, of each product its own', async () => {
      const { store, register } = await open();
      await record(store, CONTRACT, [{}]);
      const seen = {
        contract: CONTRACT,
        at: NOW,
        entitlements: [
          {
            ...{ name: 'ReadOnly', unit: 'Count', consumed: quantity(3), maxCount: quantity(5) },
            ...{ isPool: false, maxSince: null, from: '2027-01-18', peaks: [quantity(3)] },
          },
        ],
      };
      const other = { ...seen, contract: contractKey(BUYER, 'design-suite#2') };
      for (const each of [seen, other]) await store.usage.put(each, undefined);
      expect((await register.contractsOf(BUYER)).usage).toEqual([seen, other]);
      const { heads, usage, unrecorded } = await register.recordsOf(BUYER);
      expect([heads.length, usage, unrecorded]).toEqual([1, [seen, other], []]);
      const ofAll = async (choice: BuyerChoice) =>
        (await register.everyBuyer(choice)).map((each) => [each.heads.length, each.usage]);
      expect(await ofAll({ usage: true })).toEqual([[1, [seen, other]]]);
      expect(await ofAll({})).toEqual([[1, []]]);
      expect(await register.ofBuyer(BUYER)).toHaveLength(1);
    });

    it('shows beside the heads what cannot be recorded, until it works again', async () => {
      const { store, register } = await open();
      await record(store, CONTRACT, [{}]);
      await store.contracts.failed(CONTRACT, { cause: 'store-refused', detail: 'too large' }, NOW);
      await store.contracts.failed(
        CONTRACT,
        { cause: 'not-decided', detail: 'again' },
        at('2027-02-01T00:00:00Z'),
      );
      const failing = [{ contract: CONTRACT, cause: 'not-decided', detail: 'again', since: NOW }];
      const heads = await register.ofBuyer(BUYER);
      expect(heads).toHaveLength(1);
      expect(await register.contractsOf(BUYER)).toEqual({
        heads,
        unrecorded: failing,
        notes: [],
        usage: [],
      });
      expect((await register.recordsOf(BUYER)).unrecorded).toEqual(failing);
      await store.contracts.worksAgain(CONTRACT, at('2027-02-01T00:15:00Z'));
      expect(await register.contractsOf(BUYER)).toEqual({
        heads,
        unrecorded: [],
        notes: [],
        usage: [],
      });
      expect((await register.recordsOf(BUYER)).unrecorded).toEqual([]);
    });
  });
}

/** Writes the next entry with this text, or its erasure. */
async function note({ contracts }: WatchStore, noteText: NoteText): Promise<void> {
  const previous = (await contracts.head(noteText.contract))!;
  const entries = previous.entries + 1;
  const { contract } = noteText;
  const entry = anEntry({ contract, entry: entries, kind: 'note' });
  const head = { ...previous, entries, revision: previous.revision + 1 };
  const decision = aDecision({ head, entry, notices: [], noteText });
  expect(await contracts.record(decision, entry, head, previous)).toBe(true);
}

interface Recording {
  /** Numbers of entries that buyer and seller were told of. */
  readonly told?: readonly number[];
  readonly head?: Partial<Head>;
}

/** A ledger of such entries, each with a notice to buyer and seller. */
async function record(
  store: WatchStore,
  contract: ContractKey,
  entries: readonly Partial<SealedEntry>[],
  { told = [], head: traits = {} }: Recording = {},
): Promise<void> {
  let previous: Head | undefined = undefined;
  for (const [index, changes] of entries.entries()) {
    const number = index + 1;
    const observedAt = at(`2027-01-18T00:${String(number).padStart(2, '0')}:00Z`);
    const entry = anEntry({ observedAt, ...changes, contract, entry: number });
    const head: Head = aHead({ contract, ...traits, entries: number, revision: number });
    const notices = (['buyer', 'seller'] as const).map((audience) =>
      aNotice({ contract, entry: number, audience }),
    );
    expect(
      await store.contracts.record(aDecision({ head, entry, notices }), entry, head, previous),
    ).toBe(true);
    if (told.includes(number)) for (const notice of notices) await tell(store, notice);
    previous = head;
  }
}

async function tell(store: WatchStore, notice: Notice): Promise<void> {
  const { contract, entry, audience } = notice;
  if (audience === 'operations' || audience === 'bus')
    throw new Error(`${audience} leaves no fact`);
  await store.notices.changeState(
    notice,
    { ...notice, state: 'told' },
    aFact({ contract, entry, audience }),
  );
}

function aFact(changes: Partial<DeliveryFact>): DeliveryFact {
  return {
    contract: CONTRACT,
    entry: 1,
    audience: 'buyer',
    at: NOW,
    messageId: 'm-1',
    textHash: 'e3b0',
    ...changes,
  };
}

function headUntil(end: End): Partial<Head> {
  return { state: [aLicense({ validity: { begin: at('2026-02-01T00:00:00Z'), end } })] };
}

/** `2`: entry 2; `2 buyer`: the fact that the buyer was told of it. */
async function read(items: AsyncIterable<Filed>): Promise<string[]> {
  return (await all(items)).map((each) => {
    switch (each.kind) {
      case 'entry':
        return String(each.entry.entry);
      case 'fact':
        return `${each.fact.entry} ${each.fact.audience}`;
      case 'unreadable':
        return `unreadable ${each.key}`;
    }
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
