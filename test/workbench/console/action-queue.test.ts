import { describe, expect, it } from 'vitest';
import {
  ActionQueue,
  type Consequences,
  SerialQueue,
  runClock,
} from '../../../lib/workbench/console/action-queue.ts';

const NOTHING: Consequences = { mails: [], entries: [] };
const blind = (): Promise<() => Promise<Consequences>> =>
  Promise.resolve(() => Promise.resolve(NOTHING));

describe('the action queue', () => {
  it('has one action done at a time, in the order of asking', async () => {
    const queue = new ActionQueue(new SerialQueue(), blind, () => 7);
    const happened: string[] = [];
    const slow = Promise.withResolvers<string>();
    const first = queue.enqueue('first', () => {
      happened.push('first begins');
      return slow.promise.finally(() => happened.push('first ends'));
    });
    const second = queue.enqueue('second', () => {
      happened.push('second');
      return Promise.resolve('did it');
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(queue.actions.map(({ title, state, endedAt }) => [title, state, endedAt])).toEqual([
      ['second', 'waiting', null],
      ['first', 'running', null],
    ]);
    slow.resolve('at last');
    expect(await first.done).toMatchObject({ state: 'done', said: 'at last', endedAt: 7 });
    expect(await second.done).toMatchObject({ state: 'done', said: 'did it' });
    expect(happened).toEqual(['first begins', 'first ends', 'second']);
  });

  it('says what failed and why, and what came of it all the same, and goes on with the next', async () => {
    let watched = 0;
    const queue = new ActionQueue(
      new SerialQueue(),
      () => {
        watched += 1;
        return Promise.resolve(() => Promise.resolve({ mails: [7], entries: [] }));
      },
      () => 7,
    );
    const failed = queue.enqueue('breaks', () =>
      Promise.reject(
        new Error('work inside the cloud failed', { cause: new Error('no such table') }),
      ),
    );
    const next = queue.enqueue('works', () => Promise.resolve('well'));
    expect(await failed.done).toMatchObject({
      state: 'failed',
      said: 'work inside the cloud failed: no such table',
      mails: [7],
    });
    expect(await next.done).toMatchObject({ state: 'done', said: 'well' });
    expect(watched).toBe(2);
  });

  it('fails where what came of it cannot be read, instead of saying that nothing did', async () => {
    const queue = new ActionQueue(
      new SerialQueue(),
      () => Promise.resolve(() => Promise.reject(new Error('table gone'))),
      () => 7,
    );
    const { done } = queue.enqueue('anything', () => Promise.resolve('fine'));
    expect(await done).toMatchObject({
      state: 'failed',
      said: 'What came of it cannot be read: table gone',
    });
  });

  it('shows how far an action is', async () => {
    const queue = new ActionQueue(new SerialQueue(), blind, () => 7);
    const half = Promise.withResolvers<string>();
    const { done } = queue.enqueue('a month', (said) => {
      said('half of it');
      return half.promise;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(queue.actions[0]).toMatchObject({ state: 'running', said: 'half of it' });
    half.resolve('all of it');
    await done;
  });
});

describe('the running clock', () => {
  it('goes on as our time does, waits for whoever is at work, and survives what fails', async () => {
    const [line, stop, failures] = [new SerialQueue(), new AbortController(), [] as unknown[]];
    const [failed, advanced] = [Promise.withResolvers<null>(), Promise.withResolvers<number>()];
    let [now, busy] = [0, false];
    const clock = {
      now: () => now,
      advanceTo: (to: number) => {
        expect(busy).toBe(false);
        if (failures.length === 0) return Promise.reject(new Error('a Lambda crashed'));
        now = to;
        advanced.resolve(performance.now());
        return Promise.resolve();
      },
    };
    const kept = runClock({
      clock,
      turns: line,
      stop: stop.signal,
      failed: (error) => {
        failures.push(error);
        failed.resolve(null);
      },
    });
    await failed.promise;
    const began = performance.now();
    await line.take(async () => {
      busy = true;
      await new Promise((resolve) => setTimeout(resolve, 450));
      busy = false;
    });
    const ended = await advanced.promise;
    stop.abort();
    await kept;
    expect(failures).toHaveLength(1);
    expect(now).toBeGreaterThan(100);
    // What the work took is not the cloud's.
    expect(now).toBeLessThan(ended - began - 100);
  });
});
