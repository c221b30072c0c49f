import { describe, expect, it } from 'vitest';
import { dateWithDistance, duration, endWords, lastFullDay } from '../../lib/mail/dates.ts';
import { DAY, HOUR, MINUTE } from '../../lib/domain/time.ts';
import { at } from '../support/licenses.ts';

describe('an end as people read it', () => {
  it.each([
    ['2027-01-18', 'in 14 days'],
    ['2027-01-18T00:03', 'in 14 days'],
    ['2027-01-17T23:59', 'in 15 days'],
    ['2027-01-30T23:59:59', 'in 2 days'],
    ['2027-01-31', 'in 1 day'],
    ['2027-01-31T00:00:01', 'in 1 day'],
    ['2027-01-31T00:05', 'in 23 hours 55 minutes'],
    ['2027-01-31T20:00', 'in 4 hours'],
    ['2027-01-31T22:59:30', 'in 1 hour 1 minute'],
    ['2027-01-31T23:58', 'in 2 minutes'],
    ['2027-01-31T23:59:50', 'in 1 minute'],
    ['2027-02-01', 'just now'],
    ['2027-02-01T00:00:59', 'just now'],
    ['2027-02-01T00:01', '1 minute ago'],
    ['2027-02-01T00:18', '18 minutes ago'],
    ['2027-02-01T05:00', '5 hours ago'],
    ['2027-02-03', '2 days ago'],
  ])('seen at %s is %s', (now, distance) => {
    expect(dateWithDistance(at('2027-02-01'), at(now))).toBe(
      `Mon 2027-02-01 00:00 UTC, ${distance}`,
    );
  });

  it.each([
    ['2027-02-01', 'Sun 2027-01-31'],
    ['2027-03-01', 'Sun 2027-02-28'],
    ['2028-03-01', 'Tue 2028-02-29'],
    ['2027-02-01T00:00:59', 'Sun 2027-01-31'],
    ['2027-02-01T23:59:59', null],
    ['2027-02-01T00:01', null],
  ])('at %s leaves %s as the last full day', (end, day) => {
    expect(lastFullDay(at(end))).toBe(day);
  });

  it('may be none', () => {
    expect(endWords(null)).toBe('no end');
    expect(endWords(at('2027-02-01'))).toBe('2027-02-01 00:00 UTC');
  });

  it.each([
    [MINUTE, '1 minute'],
    [119 * MINUTE, '119 minutes'],
    [2 * HOUR, '2 hours'],
    [DAY - 1, '23 hours'],
    [DAY, '1 day'],
    [5 * DAY, '5 days'],
  ])('lasts %i ms: %s', (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
  });
});
