import { describe, expect, it } from 'vitest';
import {
  highestPeak,
  isUsageTick,
  nextSeenUsage,
  peaksByDay,
  type SeenUsage,
  withRecentPeaks,
} from '../../../lib/domain/check/seen-usage.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { gigabytes, license, seats } from '../../support/licenses.ts';
import { sha256 } from '../../../lib/aws/text.ts';
import { lastUsage } from '../../../lib/seller/usage/run-out.ts';

const CONTRACT = contractKey('111122223333', 'viewer');
const LICENSES = [license({ entitlements: [seats(10), gigabytes(500)] })];
const { name: SEATS } = seats(10);
const at = (text: string) => text as Instant;

/** What is kept after each of these looks: hour of the day, or whole instant, seats, gigabytes. */
function keeping() {
  let kept: SeenUsage | undefined;
  let writes = 0;
  const look = (when: string, held: number | null, drawn: number | null = null, max = 10) => {
    const now = at(when.length > 5 ? when : `2027-03-01T${when}:00Z`);
    const usage = [
      ...(drawn === null ? [] : [used('DataConsumption', 'Gigabytes', drawn, 500)]),
      ...(held === null ? [] : [used(SEATS, 'Count', held, max)]),
    ];
    const next = nextSeenUsage(CONTRACT, usage, LICENSES, {}, kept, now);
    if (next === null) return false;
    kept = next;
    writes += 1;
    return true;
  };
  return {
    look,
    kept: () => kept,
    writes: () => writes,
    seats: () => kept?.entitlements.find(({ name }) => name === SEATS),
    recentPeak: (when: string, held: number, max = 10) =>
      withRecentPeaks([used(SEATS, 'Count', held, max)], LICENSES, {}, kept, at(when))[0]
        ?.recentPeak,
  };
}

function used(name: string, unit: string, consumed: number, maxCount: number) {
  return { name, unit, consumed: quantity(consumed), maxCount: quantity(maxCount) };
}

describe('what was seen in use', () => {
  it('is written when a peak rises, and not while it falls or comes back to it', () => {
    const { look, seats: seen } = keeping();
    expect(look('08:00', 2)).toBe(true);
    expect(look('09:00', 5)).toBe(true);
    expect(look('10:00', 5)).toBe(false);
    expect(look('11:00', 3)).toBe(false);
    expect(look('12:00', 5)).toBe(false);
    expect(look('13:00', 6)).toBe(true);
    expect(seen()).toMatchObject({ consumed: '6', peaks: ['6'], from: '2027-03-01' });
  });

  it('moves its last value when that is six hours old, and says when it was read', () => {
    const { look, kept, seats: seen } = keeping();
    look('08:00', 5);
    expect(look('13:00', 1)).toBe(false);
    expect(look('14:00', 1)).toBe(true);
    expect(kept()?.at).toBe('2027-03-01T14:00:00Z');
    expect(seen()).toMatchObject({ consumed: '1', peaks: ['5'] });
    expect(look('20:00', 1)).toBe(false);
  });

  it('is written once on a day on which nothing moves: a day without a peak is one without a look', () => {
    const { look, writes, seats: seen } = keeping();
    for (const hour of ['00:10', '01:10', '09:10', '23:10']) look(hour, 4);
    expect(writes()).toBe(1);
    look('2027-03-02T00:10:00Z', 4);
    look('2027-03-05T00:10:00Z', 3);
    expect(seen()?.peaks).toEqual(['4', '4', null, null, '3']);
    expect(peaksByDay(seen()!)).toEqual([
      { day: '2027-03-01', peak: '4' },
      { day: '2027-03-02', peak: '4' },
      { day: '2027-03-05', peak: '3' },
    ]);
    expect(highestPeak(seen()!)).toEqual({ day: '2027-03-01', peak: '4' });
  });

  it('of a pool is no more than four writes a day, however steadily it is drawn down', () => {
    const { look, writes, kept } = keeping();
    for (let hour = 0; hour < 24; hour += 1)
      look(`${String(hour).padStart(2, '0')}:10`, null, hour * 3);
    expect(writes()).toBe(4);
    expect(kept()?.entitlements).toMatchObject([{ isPool: true, consumed: '54', peaks: ['54'] }]);
  });

  it('keeps the last 92 days, also after a gap longer than that', () => {
    const { look, seats: seen } = keeping();
    for (let day = 0; day < 120; day += 1)
      look(plus(at('2027-01-01T10:00:00Z'), day * 24 * HOUR), day % 10);
    expect(seen()?.peaks).toHaveLength(92);
    expect(seen()?.from).toBe('2027-01-29');
    look('2028-01-01T10:00:00Z', 7);
    expect(seen()?.peaks.filter((peak) => peak !== null)).toEqual(['7']);
    expect(peaksByDay(seen()!)).toEqual([{ day: '2028-01-01', peak: '7' }]);
  });

  it('keeps the days of what is no longer there, and is written where what is there differs', () => {
    const { look, kept } = keeping();
    look('08:00', 4, 100);
    expect(look('09:00', null, 100)).toBe(false);
    look('2027-03-02T08:00:00Z', null, 110);
    expect(kept()?.entitlements.map(({ name, peaks }) => [name, peaks])).toEqual([
      ['DataConsumption', ['100', '110']],
      [SEATS, ['4']],
    ]);
    look('2027-07-02T08:00:00Z', null, 110);
    expect(kept()?.entitlements.map(({ name }) => name)).toEqual(['DataConsumption']);
  });

  it('is not written by a look that a later one has overtaken', () => {
    const { look } = keeping();
    look('09:00', 5);
    expect(look('08:00', 9)).toBe(false);
  });

  it('is of 24 entitlements at most', () => {
    const many = Array.from({ length: 40 }, (_, n) => used(`Pool${n}`, 'Count', 1, 2));
    const kept = nextSeenUsage(CONTRACT, many, LICENSES, {}, undefined, at('2027-03-01T00:00:00Z'));
    expect(kept?.entitlements).toHaveLength(24);
  });

  it('is the newest there is, and what the head remembers of all else', () => {
    const { look, kept } = keeping();
    look('08:00', 4);
    const old = [used(SEATS, 'Count', 1, 10), used('DataConsumption', 'Gigabytes', 9, 500)];
    expect(lastUsage(kept(), old)).toEqual([
      used(SEATS, 'Count', 4, 10),
      used('DataConsumption', 'Gigabytes', 9, 500),
    ]);
    expect(lastUsage(undefined, old)).toBe(old);
  });
});

