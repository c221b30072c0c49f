import * as fc from '../../support/property.ts';
import { expect, it } from 'vitest';
import {
  dailySlice,
  type PlaceRange,
  rangesOf,
  SHARDS,
  shardOf,
  WHOLE_LINE,
} from '../../../lib/domain/registration/place.ts';
import { DAY, MINUTE, plus } from '../../../lib/domain/time.ts';
import { at } from '../../support/licenses.ts';

const MIDNIGHT = at('2026-11-01');

function placeAt(position: number): string {
  return `${position.toString(16).padStart(8, '0')}#111122223333`;
}

function isIn(place: string, { from, to }: PlaceRange): boolean {
  return place >= from && place < `${to}~`;
}

it('each place has its time of the day: once where the interval divides it, else at least once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(5, 15, 50, 60, 1_440),
      fc.nat({ max: 1_439 }),
      fc.nat({ max: 2_000_000 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (interval, offset, buyers, position) => {
        const place = placeAt(position);
        let times = 0;
        for (let minute = offset % interval; minute < 1_440; minute += interval)
          times += dailySlice(plus(MIDNIGHT, minute * MINUTE), interval, buyers).filter((range) =>
            isIn(place, range),
          ).length;
        if (1_440 % interval === 0) expect(times).toBe(1);
        else expect(times).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: 30 },
  );
});

it('no slice of a day is left out where the interval does not divide it, whenever its first tick is', () => {
  for (const [interval, offset] of [
    [50, 0],
    [50, 39],
    [50, 49],
    [7, 6],
  ] as const) {
    const begun = new Set<string>();
    for (let minute = offset; minute < 1_440; minute += interval)
      begun.add(dailySlice(plus(MIDNIGHT, minute * MINUTE), interval, 1)[0]!.from);
    expect(begun.size).toBe(Math.floor(1_440 / interval));
  }
});

it.each([0, 1, 100, 101, 201, 300, 301, 400, 401, 5_000, 100_000])(
  'the ranges of a sweep of %d buyers are the whole line, nothing of it twice, and none is of two shards',
  (buyers) => {
    const ranges = rangesOf(buyers);
    expect(ranges[0]?.from).toBe(WHOLE_LINE.from);
    expect(ranges.at(-1)?.to).toBe(WHOLE_LINE.to);
    for (const [n, { from }] of ranges.slice(1).entries())
      expect(parseInt(from, 16)).toBe(parseInt(ranges[n]!.to, 16) + 1);
    if (ranges.length >= SHARDS)
      for (const { from, to } of ranges) expect(shardOf(to)).toBe(shardOf(from));
    expect(SHARDS % ranges.length === 0 || ranges.length % SHARDS === 0).toBe(true);
  },
);

it('a message has about 200 buyers, and a small fleet one message', () => {
  expect(dailySlice(MIDNIGHT, 15, 3)).toHaveLength(1);
  expect(dailySlice(MIDNIGHT, 15, 96 * 200)).toHaveLength(1);
  expect(dailySlice(MIDNIGHT, 15, 100_000)).toHaveLength(6);
  expect(dailySlice(MIDNIGHT, 1_440, 10_000)).toHaveLength(50);
  expect(dailySlice(plus(MIDNIGHT, DAY), 15, 3)).toEqual(dailySlice(MIDNIGHT, 15, 3));
});
