import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../lib/domain/time.ts';
import { at } from '../support/licenses.ts';
import { lastMail, SECOND, seats5, watching } from '../support/mails.ts';
import { blind, NOT_LOOKED, seen } from '../support/observations.ts';

describe('the day after an end that nobody could see', () => {
  function dayAfter(licenses: ReturnType<typeof seats5>[]): { subject: string; text: string } {
    const watched = watching();
    watched.look(at('2026-06-01'), seen(licenses));
    for (const tick of [1, 2, 3]) watched.look(plus(at('2027-01-31'), tick * 15 * MINUTE), blind());
    expect(watched.look(at('2027-02-02'), NOT_LOOKED)).toEqual(['reminder -1']);
    const { subject, text } = lastMail(watched);
    return { subject, text: text.replaceAll(/\s+/g, ' ') };
  }

  it('of one of two licenses says that part of it was to end, and what', () => {
    const { subject, text } = dayAfter([
      seats5(),
      seats5({ arn: SECOND, begin: '2026-05-01', end: '2027-05-01' }),
    ]);
    expect(subject).toContain('part of it was to end 2027-02-01, last seen 2026-06-01');
    expect(text).toMatch(
      /^Part of your license of Design Suite \(your 5 ReadOnly of license ...12345678\) was to end on 2027-02-01/,
    );
    expect(text).toContain('What else you have of this product is not touched by this end.');
  });

  it('of the only one says nothing of a part', () => {
    const { subject, text } = dayAfter([seats5()]);
    expect(subject).not.toContain('part of it');
    expect(text).not.toMatch(/part of/i);
    expect(text).not.toContain('What else you have of this product');
  });
});

it('a license that is reinstated and renewed at once is told as both', () => {
  const watched = watching();
  watched.look(at('2026-06-01'), seen([seats5({ version: '2', status: 'SUSPENDED' })]));
  watched.look(at('2026-06-01T01:15'), seen([seats5({ version: '2', status: 'SUSPENDED' })]));
  watched.look(at('2026-06-03'), seen([seats5({ version: '3', end: '2028-02-01' })]));
  expect(watched.last.changes.map(({ type }) => type).toSorted()).toEqual([
    'LicenseReinstated',
    'LicenseRenewed',
  ]);
  const { text } = lastMail(watched);
  expect(text).toMatch(/was\s+renewed/);
  expect(text).toMatch(/can be used\s+again/);
});

describe('a shortened term', () => {
  function shortenedTo(end: string): string {
    const watched = watching();
    watched.look(at('2026-06-01'), seen([seats5({ version: '2', end })]));
    return lastMail(watched).text.replaceAll(/\s+/g, ' ');
  }

  it('says the last full day where it ends at midnight', () => {
    expect(shortenedTo('2026-09-01')).toContain('The last full day is 2026-08-31.');
  });

  it('says none where it ends in the middle of one', () => {
    expect(shortenedTo('2026-09-01T10:00')).not.toContain('last full day');
  });
});

it('a step that two news ask for is asked for once, with all its moves', () => {
  const watched = watching();
  const waiting = [
    seats5({ receivedStatus: 'DISABLED' }),
    seats5({ arn: SECOND, receivedStatus: 'DISABLED' }),
  ];
  watched.look(at('2026-06-01'), seen(waiting));
  const types = watched.last.changes.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['GrantDeactivated', 'LicenseNotActivated']));
  const steps = lastMail(watched).text.split('What to do')[1]!.split('Facts')[0]!;
  const text = steps.replaceAll(/\s+/g, ' ');
  expect(text.match(/ - /g)?.length).toBeGreaterThanOrEqual(1);
  const whole = text.split(' - ').map((step) => step.trim());
  expect(new Set(whole).size).toBe(whole.length);
});
