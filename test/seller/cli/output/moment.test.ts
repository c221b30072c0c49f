import { describe, expect, it } from 'vitest';
import { CommandFailure } from '../../../../lib/seller/cli/output/failure.ts';
import {
  dateOf,
  endOf,
  momentOf,
  spanOf,
  spanOption,
  startOf,
} from '../../../../lib/seller/cli/output/moment.ts';
import { DAY, HOUR } from '../../../../lib/domain/time.ts';
import { at } from '../../../support/licenses.ts';

const NOW = at('2028-03-01T10:00');

describe('a moment', () => {
  it.each([
    ['12h', '2028-02-29T22:00:00Z', '2028-02-29T22:00:00Z'],
    ['1d', '2028-02-29T10:00:00Z', '2028-02-29T10:00:00Z'],
    ['2W', '2028-02-16T10:00:00Z', '2028-02-16T10:00:00Z'],
    ['1y', '2027-03-02T10:00:00Z', '2027-03-02T10:00:00Z'],
    ['2028-02-29', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
    ['2027-12-31', '2027-12-31T00:00:00Z', '2028-01-01T00:00:00Z'],
    ['2027-02-01T09:30Z', '2027-02-01T09:30:00Z', '2027-02-01T09:30:00Z'],
    ['2027-02-01T09:30:15z', '2027-02-01T09:30:15Z', '2027-02-01T09:30:15Z'],
    ['2027-02-01T00:30+01:00', '2027-01-31T23:30:00Z', '2027-01-31T23:30:00Z'],
    ['2027-02-01T00:30-0330', '2027-02-01T04:00:00Z', '2027-02-01T04:00:00Z'],
  ])('%s begins %s and is over %s', (text, start, end) => {
    const moment = momentOf(text, '--since');
    expect([startOf(moment, NOW), endOf(moment, NOW)]).toEqual([start, end]);
  });

  it.each([
    '',
    '7',
    'd',
    '0d',
    '-7d',
    '1.5d',
    '7 d',
    '5m',
    '101y',
    '1000000d',
    '2027-02-30',
    '2027-13-01',
    '27-02-01',
    '2027-02-01T09:30',
    '2027-02-01 09:30Z',
    '2027-02-01T25:00Z',
    '9999-12-31T00:00Z',
    '1800000000',
    'yesterday',
  ])('%j is none', (text) => {
    const reading = () => momentOf(text, '--since');
    expect(reading).toThrow(CommandFailure);
    expect(reading).toThrow(
      `--since is ${JSON.stringify(text)}; expected how long ago like 12h, 7d, 4w or 2y, a day`,
    );
  });

  it('is no length of time where a date is wanted', () => {
    expect(dateOf('2028-02-29', 'the date')).toEqual({ kind: 'day', date: '2028-02-29' });
    expect(() => dateOf('7d', 'the date')).toThrow(
      'the date is "7d"; expected a day before the year 9999 like 2027-02-01, or an instant',
    );
  });
});

describe('a length of time', () => {
  it.each([
    ['1h', HOUR],
    ['30d', 30 * DAY],
    ['4w', 28 * DAY],
    ['100y', 36_500 * DAY],
  ])('%s', (text, milliseconds) => {
    expect(spanOf(text)).toBe(milliseconds);
  });

  it.each(['30', '0d', '101y', 'd30', '30d ', '1e3d'])('%j is none', (text) => {
    expect(() => spanOption(text, '--ends-within')).toThrow(
      `--ends-within is ${JSON.stringify(text)}; expected a length of time like 12h, 30d, 4w or 2y`,
    );
  });
});
