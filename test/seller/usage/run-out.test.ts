import { describe, expect, it } from 'vitest';
import { runOutOf } from '../../../lib/seller/usage/run-out.ts';
import type { SeenEntitlement } from '../../../lib/domain/check/seen-usage.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { DAY, type Instant, plus } from '../../../lib/domain/time.ts';

const FROM = '2027-03-01T00:00:00Z' as Instant;

/** Daily values since the first of March; the last is of today. */
function pool(values: readonly (number | null)[], maxCount: number | null = 500) {
  const last = values.at(-1) ?? 0;
  const seen: SeenEntitlement = {
    name: 'DataConsumption',
    unit: 'Gigabytes',
    consumed: quantity(last),
    maxCount: maxCount === null ? null : quantity(maxCount),
    maxSince: null,
    isPool: true,
    from: '2027-03-01',
    peaks: values.map((value) => (value === null ? null : quantity(value))),
  };
  return runOutOf(seen, plus(FROM, (values.length - 1) * DAY));
}

const days = (count: number, of: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => of(day));

describe('when a pool would be used up', () => {
  it('is where a steady line comes to its maximum, as sure as it can be', () => {
    const found = pool(days(15, (day) => 10 * day));
    expect(found?.days).toBe(14);
    expect(found?.perDay).toBeCloseTo(10);
    // 360 are left on the 15th.
    const at = plus(FROM, (14 + 36) * DAY);
    expect([found?.at, found?.earliest, found?.latest].map((each) => each?.slice(0, 10))).toEqual(
      Array.from({ length: 3 }, () => at.slice(0, 10)),
    );
  });

  it('is less sure the more the days differ, to the past of which it makes no difference', () => {
    const width = (amounts: (day: number) => number) => {
      const values: number[] = [0];
      for (const amount of days(21, amounts)) values.push((values.at(-1) ?? 0) + amount);
      const found = pool(values);
      if (found?.latest === null || found === null) return Infinity;
      expect(found.earliest < found.at && found.at < found.latest).toBe(true);
      return Date.parse(found.latest) - Date.parse(found.earliest);
    };
    const even = width((day) => (day % 2 === 0 ? 9 : 11));
    const weekly = width((day) => (day % 7 < 5 ? 14 : 0));
    expect(even).toBeLessThan(weekly);
    expect(width((day) => (day === 10 ? 210 : 0.01))).toBe(Infinity);
  });

  it('is not known of less than a whole week, of today alone, or of two days of a week', () => {
    expect(pool(days(7, (day) => 10 * day))).toBeNull();
    expect(pool(days(8, (day) => 10 * day))).not.toBeNull();
    expect(pool([0, 10, null, null, null, null, 60, 70])).toBeNull();
    expect(pool([0, null, 20, 30, null, 50, 60, 70])?.perDay).toBeCloseTo(10);
  });

  it('begins anew where the pool was refilled, on a day before and today', () => {
    const refilled = [...days(10, (day) => 40 * day), ...days(9, (day) => 5 * day)];
    expect(pool(refilled)).toMatchObject({ days: 8 });
    expect(pool(refilled)?.perDay).toBeCloseTo(5);
    expect(pool([...days(10, (day) => 40 * day), 0])).toBeNull();
  });

  it('looks at the last thirty days only', () => {
    const changed = [...days(40, () => 0), ...days(31, (day) => 4 * day)];
    expect(pool(changed)?.days).toBe(30);
    expect(pool(changed)?.perDay).toBeCloseTo(4);
  });

  it('is never said of what is not used, unlimited, lasts for years or is held', () => {
    expect(pool(days(20, () => 100))).toBeNull();
    expect(
      pool(
        days(20, (day) => 10 * day),
        null,
      ),
    ).toBeNull();
    expect(pool(days(20, (day) => 0.01 * day))).toBeNull();
    const held: SeenEntitlement = {
      ...{ name: 'Users', unit: 'Count', consumed: quantity(19), maxCount: quantity(50) },
      ...{ maxSince: null, isPool: false, from: '2027-03-01' },
      peaks: days(20, (day) => day).map((day) => quantity(day)),
    };
    expect(runOutOf(held, plus(FROM, 19 * DAY))).toBeNull();
  });

  it('is now where nothing is left', () => {
    const now = plus(FROM, 14 * DAY);
    expect(pool(days(15, (day) => 40 * day))).toMatchObject({
      at: now,
      earliest: now,
      latest: now,
    });
  });
});
