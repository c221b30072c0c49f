import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { nextDueTime, dueOfNotices } from '../../../lib/workbench/console/time/due.ts';
import {
  nextSweep,
  QUIET,
  advanceTime,
  type Destination,
} from '../../../lib/workbench/console/time/advance-time.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
import { DAY, HOUR, instant, type Instant, MINUTE } from '../../../lib/domain/time.ts';
import { aHead, aNotice, aSettling } from '../../support/records.ts';

const TICK = 15 * MINUTE;
const START = Date.parse('2027-03-01T08:50:00Z');
const NINE = Date.parse('2027-03-01T09:00:00Z');
const tickFrom = (at: number): number => Math.ceil(at / TICK) * TICK;

/** A cloud of which only the time passes; `dues`: when there is something to do, each once, and done by the sweep that finds it. */
function advance(dues: readonly number[] = [], recording: (tick: number) => boolean = () => false) {
  const swept: number[] = [];
  const said: string[] = [];
  const stop = new AbortController();
  let [now, entries, paused] = [START, 0, false];
  const dependencies = {
    clock: {
      now: () => now,
      advanceTo: (to: number) => {
        if (to < now) throw new Error('the clock goes back');
        now = to;
        return Promise.resolve();
      },
    },
    schedules: {
      pause: () => (paused = true),
      resume: () => (paused = false),
      fire: (at: number) => {
        if (!paused) throw new Error('the schedule would fire, too');
        swept.push(at);
        if (recording(at)) entries += 1;
      },
      nextOccurrence: tickFrom,
    },
    books: () =>
      Promise.resolve({ entries, due: dues.find((at) => at > (swept.at(-1) ?? 0)) ?? null }),
    said: (words: string) => said.push(words),
    stop: stop.signal,
  };
  const go = (to: Destination): Promise<string> => advanceTime(to, dependencies);
  return { go, swept, said, stop, now: () => now, isPaused: () => paused };
}

