import fc from 'fast-check';
import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { planChecks } from '../../../lambdas/start-sweep/plan-checks.ts';
import { startSweep } from '../../../lambdas/start-sweep/start-sweep.ts';
import type { Delayed, Dependencies } from '../../../lambdas/start-sweep/dependencies.ts';
import { memoryWatchStore } from '../../support/memory/memory-watch-store.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
import type { WatchedBuyer } from '../../../lib/domain/ports.ts';
import { HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import type { Log } from '../../../lib/observability/handler.ts';
import { checkBuyers, type CheckBuyers } from '../../../lib/messages/check-buyers.ts';
import { sendNotices, type SendNotices } from '../../../lib/messages/send-notices.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aNotice,
  anEntry,
  aProduct,
  aRegistration,
  BUYER,
  CONTRACT,
  NOW,
} from '../../support/records.ts';
import { sha256, SILENT } from '../../support/send-notices-fixture.ts';

const EVENT = { tick: NOW };

class SweepWorld {
  readonly store = memoryWatchStore();
  readonly checks: Delayed<CheckBuyers>[] = [];
  readonly noticeMessages: Delayed<SendNotices>[] = [];
  readonly measured: [string, number][] = [];
  now = NOW;
  products = [aProduct()];
  queueFails = false;

  get dependencies(): Dependencies {
    return {
      ...this.store,
      settings: { products: this.products, spreadMinutes: 5 },
      sendChecks: (messages) => {
        if (this.queueFails) return Promise.reject(new Error('the queue is gone'));
        this.checks.push(...messages);
        return Promise.resolve();
      },
      sendNotices: (messages) => {
        this.noticeMessages.push(...messages);
        return Promise.resolve();
      },
      sha256,
      now: () => this.now,
      log: SILENT,
      meter: { measure: (metric, value) => void this.measured.push([metric, value]) },
    };
  }

  async contract(notices: readonly Notice[], contract = CONTRACT): Promise<void> {
    const entry = anEntry({ contract });
    const head = aHead({ contract });
    await this.store.contracts.record(aDecision({ head, entry, notices }), entry, head, undefined);
  }
}

it('counts the contracts that could not be recorded at their last check, for operations', async () => {
  const world = new SweepWorld();
  await world.store.buyers.put(aBuyer(), undefined);
  await startSweep(EVENT, world.dependencies);
  expect(world.measured.map(([metric]) => metric)).not.toContain('ContractsUnrecorded');
  await world.store.contracts.failed(CONTRACT, { cause: 'not-decided', detail: 'TypeError' }, NOW);
  await startSweep(EVENT, world.dependencies);
  expect(world.measured).toContainEqual(['ContractsUnrecorded', 1]);
  expect(world.checks.at(-1)?.body.buyers[0]?.contracts).toMatchObject([{ unrecorded: true }]);
});

