import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dailySlice } from '../../../lib/domain/registration/place.ts';
import { DAY, MINUTE, plus } from '../../../lib/domain/time.ts';
import { at } from '../../support/licenses.ts';

const MIDNIGHT = at('2026-11-01');

it('each place has its time of the day: once where the interval divides it, else at least once', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(5, 15, 50, 60, 1_440),
      fc.nat({ max: 2_000_000 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (interval, buyers, position) => {
        const place = `${position.toString(16).padStart(8, '0')}#111122223333`;
        let times = 0;
        for (let minute = 0; minute < 1_440; minute += interval)
          times += dailySlice(plus(MIDNIGHT, minute * MINUTE), interval, buyers).filter(
            ({ from, to }) => place >= from && place < `${to}~`,
          ).length;
        if (1_440 % interval === 0) expect(times).toBe(1);
        else expect(times).toBeGreaterThanOrEqual(1);
      },
    ),
    { numRuns: 30 },
  );
});

it('a message has about 200 buyers, and a small fleet one message', () => {
  expect(dailySlice(MIDNIGHT, 15, 3)).toHaveLength(1);
  expect(dailySlice(MIDNIGHT, 15, 96 * 200)).toHaveLength(1);
  expect(dailySlice(MIDNIGHT, 15, 100_000)).toHaveLength(6);
  expect(dailySlice(MIDNIGHT, 1_440, 10_000)).toHaveLength(50);
  expect(dailySlice(plus(MIDNIGHT, DAY), 15, 3)).toEqual(dailySlice(MIDNIGHT, 15, 3));
});
