import * as fc from '../../support/property.ts';
import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { startSweep } from '../../../lambdas/start-sweep/start-sweep.ts';
import type { Delayed, Dependencies } from '../../../lambdas/start-sweep/dependencies.ts';
import { memoryWatchStore } from '../../support/memory/memory-watch-store.ts';
import { dueShardOf } from '../../../lib/aws/dynamodb/keys.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
import { dailySlice, placeOf, WHOLE_LINE } from '../../../lib/domain/registration/place.ts';
import { DAY, HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { checkBuyers, type CheckBuyers } from '../../../lib/messages/check-buyers.ts';
import { sendNotices, type SendNotices } from '../../../lib/messages/send-notices.ts';
import {
  aBuyer,
  aDecision,
  aHead,
  aNotice,
  anEntry,
  aProduct,
  CONTRACT,
  NOW,
  REGISTERED,
} from '../../support/records.ts';
import { SILENT } from '../../support/send-notices-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const EVENT = { tick: NOW };

class SweepWorld {
  readonly store = memoryWatchStore();
  readonly checks: Delayed<CheckBuyers>[] = [];
  readonly noticeMessages: Delayed<SendNotices>[] = [];
  readonly measured: [string, number][] = [];
  now = NOW;
  /** So many messages, whoever sends them; then it is gone. */
  queueTakes = Infinity;

  get dependencies(): Dependencies {
    return {
      ...this.store,
      settings: { products: [aProduct()], intervalMinutes: 15, spreadMinutes: 5 },
      sendChecks: (messages) => {
        const taken = Math.max(0, this.queueTakes - this.checks.length);
        this.checks.push(...messages.slice(0, taken));
        return messages.length > taken
          ? Promise.reject(new Error('the queue is gone'))
          : Promise.resolve();
      },
      sendNotices: (messages) => {
        this.noticeMessages.push(...messages);
        return Promise.resolve();
      },
      now: () => this.now,
      log: SILENT,
      meter: { measure: (metric, value) => void this.measured.push([metric, value]) },
    };
  }

  async fleet(buyers: number): Promise<void> {
    for (let n = 0; n < buyers; n += 1)
      await this.store.buyers.put(
        aBuyer({ buyerAccountId: String(100000000000 + n) }),
        undefined,
        REGISTERED,
      );
  }

  /** As if so many had been counted this morning. */
  counted(active: number): void {
    this.store.buyers.counted = () => Promise.resolve({ active, countedAt: plus(NOW, -DAY / 2) });
  }

  async contract(notices: readonly Notice[], contract = CONTRACT): Promise<void> {
    const entry = anEntry({ contract });
    const head = aHead({ contract });
    await this.store.contracts.record(aDecision({ head, entry, notices }), entry, head, undefined);
  }
}

describe('a sweep', () => {
  it('asks for a check of every buyer in one message, and reads none of them', async () => {
    const world = new SweepWorld();
    await world.store.buyers.put(aBuyer(), undefined, REGISTERED);
    await world.contract([]);
    const { buyers } = await startSweep(EVENT, world.dependencies);
    expect(buyers).toBe(1);
    expect(world.checks.map(({ body }) => z.parse(checkBuyers, body))).toEqual([
      {
        format: 1,
        kind: 'range',
        tick: NOW,
        checkId: `sweep-${NOW}`,
        visibleAt: NOW,
        ...WHOLE_LINE,
        previous: null,
        round: 0,
      },
    ]);
    expect(await world.store.ticks.lastSweep()).toEqual({ tick: NOW, buyers: 1 });
    expect(world.measured).toEqual([['LastSeenAgeHours', 0]]);
  });

  it('asks although nobody is counted: a count may be wrong', async () => {
    const world = new SweepWorld();
    await startSweep(EVENT, world.dependencies);
    expect(world.checks).toMatchObject([{ body: WHOLE_LINE }]);
  });

  it('counts the buyers anew once a day, and goes by the kept number between', async () => {
    const world = new SweepWorld();
    await world.fleet(3);
    let counted = 0;
    const recount: Dependencies['buyers']['recount'] = (now) => (
      (counted += 1),
      world.store.buyers.recount(now)
    );
    for (const hours of [0, 1, 23, 24, 25]) {
      world.now = plus(NOW, hours * HOUR);
      const { dependencies } = world;
      await startSweep(
        { tick: world.now },
        { ...dependencies, buyers: { counted: dependencies.buyers.counted, recount } },
      );
      expect(await world.store.ticks.lastSweep()).toEqual({ tick: world.now, buyers: 3 });
    }
    expect(counted).toBe(2);
  });

  it('of 10,000 buyers sends 52 messages over the five minutes, each visible at its time', async () => {
    const world = new SweepWorld();
    world.counted(10_000);
    await startSweep(EVENT, world.dependencies);
    expect(world.checks).toHaveLength(52);
    expect(world.checks[0]?.delaySeconds).toBe(0);
    expect(world.checks.at(-1)?.delaySeconds).toBe(294);
    expect(world.checks[26]).toMatchObject({
      delaySeconds: 150,
      body: { visibleAt: plus(NOW, 150_000) },
    });
  });

  it('gives every buyer one range, whatever their number, and nearly the same moment in each sweep', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 15 }),
        fc.array(fc.integer({ min: 0, max: 999_999_999_999 }), { maxLength: 20 }),
        async (buyers, spreadMinutes, accounts) => {
          const world = new SweepWorld();
          world.counted(buyers);
          await startSweep(EVENT, {
            ...world.dependencies,
            settings: { products: [], intervalMinutes: 15, spreadMinutes },
          });
          expect(world.checks.length).toBeLessThanOrEqual(Math.max(4, buyers / 100 + 4));
          for (const account of accounts) {
            const place = placeOf(String(account).padStart(12, '0'), sha256);
            const here = world.checks.filter(({ body }) => isIn(place, body));
            expect(here).toHaveLength(1);
            const moment = (parseInt(place.slice(0, 8), 16) / 2 ** 32) * spreadMinutes * 60;
            const width = (spreadMinutes * 60) / world.checks.length;
            expect(moment - (here[0]?.delaySeconds ?? NaN)).toBeLessThanOrEqual(width + 1);
          }
        },
      ),
      { numRuns: 60 },
    ));

  it('that dies is taken up where it was: at most a quarter is asked for twice, by the same check', async () => {
    for (const takes of [0, 1, 13, 14, 30, 39]) {
      const world = new SweepWorld();
      world.counted(10_000);
      world.queueTakes = takes;
      await expect(startSweep(EVENT, world.dependencies)).rejects.toThrow('the queue is gone');
      world.queueTakes = Infinity;
      await startSweep(EVENT, world.dependencies);
      const asked = world.checks.map(({ body }) => body.kind === 'range' && body.from);
      expect(new Set(asked).size).toBe(52);
      // What was taken of the quarter in which it died.
      expect(asked.length).toBe(52 + (takes % 13));
      expect(new Set(world.checks.map(({ body }) => body.checkId)).size).toBe(1);
    }
  });

  it('that dies when there were many is made whole when there are few', async () => {
    const world = new SweepWorld();
    world.counted(5_000);
    world.queueTakes = 25;
    await expect(startSweep(EVENT, world.dependencies)).rejects.toThrow('the queue is gone');
    world.queueTakes = Infinity;
    world.counted(10);
    await startSweep(EVENT, world.dependencies);
    expect(world.checks.at(-1)?.body).toMatchObject(WHOLE_LINE);
  });

  it('tells each check of the sweep before it, which says what was missed since', async () => {
    const world = new SweepWorld();
    await startSweep(EVENT, world.dependencies);
    world.checks.length = 0;
    world.now = plus(NOW, 45 * MINUTE);
    await startSweep({ tick: world.now }, world.dependencies);
    expect(world.checks).toMatchObject([{ body: { tick: world.now, previous: NOW } }]);
  });

  it('has the topics of its slice of the day looked at, ahead of the digest; of nobody, none', async () => {
    const world = new SweepWorld();
    await startSweep(EVENT, world.dependencies);
    expect(world.noticeMessages.splice(0).map(({ body }) => body.kind)).toEqual(['tick', 'events']);
    world.counted(100_000);
    await startSweep(EVENT, world.dependencies);
    const looks = world.noticeMessages.slice(0, -2);
    expect(looks.map(({ body }) => body)).toEqual(
      dailySlice(NOW, 15, 100_000).map((range) => ({
        ...{ format: 1, kind: 'look-at-topics', tick: NOW },
        ...range,
      })),
    );
    expect(Math.max(...looks.map(({ delaySeconds }) => delaySeconds))).toBeLessThan(
      world.noticeMessages.at(-1)?.delaySeconds ?? 0,
    );
  });

  it('sends one message to the seller’s people and one to the bus, after the last check of the sweep, and none of it later than SQS can', async () => {
    const world = new SweepWorld();
    await startSweep(EVENT, world.dependencies);
    expect(world.noticeMessages).toEqual([
      { body: { format: 1, kind: 'tick', tick: NOW }, delaySeconds: 420 },
      { body: { format: 1, kind: 'events', tick: NOW }, delaySeconds: 420 },
    ]);
    const longest = {
      ...world.dependencies,
      settings: { products: [], intervalMinutes: 15, spreadMinutes: 15 },
    };
    await startSweep(EVENT, longest);
    expect(world.noticeMessages.at(-1)?.delaySeconds).toBe(900);
  });

  it('drives on what is due and was not told: a message for each part of the notices, the urgent first', async () => {
    const world = new SweepWorld();
    for (let n = 0; n < 200; n += 1) {
      const contract = contractKey(String(300000000000 + n), 'design-suite');
      await world.contract([aNotice({ contract })], contract);
    }
    await world.contract([
      aNotice({ severity: 'urgent' }),
      aNotice({ audience: 'seller' }),
      aNotice({ audience: 'operations' }),
      aNotice({ audience: 'bus' }),
    ]);
    await startSweep(EVENT, world.dependencies);
    const delayed = (urgency: string) =>
      world.noticeMessages
        .filter(({ body }) => body.kind === 'due' && body.urgency === urgency)
        .map(({ delaySeconds }) => delaySeconds);
    expect(Math.max(...delayed('urgent'))).toBeLessThan(Math.min(...delayed('ordinary')));
    const driven = () =>
      world.noticeMessages.splice(0).map(({ body }) => {
        const parsed = z.parse(sendNotices, body);
        return parsed.kind === 'due' ? `${parsed.urgency} ${parsed.shard}` : parsed.kind;
      });
    const { shard } = dueShardOf(aNotice());
    expect(driven()).toEqual([
      `urgent ${shard}`,
      ...[0, 1, 2, 3].map((each) => `ordinary ${each}`),
      'tick',
      'events',
    ]);
  });

  it('does not drive what waits before its time', async () => {
    const world = new SweepWorld();
    const waiting = aNotice({ state: 'waiting', notBefore: plus(NOW, HOUR) });
    await world.contract([waiting]);
    const { urgency, shard } = dueShardOf(waiting);
    const due = { format: 1, kind: 'due', urgency, shard };
    await startSweep(EVENT, world.dependencies);
    expect(world.noticeMessages.map(({ body }) => body)).not.toContainEqual(due);
    world.now = plus(NOW, HOUR);
    await startSweep(EVENT, world.dependencies);
    expect(world.noticeMessages.map(({ body }) => body)).toContainEqual(due);
  });

  it('is harmless when it runs twice: the same check IDs, the same mark', async () => {
    const world = new SweepWorld();
    await world.fleet(1);
    await startSweep(EVENT, world.dependencies);
    world.now = plus(NOW, 7 * MINUTE);
    await startSweep(EVENT, world.dependencies);
    expect(new Set(world.checks.map(({ body }) => body.checkId)).size).toBe(1);
    expect(await world.store.ticks.lastSweep()).toEqual({ tick: NOW, buyers: 1 });
  });

  it('fails loudly when a message was not taken, and counts no sweep', async () => {
    const world = new SweepWorld();
    world.queueTakes = 0;
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
    [{ tick: '9999-01-01T00:00:00Z' }, 'nothing can be scheduled'],
    [{ tick: '2027-01-18T00:05:01Z' }, 'it is 2027-01-18T00:00:00Z now; give that as the tick'],
  ])('refuses the event %j and says what is expected', async (event, words) => {
    await expect(startSweep(event, new SweepWorld().dependencies)).rejects.toThrow(words);
  });
});

function isIn(place: string, body: CheckBuyers): boolean {
  return body.kind === 'range' && place >= body.from && place < `${body.to}~`;
}