describe('how full it was lately', () => {
  it('is the most of seven days, and of what is in use now', () => {
    const { look, recentPeak } = keeping();
    look('2027-03-01T10:00:00Z', 9);
    look('2027-03-02T10:00:00Z', 2);
    expect(recentPeak('2027-03-02T11:00:00Z', 3)).toBe('9');
    expect(recentPeak('2027-03-02T11:00:00Z', 10)).toBe('10');
    expect(recentPeak('2027-03-08T11:00:00Z', 3)).toBe('9');
    expect(recentPeak('2027-03-09T11:00:00Z', 1)).toBe('2');
    expect(recentPeak('2027-03-20T11:00:00Z', 1)).toBe('1');
  });

  it('begins anew with another maximum: what was 9 of 10 is not 9 of 5', () => {
    const { look, recentPeak } = keeping();
    look('2027-03-01T10:00:00Z', 9);
    expect(recentPeak('2027-03-02T09:00:00Z', 2, 5)).toBe('2');
    look('2027-03-02T10:00:00Z', 2, null, 5);
    expect(recentPeak('2027-03-02T11:00:00Z', 1, 5)).toBe('1');
    look('2027-03-03T10:00:00Z', 3, null, 5);
    expect(recentPeak('2027-03-03T11:00:00Z', 1, 5)).toBe('3');
  });

  it('is not asked of a pool', () => {
    const [pool] = withRecentPeaks(
      [used('DataConsumption', 'Gigabytes', 3, 500)],
      LICENSES,
      {},
      undefined,
      at('2027-03-01T00:00:00Z'),
    );
    expect(pool).not.toHaveProperty('recentPeak');
  });
});

describe('the tick that reads usage', () => {
  const start = at('2027-03-01T00:00:00Z');
  const read = (contract: typeof CONTRACT, interval: number, ticks = 96) =>
    Array.from({ length: ticks }, (_, n) => plus(start, n * interval * MINUTE)).filter((tick) =>
      isUsageTick(contract, { tick, previous: plus(tick, -interval * MINUTE) }, interval, sha256),
    );

  it('comes once an hour, at rarer ticks never more often, and at another time for other contracts', () => {
    for (const [interval, every] of [
      [15, 60],
      [5, 60],
      [25, 75],
      [45, 90],
      [60, 60],
      [180, 180],
    ] as const) {
      const ticks = read(CONTRACT, interval);
      expect(ticks.length).toBeGreaterThan(20 * Math.min(1, interval / 60));
      for (const [n, tick] of ticks.entries())
        if (n > 0) expect(plus(ticks[n - 1]!, every * MINUTE)).toBe(tick);
    }
    const firsts = Array.from(
      { length: 40 },
      (_, n) => read(contractKey('111122223333', `p${n}`), 15)[0],
    );
    expect(new Set(firsts).size).toBe(4);
  });

  it('is made up for after missed sweeps, and is any at which somebody asks', () => {
    expect(isUsageTick(CONTRACT, { tick: start, previous: null }, 15, sha256)).toBe(true);
    expect(isUsageTick(CONTRACT, { tick: start, previous: plus(start, -HOUR) }, 15, sha256)).toBe(
      true,
    );
    expect(isUsageTick(CONTRACT, { tick: start }, 15, sha256)).toBe(true);
  });
});
