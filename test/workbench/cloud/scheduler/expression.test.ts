import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { occurrences } from '../../../../lib/workbench/cloud/scheduler/schedule.ts';

function at(text: string): number {
  return Date.parse(text);
}

test.each([
  ['rate(15 minutes)', '2027-03-01T00:00:01Z', '2027-03-01T00:15:00.000Z'],
  ['rate(15 minutes)', '2027-03-01T00:15:00Z', '2027-03-01T00:15:00.000Z'],
  ['rate(1 hour)', '2027-03-01T00:15:00Z', '2027-03-01T01:00:00.000Z'],
  ['rate(1 day)', '2027-03-01T00:15:00Z', '2027-03-02T00:00:00.000Z'],
])('%s from %s on occurs at %s', (expression, from, expected) => {
  expect(new Date(occurrences(expression, undefined).next(at(from))).toISOString()).toBe(expected);
});

it('counts a rate from its start date', () => {
  const start = at('2027-03-01T00:07:00Z');
  expect(occurrences('rate(10 minutes)', start).next(start + 1)).toBe(at('2027-03-01T00:17:00Z'));
  expect(occurrences('rate(10 minutes)', start).next(0)).toBe(start);
});

it('never occurs before it is asked for, nor later than one period', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1440 }),
      fc.integer({ min: 0, max: 4e12 }),
      (minutes, from) => {
        const unit = minutes === 1 ? 'minute' : 'minutes';
        const next = occurrences(`rate(${minutes} ${unit})`, undefined).next(from);
        expect(next - from).toBeGreaterThanOrEqual(0);
        expect(next - from).toBeLessThan(minutes * 60_000);
      },
    ),
  );
});

test.each([
  'rate(15)',
  'rate(0 minutes)',
  'rate(1 minutes)',
  'rate(2 minute)',
  'every day',
  'at(2027-03-05T12:00:00)',
  'cron(0/15 * * * ? *)',
])('refuses %s', (expression) => {
  expect(() => occurrences(expression, undefined)).toThrow(`got ${JSON.stringify(expression)}`);
});
