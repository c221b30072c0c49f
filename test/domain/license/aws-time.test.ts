import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import { AwsTimeError, instant, parseAwsTime } from '../../../lib/domain/time.ts';

describe('parseAwsTime', () => {
  it.each([
    ['2027-02-01T00:00:00Z', '2027-02-01T00:00:00Z'],
    ['2027-02-01T00:00:00z', '2027-02-01T00:00:00Z'],
    ['2027-02-01T00:00:00', '2027-02-01T00:00:00Z'],
    ['2027-02-01T00:00', '2027-02-01T00:00:00Z'],
    ['2027-02-01T00:00:00.999', '2027-02-01T00:00:00Z'],
    ['2027-02-01T00:00:05.05Z', '2027-02-01T00:00:05Z'],
    ['2027-02-01T00:00:00+02:00', '2027-01-31T22:00:00Z'],
    ['2027-02-01T00:00:00-0330', '2027-02-01T03:30:00Z'],
    ['2027-02-01T00:00:00+14:00', '2027-01-31T10:00:00Z'],
    ['2027-02-01T00:00:00+05:59', '2027-01-31T18:01:00Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z'],
    ['2028-02-29T12:00:00Z', '2028-02-29T12:00:00Z'],
    ['1786405121', '2026-08-10T23:38:41Z'],
    ['1786405121.75', '2026-08-10T23:38:41Z'],
  ])('reads %s as %s', (text, read) => {
    expect(parseAwsTime(text)).toBe(read);
  });

  it.each([
    '9999-01-01T00:00:00Z',
    '9999-12-31T23:59:59',
    '9999-12-31T23:59:59-05:00',
    '253402300799',
    '253402300800',
    '999999999999',
    '10000-01-01T00:00:00Z',
    '99999-01-01T00:00:00Z',
    '+010000-01-01T00:00:00',
    '+1000000000-12-31T23:59:59.999999999Z',
    '9223372036854775807',
  ])('reads %s as no end', (text) => {
    expect(parseAwsTime(text)).toBeNull();
  });

  it.each([
    '',
    'never',
    '2027',
    '2027-02-01',
    '2027-02-30T00:00:00Z',
    '2027-13-01T00:00:00Z',
    '2027-02-01T24:00:00Z',
    '2027-02-01T00:00:60Z',
    '2027-02-01 00:00:00',
    '2027-02-01T00:00:00+15:00',
    '2027-02-01T00:00:00+05:60',
    '01/02/2027',
    '1786405121000',
    '-1786405121',
    '178640512100000',
    '99999-99',
  ])('refuses %j with the value got and what is allowed', (text) => {
    expect(() => parseAwsTime(text)).toThrow(AwsTimeError);
    expect(() => parseAwsTime(text)).toThrow(`got ${JSON.stringify(text)}`);
    expect(() => parseAwsTime(text)).toThrow('ISO 8601');
    expect(() => parseAwsTime(text)).toThrow(
      expect.objectContaining({ name: 'AwsTimeError' }) as Error,
    );
  });

  it('does not repeat a hostile text at length', () => {
    expect(() => parseAwsTime('x'.repeat(10_000))).toThrow(/^.{0,250}$/);
    expect(() => parseAwsTime('x'.repeat(61))).toThrow(`got "${'x'.repeat(60)}..."`);
    expect(() => parseAwsTime('x'.repeat(60))).toThrow(`got "${'x'.repeat(60)}"`);
  });

  it('reads one moment the same in every form, whatever the zone of the machine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200_000_000, max: 4_000_000_000 }), (seconds) => {
        const iso = instant(seconds * 1_000);
        expect(parseAwsTime(iso)).toBe(iso);
        expect(parseAwsTime(iso.slice(0, -1))).toBe(iso);
        expect(parseAwsTime(String(seconds))).toBe(iso);
      }),
    );
  });
});