describe('a sweep', () => {
  it('asks for a check of every active buyer, with what the sweep knows of the contract', async () => {
    const world = new SweepWorld();
    await world.store.buyers.put(aBuyer(), undefined);
    await world.contract([]);
    await startSweep(EVENT, world.dependencies);
    const [message] = world.checks;
    expect(z.parse(checkBuyers, message?.body)).toEqual({
      format: 1,
      tick: NOW,
      checkId: `sweep-${NOW}`,
      visibleAt: NOW,
      buyers: [
        {
          buyerAccountId: BUYER,
          name: 'Example Corp',
          roleArn: aRegistration().roleArn,
          externalId: aBuyer().externalId,
          templateVersion: 1,
          probe: true,
          shareUsage: true,
          contracts: [{ productId: 'design-suite', digest: 'digest-1', nextDue: aHead().nextDue }],
        },
      ],
    });
    expect(await world.store.ticks.lastSweep()).toEqual({ tick: NOW, buyers: 1 });
    expect(world.measured).toEqual([['SweepsStarted', 1]]);
  });

  it('leaves out retired and unknown products, and buyers who have no other', async () => {
    const world = new SweepWorld();
    world.products = [aProduct({ id: 'old', retired: true }), aProduct()];
    await world.store.buyers.put(
      aBuyer({ productIds: ['old', 'design-suite', 'unknown'] }),
      undefined,
    );
    await world.store.buyers.put(
      aBuyer({ buyerAccountId: '222222222222', productIds: ['old'] }),
      undefined,
    );
    const { buyers } = await startSweep(EVENT, world.dependencies);
    expect(buyers).toBe(1);
    expect(world.checks[0]?.body.buyers[0]?.contracts.map(({ productId }) => productId)).toEqual([
      'design-suite',
    ]);
  });

  it('complains once of each product that was taken out of the settings without being retired', async () => {
    const world = new SweepWorld();
    world.products = [aProduct({ id: 'old', retired: true }), aProduct()];
    for (const buyerAccountId of ['222222222222', '333333333333']) {
      await world.store.buyers.put(
        aBuyer({ buyerAccountId, productIds: ['old', 'gone', 'design-suite'] }),
        undefined,
      );
    }
    const errors: unknown[] = [];
    const log: Log = { ...SILENT, error: ({ code }, keys) => errors.push([code, keys]) };
    await startSweep(EVENT, { ...world.dependencies, log });
    expect(errors).toEqual([['PRODUCT_UNKNOWN', { productId: 'gone' }]]);
  });

  it('sends one digest message, after the last check of the sweep, and none of it later than SQS can', async () => {
    const world = new SweepWorld();
    await startSweep(EVENT, world.dependencies);
    expect(world.noticeMessages).toEqual([
      { body: { format: 1, kind: 'digest', tick: NOW }, delaySeconds: 420 },
    ]);
    const longest = { ...world.dependencies, settings: { products: [], spreadMinutes: 15 } };
    await startSweep(EVENT, longest);
    expect(world.noticeMessages.at(-1)?.delaySeconds).toBe(900);
  });

  it('drives on what is due and was not told: a message per contract to buyers, per entry to operations', async () => {
    const world = new SweepWorld();
    const other = contractKey(BUYER, 'render-farm');
    await world.contract([
      aNotice(),
      aNotice({ audience: 'seller' }),
      aNotice({ audience: 'operations' }),
    ]);
    await world.contract(
      [aNotice({ contract: other, state: 'waiting', notBefore: plus(NOW, HOUR) })],
      other,
    );
    await startSweep(EVENT, world.dependencies);
    const driven = () =>
      world.noticeMessages.splice(0).map(({ body }) => {
        const parsed = z.parse(sendNotices, body);
        return parsed.kind === 'digest'
          ? 'digest'
          : `${parsed.audience} ${parsed.contract} ${parsed.entry}`;
      });
    expect(driven()).toEqual([`buyer ${CONTRACT} 1`, `operations ${CONTRACT} 1`, 'digest']);
    world.now = plus(NOW, HOUR);
    await startSweep(EVENT, world.dependencies);
    expect(driven()).toContain(`buyer ${other} 1`);
  });

  it('is harmless when it runs twice: the same check IDs, the same mark', async () => {
    const world = new SweepWorld();
    await world.store.buyers.put(aBuyer(), undefined);
    await startSweep(EVENT, world.dependencies);
    world.now = plus(NOW, 7 * MINUTE);
    await startSweep(EVENT, world.dependencies);
    expect(new Set(world.checks.map(({ body }) => body.checkId)).size).toBe(1);
    expect(await world.store.ticks.lastSweep()).toEqual({ tick: NOW, buyers: 1 });
  });

  it('fails loudly when a message was not taken, and counts no sweep', async () => {
    const world = new SweepWorld();
    world.queueFails = true;
    await expect(startSweep(EVENT, world.dependencies)).rejects.toThrow('the queue is gone');
    expect(world.measured).toEqual([]);
  });

  it.each([
    ['2027-01-18T00:00:00Z'],
    ['2027-01-18T00:00:00.000Z'],
    ['2027-01-18T01:00:00+01:00'],
    ['2027-01-18T00:00:00'],
  ])('reads the scheduled time %s whatever the zone of the machine', async (tick) => {
    expect((await startSweep({ tick }, new SweepWorld().dependencies)).tick).toBe(NOW);
  });

  it.each([
    [{}, 'tick: expected string, got nothing'],
    [{ tick: 7 }, 'got 7'],
    [null, 'the whole: expected object, got null'],
    [{ tick: '<aws.scheduler.scheduled-time>' }, '<aws.scheduler.scheduled-time>'],
    [{ tick: '9999-01-01T00:00:00Z' }, 'cannot be scheduled'],
    [{ tick: '2027-01-18T00:05:01Z' }, 'it is 2027-01-18T00:00:00Z now; give that as the tick'],
  ])('refuses the event %j and says what is expected', async (event, words) => {
    await expect(startSweep(event, new SweepWorld().dependencies)).rejects.toThrow(words);
  });
});