describe('advancing time', () => {
  it('goes to the next sweep and as far as what it leads to', async () => {
    const { go, swept, now, isPaused } = advance();
    expect(await go('sweep')).toBe('1 sweep run. It is 2027-03-01 09:10 UTC.');
    expect(swept).toEqual([NINE]);
    expect(now()).toBe(NINE + 10 * MINUTE);
    expect(isPaused()).toBe(false);
  });

  it('sweeps on a quiet day first what may just have been changed, then three times and at the end, and says so', async () => {
    const { go, swept } = advance();
    expect(await go('day')).toBe(
      '5 of 96 sweeps run: those left out had nothing due and nothing changed to look at. It is 2027-03-02 08:50 UTC.',
    );
    const quiet = ['2027-03-01T16:00Z', '2027-03-02T00:00Z', '2027-03-02T08:00Z'].map((at) =>
      Date.parse(at),
    );
    // So that no sweep looks late to the doctor.
    expect(swept).toEqual([NINE, ...quiet, Date.parse('2027-03-02T08:45Z')]);
  });

  it('runs the sweep right after whatever is due, and the one after a sweep that recorded something', async () => {
    const due = Date.parse('2027-03-01T12:07:00Z');
    const found = Date.parse('2027-03-01T12:15:00Z');
    const { go, swept } = advance([due], (tick) => tick === found);
    await go('day');
    expect(swept).toContain(found);
    expect(swept).toContain(found + TICK);
    expect(swept).toHaveLength(7);
  });

  it('takes a month with a thirtieth of its sweeps where nothing happens', async () => {
    const { go, swept, said, now } = advance();
    expect(await go('month')).toContain(' of 2880 sweeps run');
    expect(swept.length).toBeLessThan(95);
    expect(now()).toBe(START + 30 * DAY);
    expect(said.at(-1)).toMatch(/^2027-03-31 0\d:\d\d UTC, \d+ sweeps$/);
  });

  it('ends where it is when it is stopped, and lets the schedule go on', async () => {
    const { go, swept, stop, now, isPaused } = advance([], () => {
      stop.abort();
      return false;
    });
    await go('month');
    expect(swept).toEqual([NINE]);
    expect(now()).toBeLessThan(NINE + TICK);
    expect(isPaused()).toBe(false);
  });

  it('sweeps whatever is due within one interval of it, wherever it lies', async () => {
    const offsets = fc.array(fc.integer({ min: TICK, max: DAY - TICK }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(offsets, async (each) => {
        const dues = each.map((offset) => START + offset).toSorted((a, b) => a - b);
        const { go, swept } = advance(dues);
        await go('day');
        for (const due of dues) expect(swept).toContain(tickFrom(due));
        expect(new Set(swept).size).toBe(swept.length);
      }),
      { numRuns: 50 },
    );
  });

  it('fails where no sweep is scheduled', async () => {
    const schedules = {
      pause: () => 0,
      resume: () => 0,
      fire: () => 0,
      nextOccurrence: () => undefined,
    };
    const clock = { now: () => 0, advanceTo: () => Promise.resolve() };
    const dependencies = {
      clock,
      schedules,
      books: () => Promise.resolve({ entries: 0, due: null }),
      said: () => 0,
    };
    await expect(
      advanceTime('day', { ...dependencies, stop: new AbortController().signal }),
    ).rejects.toThrow('no sweep is scheduled');
  });
});

describe('when there is something to do', () => {
  const now = NINE;
  const at = (ms: number): Instant => instant(NINE + ms);
  const head = (changes: Partial<Head>): Head => aHead({ nextDue: at(3 * DAY), ...changes });
  const blind: NonNullable<Head['blind']> = {
    cause: 'role-missing-or-untrusting',
    detail: '',
    ticks: 1,
    since: at(-HOUR),
    told: false,
    backOffUntil: null,
  };

  const cases: readonly (readonly [string, Partial<Head>, number | null])[] = [
    ['nothing but an end or a reminder', {}, NINE + 3 * DAY],
    [
      'news that settles',
      { settling: aSettling({ lookedAt: at(0) }), nextDue: at(HOUR) },
      NINE + HOUR,
    ],
    [
      'news that nobody can confirm',
      { settling: aSettling({ lookedAt: at(-HOUR) }), nextDue: at(DAY) },
      NINE - HOUR + DAY,
    ],
    [
      'news of which that was told',
      { settling: aSettling({ lookedAt: at(-HOUR), isUnconfirmedTold: true }), nextDue: at(DAY) },
      NINE + DAY,
    ],
    ['a buyer who cannot be seen since a tick', { blind, nextDue: instant(0) }, 0],
    [
      'a buyer who could never be told so',
      { blind: { ...blind, ticks: 9 }, nextDue: instant(0) },
      null,
    ],
    [
      'trouble that becomes news after a day',
      { blind: { ...blind, cause: 'trouble' } },
      NINE - HOUR + DAY,
    ],
    [
      'blind, told, backing off',
      { blind: { ...blind, told: true, backOffUntil: at(6 * HOUR) } },
      NINE + 6 * HOUR,
    ],
    ['a license that was missing once', { missing: { licenseArns: [], ticks: 1 } }, 0],
    ['a refusal that is counted', { refused: { ticks: 1, told: false } }, 0],
    ['a refusal that was told', { refused: { ticks: 5, told: true } }, NINE + 3 * DAY],
    ['a watch that ended', { watchEnded: at(0), nextDue: at(HOUR) }, null],
  ];
  it.each(cases)('%s', (_, changes, due) => {
    expect(nextDueTime(head(changes), now)).toBe(due);
  });

  it('is when a notice may be sent, and a buyer’s only where mail reaches the buyer', () => {
    const notice = (audience: Notice['audience'], state: Notice['state'], ms: number): Notice =>
      aNotice({ audience, state, notBefore: at(ms) });
    const notices = [
      notice('buyer', 'waiting', HOUR),
      notice('seller', 'waiting', 2 * HOUR),
      notice('seller', 'told', MINUTE),
    ];
    expect(dueOfNotices(notices, true, now)).toBe(NINE + HOUR);
    expect(dueOfNotices(notices, false, now)).toBe(NINE + 2 * HOUR);
    expect(dueOfNotices([], true, now)).toBeNull();
  });

  it('is the next tick where it is at once or something stirred, and a few hours away where nothing is known', () => {
    expect(nextSweep(now, { tickFrom, stirred: false, due: null }) - now).toBeLessThanOrEqual(
      QUIET,
    );
    expect(nextSweep(now, { tickFrom, stirred: false, due: 0 })).toBe(NINE + TICK);
    expect(nextSweep(now, { tickFrom, stirred: true, due: null })).toBe(NINE + TICK);
  });
});
