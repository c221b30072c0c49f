import { describe, expect, it } from 'vitest';
import { Desk, type Consequences } from '../../../lib/workbench/console/desk.ts';
import { Line } from '../../../lib/workbench/console/line.ts';
import { keepPace } from '../../../lib/workbench/console/pace.ts';

const NOTHING: Consequences = { mails: [], entries: [] };
const blind = (): Promise<() => Promise<Consequences>> =>
  Promise.resolve(() => Promise.resolve(NOTHING));

describe('the desk', () => {
  it('has one action done at a time, in the order of asking', async () => {
    const desk = new Desk(new Line(), blind);
    const happened: string[] = [];
    const slow = Promise.withResolvers<string>();
    const first = desk.ask('first', () => {
      happened.push('first begins');
      return slow.promise.finally(() => happened.push('first ends'));
    });
    const second = desk.ask('second', () => {
      happened.push('second');
      return Promise.resolve('did it');
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(desk.actions.map(({ title, state }) => [title, state])).toEqual([
      ['second', 'waiting'],
      ['first', 'running'],
    ]);
    slow.resolve('at last');
    expect(await first.done).toMatchObject({ state: 'done', said: 'at last' });
    expect(await second.done).toMatchObject({ state: 'done', said: 'did it' });
    expect(happened).toEqual(['first begins', 'first ends', 'second']);
  });

  it('says what failed and why, and what came of it all the same, and goes on with the next', async () => {
    let watched = 0;
    const desk = new Desk(new Line(), () => {
      watched += 1;
      return Promise.resolve(() => Promise.resolve({ mails: [7], entries: [] }));
    });
    const failed = desk.ask('breaks', () =>
      Promise.reject(
        new Error('work inside the cloud failed', { cause: new Error('no such table') }),
      ),
    );
    const next = desk.ask('works', () => Promise.resolve('well'));
    expect(await failed.done).toMatchObject({
      state: 'failed',
      said: 'work inside the cloud failed: no such table',
      mails: [7],
    });
    expect(await next.done).toMatchObject({ state: 'done', said: 'well' });
    expect(watched).toBe(2);
  });

  it('fails where what came of it cannot be read, instead of saying that nothing did', async () => {
    const desk = new Desk(new Line(), () =>
      Promise.resolve(() => Promise.reject(new Error('table gone'))),
    );
    const { done } = desk.ask('anything', () => Promise.resolve('fine'));
    expect(await done).toMatchObject({
      state: 'failed',
      said: 'What came of it cannot be read: table gone',
    });
  });

  it('shows how far an action is', async () => {
    const desk = new Desk(new Line(), blind);
    const half = Promise.withResolvers<string>();
    const { done } = desk.ask('a month', (said) => {
      said('half of it');
      return half.promise;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(desk.actions[0]).toMatchObject({ state: 'running', said: 'half of it' });
    half.resolve('all of it');
    await done;
  });
});

describe('the pace', () => {
  it('goes on as our time does, waits for whoever is at work, and survives what fails', async () => {
    const [line, stop, failures] = [new Line(), new AbortController(), [] as unknown[]];
    let [now, busy, breaks] = [0, false, true];
    const clock = {
      now: () => now,
      advanceTo: (to: number) => {
        expect(busy).toBe(false);
        if (breaks) {
          breaks = false;
          return Promise.reject(new Error('a Lambda crashed'));
        }
        now = to;
        return Promise.resolve();
      },
    };
    const kept = keepPace({
      clock,
      line,
      stop: stop.signal,
      failed: (error) => failures.push(error),
    });
    await line.take(async () => {
      busy = true;
      await new Promise((resolve) => setTimeout(resolve, 450));
      busy = false;
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    stop.abort();
    await kept;
    expect(failures).toHaveLength(1);
    expect(now).toBeGreaterThan(100);
    // What the work took is not the cloud's.
    expect(now).toBeLessThan(1_000);
  });
});