describe('the plan of a sweep', () => {
  const fleet = (size: number): WatchedBuyer[] =>
    Array.from({ length: size }, (_, n) => {
      const buyer = aBuyer({ buyerAccountId: String(100000000000 + n) });
      return {
        buyer: { ...buyer, registration: aRegistration() },
        contracts: [{ productId: 'design-suite', digest: null, nextDue: null }],
      };
    });
  const sweep = { tick: NOW, now: plus(NOW, MINUTE), spreadMinutes: 5 };

  it('takes 10,000 buyers in 200 full messages over the five minutes', () => {
    const messages = planChecks(fleet(10_000), sweep, sha256);
    expect(messages).toHaveLength(200);
    expect(messages[0]?.delaySeconds).toBe(0);
    expect(messages.at(-1)?.delaySeconds).toBe(298);
    expect(messages[100]).toMatchObject({
      delaySeconds: 150,
      body: { visibleAt: plus(sweep.now, 150_000) },
    });
  });

  it('holds every buyer once, within the size and the delay that SQS allows', () => {
    fc.assert(
      fc.property(
        fc.nat(120),
        fc.integer({ min: 0, max: 15 }),
        fc.string({ maxLength: 3_000, unit: 'binary' }),
        (size, spreadMinutes, name) => {
          const watched = fleet(size).map((each) => ({ ...each, buyer: { ...each.buyer, name } }));
          const messages = planChecks(watched, { ...sweep, spreadMinutes }, sha256);
          const planned = messages.flatMap(({ body }) =>
            body.buyers.map(({ buyerAccountId }) => buyerAccountId),
          );
          expect(planned.toSorted()).toEqual(watched.map(({ buyer }) => buyer.buyerAccountId));
          for (const { body, delaySeconds } of messages) {
            expect(body.buyers.length).toBeLessThanOrEqual(50);
            expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(256 * 1024);
            expect(delaySeconds).toBeGreaterThanOrEqual(0);
            expect(delaySeconds).toBeLessThanOrEqual(900);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('loads fewer buyers into a message where they are large', () => {
    const name = '\u0001'.repeat(3_000);
    const large = fleet(10).map((each) => ({ ...each, buyer: { ...each.buyer, name } }));
    const messages = planChecks(large, sweep, sha256);
    expect(messages.map(({ body }) => body.buyers.length)).toEqual([2, 2, 2, 2, 2]);
  });

  it('gives a buyer nearly the same moment in every sweep, whatever the order of the index or who joined', () => {
    const watched = fleet(1_000);
    const delayOf = (account: string, messages: ReturnType<typeof planChecks>) =>
      messages.find(({ body }) =>
        body.buyers.some(({ buyerAccountId }) => buyerAccountId === account),
      )?.delaySeconds;
    const before = planChecks(watched, sweep, sha256);
    const after = planChecks([...watched].reverse().slice(20), sweep, sha256);
    for (const account of ['100000000100', '100000000500', '100000000900']) {
      expect(
        Math.abs((delayOf(account, before) ?? 0) - (delayOf(account, after) ?? 999)),
      ).toBeLessThan(30);
    }
  });
});
