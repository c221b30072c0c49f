import { describe, expect, it } from 'vitest';
import type { Dependencies } from '../../../lambdas/send-notices/dependencies.ts';
import { sendNotices } from '../../../lambdas/send-notices/send-notices.ts';
import type { Subscription } from '../../../lib/domain/notice/reachability.ts';
import { WHOLE_LINE } from '../../../lib/domain/registration/place.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { FIVE_SEATS } from '../../histories/licenses-in-memory.ts';
import { type Through, Watcher } from '../../histories/watcher.ts';
import { at } from '../../support/licenses.ts';
import {
  BUYER_TOPIC,
  SELLER_TOPIC,
  SendNoticesFixture,
  SILENT,
} from '../../support/send-notices-fixture.ts';
import { aBuyer, BUYER } from '../../support/records.ts';

const START = at('2026-11-01');
const GIVEN = 'reader-1@buyer.example';
const QUEUE: Subscription = { protocol: 'sqs', endpoint: 'arn:aws:sqs:queue', state: 'confirmed' };
const given = (state: Subscription['state']): Subscription => ({
  protocol: 'email',
  endpoint: GIVEN.toUpperCase(),
  state,
});

async function watched(subscribers: readonly Subscription[], through?: Through): Promise<Watcher> {
  const watcher = new Watcher({ start: START, ...(through && { through }) });
  watcher.licenses.write(FIVE_SEATS);
  watcher.topics.subscribers = subscribers;
  await watcher.makeStack();
  await drain(watcher);
  await aDay(watcher);
  return watcher;
}

/** Everything that lies in the queues, and what comes of it. */
async function drain(watcher: Watcher): Promise<void> {
  while (watcher.checks.length + watcher.notices.length > 0) {
    for (const { body } of watcher.checks.splice(0)) await watcher.check(body);
    for (const { body } of watcher.notices.splice(0)) await watcher.send(body);
  }
}

/** The daily look, and the digest of the tick after. */
async function aDay(watcher: Watcher): Promise<void> {
  watcher.now = plus(watcher.now, DAY);
  await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
  await drain(watcher);
  await watcher.send({ format: 1, kind: 'tick', tick: watcher.now });
}

async function changes(watcher: Watcher): Promise<readonly string[]> {
  return (await watcher.ledger()).flatMap((entry) => entry.changes.map(({ type }) => type));
}

function digests(watcher: Watcher): readonly string[] {
  return watcher.topics.mails(SELLER_TOPIC).map(({ mail }) => mail?.text ?? '');
}

it('begins elsewhere on each day, so that looks that take all the time starve nobody', async () => {
  const fixture = new SendNoticesFixture();
  const accounts = Array.from({ length: 12 }, (_, n) => String(600000000000 + n));
  for (const buyerAccountId of accounts) await fixture.registered(aBuyer({ buyerAccountId }));
  const looked = new Set<string>();
  const { reachability } = fixture.store;
  const find = reachability.find.bind(reachability);
  reachability.find = (account) => {
    looked.add(account);
    return find(account);
  };
  for (let day = 0; day < 10; day += 1) {
    let looks = 0;
    const remainingMilliseconds = () => ((looks += 1) <= 3 ? 55_000 : 0);
    const message = {
      format: 1,
      kind: 'look-at-topics',
      tick: fixture.now,
      ...WHOLE_LINE,
    } as const;
    await sendNotices(message, { ...fixture.dependencies, remainingMilliseconds });
    fixture.now = plus(fixture.now, DAY);
  }
  expect([...looked].toSorted()).toEqual(accounts);
});

