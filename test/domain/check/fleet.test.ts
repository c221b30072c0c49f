import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../../lib/domain/check/decision.ts';
import { isFleetWide, worstOf } from '../../../lib/domain/check/blindness.ts';

const fleet = (checks: number, failed: number): Fleet => ({ checks, failed });

/** The guard of WatchLost: a tenth of a tick's checks, and at least three. */
describe('a failure of the whole fleet', () => {
  it.each([
    [30, 3, false],
    [29, 3, true],
    [1, 2, false],
    [20, 2, false],
  ])('of %i checks %i failed: %s', (checks, failed, expected) => {
    expect(isFleetWide(fleet(checks, failed))).toBe(expected);
  });
});

describe('the worst of the last sweeps', () => {
  it('is one that failed fleet-wide, though another lost a larger share of a small fleet', () => {
    expect(worstOf([fleet(2, 2), fleet(100, 20), fleet(100, 0)])).toEqual(fleet(100, 20));
  });

  it('is else the one that lost the largest share, not the largest number, nor the newest', () => {
    expect(worstOf([fleet(1_000, 9), fleet(10, 1), fleet(100, 2)])).toEqual(fleet(10, 1));
    expect(worstOf([fleet(10, 1), fleet(1_000, 9)])).toEqual(fleet(10, 1));
  });

  it('counts as many checks as the newest had, where none failed', () => {
    expect(worstOf([fleet(7, 0), fleet(9, 0)])).toEqual(fleet(7, 0));
    expect(worstOf([])).toEqual(fleet(0, 0));
  });

  it('is of equal ones the newest', () => {
    expect(worstOf([fleet(20, 2), fleet(10, 1)])).toEqual(fleet(20, 2));
  });

  it('takes a sweep of which more failed than were counted for one of which all failed', () => {
    expect(worstOf([fleet(0, 1), fleet(2, 2)])).toEqual(fleet(0, 1));
    expect(worstOf([fleet(4, 2), fleet(0, 1)])).toEqual(fleet(0, 1));
  });
});
