import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbReading } from '../../../lib/seller/aws/archive.ts';
import { dynamoDbWatchStore } from '../../../lib/seller/aws/dynamodb-watch-store.ts';
import { storeEntry, storeFact } from '../../../lib/messages/stored-entry.ts';
import { archiveContract } from '../../ports/archive.contract.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';
import { type CanonicalState, contractKey } from '../../../lib/domain/license/contract.ts';
import type { DeliveryFact, UnreadableItem } from '../../../lib/domain/ports.ts';
import type { Buyer } from '../../../lib/domain/registration/buyer.ts';
import { StoredShapeError } from '../../../lib/messages/stored.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
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
} from '../../support/records.ts';
import { dynamoDbLocal, dynoxide, type RunningEngine } from '../../support/engines.ts';

describe.each([dynoxide, dynamoDbLocal])('the store in DynamoDB, on $name', (engine) => {
  if (engine.missing !== null) {
    it.skip(`is not tested here: ${engine.missing}`);
    return;
  }
  let running: RunningEngine;
  beforeAll(async () => {
    running = await engine.start();
  });
  afterAll(() => running.stop());
  const put = (TableName: string, Item: object) =>
    running.call('TransactWriteItems', { TransactItems: [{ Put: { TableName, Item } }] });

  watchStoreContract(async () => dynamoDbWatchStore(running.call, await running.createTables()));

  archiveContract(async () => {
    const tables = await running.createTables();
    // Whatever takes more than a page takes it here.
    return {
      store: dynamoDbWatchStore(running.call, tables),
      ...dynamoDbReading(running.inPages(2), tables),
    };
  });

  it('shows a head that cannot be read as a contract that cannot be recorded, and hides no other for it', async () => {
    const tables = await running.createTables();
    const store = dynamoDbWatchStore(running.call, tables);
    for (const contract of [CONTRACT, contractKey(BUYER, 'viewer')])
      await store.contracts.record(aDecision(), null, aHead({ contract, entries: 0 }), undefined);
    await running.call('UpdateItem', {
      TableName: tables.watchTableName,
      Key: { buyer: BUYER, record: 'head#design-suite' },
      UpdateExpression: 'SET #standing = :odd',
      ExpressionAttributeNames: { '#standing': 'standing' },
      ExpressionAttributeValues: { ':odd': 'glorious' },
    });
    await expect(store.contracts.head(CONTRACT)).rejects.toThrow(StoredShapeError);
    const { register } = dynamoDbReading(running.call, tables);
    const { heads, unrecorded } = await register.contractsOf(BUYER);
    expect(heads.map(({ contract }) => contract)).toEqual([contractKey(BUYER, 'viewer')]);
    expect(unrecorded).toMatchObject([
      {
        contract: CONTRACT,
        cause: 'unreadable',
        detail: expect.stringContaining('glorious') as string,
      },
    ]);
  });

  it('lists the other profiles, and names the one that cannot be read', async () => {
    const tables = await running.createTables();
    const { buyers } = dynamoDbWatchStore(running.call, tables);
    const other = aBuyer({ buyerAccountId: '222233334444' });
    for (const buyer of [aBuyer(), other]) await buyers.put(buyer, undefined, REGISTERED);
    await running.call('UpdateItem', {
      TableName: tables.watchTableName,
      Key: { buyer: BUYER, record: 'profile' },
      UpdateExpression: 'SET #format = :newer',
      ExpressionAttributeNames: { '#format': 'format' },
      ExpressionAttributeValues: { ':newer': 2 },
    });
    const unreadable: UnreadableItem[] = [];
    const listed: Buyer[] = [];
    for await (const buyer of buyers.list((each) => unreadable.push(each))) listed.push(buyer);
    expect(listed).toEqual([other]);
    const problem = expect.stringContaining(`the profile of buyer ${BUYER} has format 2`) as string;
    expect(unreadable).toEqual([{ buyer: BUYER, record: 'profile', problem }]);
    const all = async () => {
      for await (const buyer of buyers.list()) listed.push(buyer);
    };
    await expect(all()).rejects.toThrow(StoredShapeError);
  });

  it('goes on without what cannot be read in the lists of a sweep and of notices, and names it', async () => {
    const tables = await running.createTables();
    const told: UnreadableItem[] = [];
    const store = dynamoDbWatchStore(running.call, tables, (item) => told.push(item));
    const later = '2027-01-18T00:15:00Z' as typeof NOW;
    for (const tick of [NOW, later]) await store.ticks.startSweep(tick, 2);
    await store.buyers.recount(NOW);
    const head = aHead();
    const notices = [aNotice(), aNotice({ audience: 'seller' })];
    const decision = aDecision({ head, entry: anEntry(), notices });
    await store.contracts.record(decision, anEntry(), head, undefined);
    const tear = (buyer: string, record: string) =>
      running.call('UpdateItem', {
        TableName: tables.watchTableName,
        Key: { buyer, record },
        UpdateExpression: 'SET #format = :newer',
        ExpressionAttributeNames: { '#format': 'format' },
        ExpressionAttributeValues: { ':newer': 2 },
      });
    await tear('sweeps', `tick#${later}`);
    await tear('sweeps', 'active-buyers');
    await tear(BUYER, 'notice#design-suite#00000001#buyer');
    expect(await store.ticks.lastSweep()).toEqual({ tick: NOW, buyers: 2 });
    expect(await store.ticks.startSweep(later, 3)).toBeNull();
    // Counted again, it can be read.
    expect(await store.buyers.counted()).toBeUndefined();
    const pending = await store.notices.pending(CONTRACT);
    expect(pending.map(({ audience }) => audience)).toEqual(['seller']);
    expect(told.map(({ record }) => record)).toEqual([
      `tick#${later}`,
      'active-buyers',
      'notice#design-suite#00000001#buyer',
    ]);
  });

  it('reads what is pending of a contract at the same cost after two years of notices as on the first day', async () => {
    const tables = await running.createTables();
    const units: number[] = [];
    const { call, consumed } = running.counting();
    const store = dynamoDbWatchStore(call, tables);
    const waiting = aNotice({ state: 'waiting', reason: 'x'.repeat(200) });
    const read = async () => {
      consumed.length = 0;
      const pending = await store.notices.pending(CONTRACT);
      units.push(consumed.reduce((sum, each) => sum + each, 0));
      return pending;
    };
    await record(1, undefined, [waiting, aNotice({ audience: 'seller' })]);
    expect(await read()).toHaveLength(2);
    let previous = aHead();
    for (let entry = 2; entry <= 60; entry += 1) {
      const head = aHead({ entries: entry, revision: entry });
      const notice = aNotice({ entry, reason: 'x'.repeat(200) });
      await record(entry, previous, [notice]);
      expect(await store.notices.changeState(notice, { ...notice, state: 'told' }, null)).toBe(
        true,
      );
      previous = head;
    }
    expect((await read()).map(({ entry, audience }) => [entry, audience])).toEqual([
      [1, 'buyer'],
      [1, 'seller'],
    ]);
    expect(units).toEqual([1, 1]);

    async function record(entry: number, before: Head | undefined, notices: readonly Notice[]) {
      const head = aHead({ entries: entry, revision: entry });
      const sealed = anEntry({ entry });
      const decision = aDecision({ head, entry: sealed, notices });
      expect(await store.contracts.record(decision, sealed, head, before)).toBe(true);
    }
  });

  it.each([
    ['productMonth', 'design-suite#1999-01'],
    ['changeTypes', []],
  ])(
    'calls an entry unreadable whose %s was altered, which hides it from feeds and filters',
    async (name, value) => {
      const tables = await running.createTables();
      const Item = { ...storeEntry(anEntry()), [name]: value };
      await put(tables.auditTableName, Item);
      const { archive } = dynamoDbReading(running.call, tables);
      const found = [];
      for await (const filed of archive.contract(CONTRACT)) found.push(filed);
      const problem = expect.stringContaining(
        `${name} is ${JSON.stringify(value)}, by its content it is`,
      ) as string;
      expect(found).toMatchObject([{ kind: 'unreadable', key: '00000001', problem }]);
    },
  );

  const SEATS = { name: 'Seats', unit: 'Count', value: null, maxCount: '5', overage: false };
  const LICENSE = { ...aLicense(), entitlements: [SEATS] };
  const FACT = {
    contract: CONTRACT,
    entry: 1,
    audience: 'seller',
    at: '2027-01-18T00:00:00Z',
    messageId: 'm',
    textHash: 'h',
    single: { messageId: 's', jsonHash: 'h' },
  } as DeliveryFact;
  const storedEntry = (after: readonly unknown[] = [LICENSE]) => ({
    ...storeEntry(anEntry({ after: [LICENSE] as unknown as CanonicalState })),
    after,
  });
  it.each<[string, object, object]>([
    ['an entry', storedEntry(), { ...storedEntry(), note: 'you may use 500 seats' }],
    ['its license', storedEntry(), storedEntry([{ ...LICENSE, note: 'free' }])],
    [
      'an entitlement',
      storedEntry(),
      storedEntry([{ ...LICENSE, entitlements: [{ ...SEATS, bonus: '500' }] }]),
    ],
    ['a set of an entry', storedEntry(), { ...storedEntry(), note: new Set(['a']) }],
    ['a fact', storeFact(FACT), { ...storeFact(FACT), note: 'read by them' }],
    [
      'a message of a fact',
      storeFact(FACT),
      { ...storeFact(FACT), single: { messageId: 's', jsonHash: 'h', to: 'them' } },
    ],
  ])('finds what was added to %s', async (_, asWritten, Item) => {
    const tables = await running.createTables();
    const { archive } = dynamoDbReading(running.call, tables);
    const kindOf = async (item: object) => {
      await put(tables.auditTableName, item);
      const found = [];
      for await (const { kind } of archive.contract(CONTRACT)) found.push(kind);
      return found;
    };
    expect(await kindOf(asWritten)).not.toContain('unreadable');
    expect(await kindOf(Item)).toContain('unreadable');
  });
});