describe('a buyer who unsubscribes', () => {
  it('is in the ledger, and in the seller’s digest within a day, with what mends it', async () => {
    const watcher = await watched([given('confirmed')]);
    expect(await changes(watcher)).toEqual(['WatchStarted']);
    watcher.topics.subscribers = [given('deleted')];
    await aDay(watcher);
    expect(await changes(watcher)).toEqual(['WatchStarted', 'BuyerUnreachable']);
    expect(digests(watcher).at(-1)).toContain('Notices to this buyer reach nobody');
    expect(digests(watcher).at(-1)?.replaceAll(/\s+/g, ' ')).toContain(
      'subscribe the address to the notice topic again',
    );
  });

  it('is told of once, however often it is looked at, and however the messages come', async () => {
    const watcher = await watched([given('confirmed')]);
    watcher.topics.subscribers = [];
    await aDay(watcher);
    await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
    expect(watcher.checks).toEqual([]);
    await aDay(watcher);
    await aDay(watcher);
    expect(await changes(watcher)).toEqual(['WatchStarted', 'BuyerUnreachable']);
  });

  it('and subscribes again is told of on the same contract', async () => {
    const watcher = await watched([given('confirmed')]);
    watcher.topics.subscribers = [];
    await aDay(watcher);
    watcher.topics.subscribers = [given('pending')];
    await aDay(watcher);
    expect((await watcher.store.reachability.find(BUYER))?.state).toBe('gone');
    watcher.topics.subscribers = [given('confirmed')];
    await aDay(watcher);
    expect(await changes(watcher)).toEqual(['WatchStarted', 'BuyerUnreachable', 'BuyerReachable']);
  });

  it('whose check was lost is asked for again the day after', async () => {
    const watcher = await watched([given('confirmed')]);
    watcher.topics.subscribers = [];
    watcher.now = plus(watcher.now, DAY);
    await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
    expect(watcher.checks.splice(0)).toHaveLength(1);
    await aDay(watcher);
    expect(await changes(watcher)).toEqual(['WatchStarted', 'BuyerUnreachable']);
  });

  it('is recorded although the watcher is blind', async () => {
    const watcher = await watched([given('confirmed')]);
    watcher.roleStands = false;
    watcher.topics.subscribers = [];
    await aDay(watcher);
    expect(await changes(watcher)).toContain('BuyerUnreachable');
  });
});

it('a queue is no person: who named an address and never confirmed it is told of', async () => {
  const watcher = await watched([QUEUE, given('pending')]);
  expect(await changes(watcher)).toEqual(['WatchStarted', 'BuyerUnreachable']);
  expect(watcher.topics.published.map(({ topicArn }) => topicArn)).not.toContain(BUYER_TOPIC);
});

describe('what cannot reach the buyer', () => {
  const asked = (watcher: Watcher) =>
    watcher.topics.published.flatMap(({ publication }) => {
      const json = publication.json as { undelivered?: string; changes?: { type: string }[] };
      return typeof json.undelivered === 'string' && publication.kind === 'notice'
        ? (json.changes ?? []).map(({ type }) => type)
        : [];
    });
  const aTick = async (watcher: Watcher, minutes: number): Promise<void> => {
    watcher.now = plus(watcher.now, minutes * MINUTE);
    await watcher.sweep();
    await drain(watcher);
  };

  it('is asked of the seller within a day, once, and told when somebody confirms', async () => {
    const watcher = await watched([given('pending')]);
    watcher.licenses.write({ ...FIVE_SEATS, seats: { ReadOnly: 9 } }, watcher.licenses.newest!.arn);
    for (let hour = 0; hour < 23; hour += 1) await aTick(watcher, 60);
    expect(asked(watcher)).toEqual([]);
    for (let hour = 0; hour < 50; hour += 1) await aTick(watcher, 60);
    expect(asked(watcher)).toEqual(['LicenseUpgraded']);
    expect(digests(watcher).join('\n').replaceAll(/\s+/g, ' ')).toMatch(
      /Tell them yourself.*NOT TOLD/,
    );
    watcher.topics.subscribers = [given('confirmed')];
    await aDay(watcher);
    expect(watcher.topics.mails(BUYER_TOPIC)).toHaveLength(1);
  });

  it('is asked at once where it is a suspension', async () => {
    const watcher = await watched([given('pending'), QUEUE]);
    watcher.licenses.write({ ...FIVE_SEATS, status: 'SUSPENDED' }, watcher.licenses.newest!.arn);
    for (let tick = 0; tick < 6; tick += 1) await aTick(watcher, 15);
    expect(asked(watcher)).toEqual(['LicenseSuspended']);
  });
});

