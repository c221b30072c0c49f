import * as fc from '../../../support/property.ts';
import { expect, it, test } from 'vitest';
import { occurrences } from '../../../../lib/workbench/cloud/scheduler/schedule.ts';

function at(text: string): number {
  return Date.parse(text);
}

function of(expression: string, timeZone = 'UTC') {
  return occurrences({ expression, timeZone });
}

const DAILY = 'cron(30 8 * * ? *)';
const MONDAYS = 'cron(30 8 ? * MON *)';

test.each([
  [DAILY, 'UTC', '2027-03-01T08:30:00Z', '2027-03-01T08:30:00.000Z'],
  [DAILY, 'UTC', '2027-03-01T08:30:01Z', '2027-03-02T08:30:00.000Z'],
  [DAILY, 'Asia/Kolkata', '2027-03-01T00:00:00Z', '2027-03-01T03:00:00.000Z'],
  [DAILY, 'Pacific/Auckland', '2027-02-28T19:30:01Z', '2027-03-01T19:30:00.000Z'],
  // The day before and that on which the clocks go forward, and back.
  [DAILY, 'Europe/Berlin', '2027-03-27T00:00:00Z', '2027-03-27T07:30:00.000Z'],
  [DAILY, 'Europe/Berlin', '2027-03-27T07:30:01Z', '2027-03-28T06:30:00.000Z'],
  [DAILY, 'Europe/Berlin', '2027-10-30T06:30:01Z', '2027-10-31T07:30:00.000Z'],
  // 02:30 is left out on the 28th of March, and comes twice on the 31st of October.
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2027-03-27T01:30:01Z', '2027-03-29T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2027-10-30T00:30:01Z', '2027-10-31T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', 'Europe/Berlin', '2027-10-31T00:30:01Z', '2027-11-01T01:30:00.000Z'],
  // Monday is that of the zone: 2027-03-01 is one.
  [MONDAYS, 'UTC', '2027-03-01T08:30:00Z', '2027-03-01T08:30:00.000Z'],
  [MONDAYS, 'UTC', '2027-03-01T08:30:01Z', '2027-03-08T08:30:00.000Z'],
  [MONDAYS, 'Pacific/Auckland', '2027-02-28T00:00:00Z', '2027-02-28T19:30:00.000Z'],
])('%s in %s from %s on occurs at %s', (expression, zone, from, expected) => {
  expect(new Date(of(expression, zone).next(at(from))).toISOString()).toBe(expected);
});

test.each([
  ['rate(15 minutes)', '2027-03-01T00:00:01Z', '2027-03-01T00:15:00.000Z'],
  ['rate(15 minutes)', '2027-03-01T00:15:00Z', '2027-03-01T00:15:00.000Z'],
  ['rate(1 hour)', '2027-03-01T00:15:00Z', '2027-03-01T01:00:00.000Z'],
  ['rate(1 day)', '2027-03-01T00:15:00Z', '2027-03-02T00:00:00.000Z'],
])('%s from %s on occurs at %s', (expression, from, expected) => {
  expect(new Date(of(expression).next(at(from))).toISOString()).toBe(expected);
});

it('never occurs before it is asked for, nor later than one period', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1440 }),
      fc.integer({ min: 0, max: 4e12 }),
      (minutes, from) => {
        const unit = minutes === 1 ? 'minute' : 'minutes';
        const next = of(`rate(${minutes} ${unit})`).next(from);
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
  'cron(60 8 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 8 * * MON *)',
  'cron(0 8 ? * MON-FRI *)',
])('refuses %s', (expression) => {
  expect(() => of(expression)).toThrow(`got ${JSON.stringify(expression)}`);
});