it('who is confirmed is told what waited at once', async () => {
  const watcher = await watched([given('pending')]);
  const before = watcher.topics.published.length;
  watcher.topics.subscribers = [given('confirmed')];
  await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
  expect(watcher.topics.published.slice(before).map(({ publication }) => publication.kind)).toEqual(
    ['welcome'],
  );
});

it('where nobody can be listed, what is sent is sent to whom nobody sees', async () => {
  const watcher = await watched([given('confirmed')]);
  watcher.topics.mayList = false;
  await aDay(watcher);
  expect((await watcher.store.reachability.find(BUYER))?.state).toBe('cannot-tell');
  expect(await changes(watcher)).toEqual(['WatchStarted']);
});

it('an outage changes nothing', async () => {
  const watcher = await watched([given('confirmed')]);
  const before = await watcher.store.reachability.find(BUYER);
  watcher.topics.readers = () => Promise.reject(new Error('SNS is down'));
  watcher.now = plus(watcher.now, HOUR);
  await expect(
    watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE }),
  ).rejects.toThrow('1 of 1 looks at topics failed, first: SNS is down');
  expect(await watcher.store.reachability.find(BUYER)).toEqual(before);
});

it.each([
  ['active', 'gone'],
  ['enrolling', undefined],
] as const)('of a buyer who is %s is seen: %s', async (status, state) => {
  const fixture = await new SendNoticesFixture().registered(aBuyer({ status }));
  fixture.topics.subscribers = [given('deleted')];
  await fixture.send({ format: 1, kind: 'look-at-topics', tick: fixture.now, ...WHOLE_LINE });
  expect((await fixture.store.reachability.find(BUYER))?.state).toBe(state);
});

it('a look that another was ahead of asks for no check', async () => {
  const watcher = await watched([given('confirmed')]);
  watcher.topics.subscribers = [given('deleted')];
  watcher.store.reachability.put = () => Promise.resolve(false);
  watcher.now = plus(watcher.now, DAY);
  await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
  expect(watcher.checks).toEqual([]);
});

it('no look is begun with too little time left for it, which is said', async () => {
  const fixture = await new SendNoticesFixture().registered();
  const warned: unknown[] = [];
  const dependencies: Dependencies = {
    ...fixture.dependencies,
    remainingMilliseconds: () => 14_999,
    log: { ...SILENT, warn: ({ code }, keys) => void warned.push({ code, ...keys }) },
  };
  const message = { format: 1, kind: 'look-at-topics', tick: fixture.now, ...WHOLE_LINE } as const;
  await sendNotices(message, dependencies);
  expect(await fixture.store.reachability.find(BUYER)).toBeUndefined();
  expect(warned).toEqual([{ code: 'TOPICS_LEFT', left: 1, of: 1 }]);
});

it('costs one read and one call to SNS where nothing differs', async () => {
  const calls: string[] = [];
  const counting: Through = (group, dependencies) =>
    new Proxy(dependencies, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          if (group === 'send') calls.push(String(name));
          return (value as (...all: unknown[]) => unknown).apply(target, given);
        };
      },
    });
  const watcher = await watched([given('confirmed')], counting);
  calls.length = 0;
  watcher.now = plus(watcher.now, DAY);
  await watcher.send({ format: 1, kind: 'look-at-topics', tick: watcher.now, ...WHOLE_LINE });
  expect(calls.toSorted()).toEqual(['find', 'range', 'readers']);
});
