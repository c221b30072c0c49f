import { describe, expect, it } from 'vitest';
import type { Change } from '../../lib/domain/check/changes.ts';
import type { Severity } from '../../lib/domain/notice/notice.ts';
import { DAY, MINUTE, plus } from '../../lib/domain/time.ts';
import { newsOf, sorted } from '../../lib/mail/news/news-of.ts';
import { buyerVoice, type News, type ToldNews } from '../../lib/mail/news/news.ts';
import { buyerTold, toldWords } from '../../lib/mail/told-words.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import { at, seats, USAGE } from '../support/licenses.ts';
import { aPresent, lastMail, SECOND, seats5, SUITE, watching } from '../support/mails.ts';
import { aLicense, anEntry, aNotice } from '../support/records.ts';
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
    expect(subject).toBe('Part was to end 2027-02-01: Design Suite (Buyer One)');
    expect(text).toMatch(
      /^Part of your license of Design Suite \(5 ReadOnly of license ...12345678\) was to end on Mon 2027-02-01/,
    );
    expect(text).toContain('What else you have of this product is not touched by this end.');
  });

  it('of the only one says nothing of a part', () => {
    const { subject, text } = dayAfter([seats5()]);
    expect(subject).not.toMatch(/part/i);
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

it('a reminder of the last of two ends says of no rest that it goes on', () => {
  const both = seen([seats5(), seats5({ arn: SECOND, begin: '2026-05-01', end: '2027-02-20' })]);
  const watched = watching();
  watched.look(at('2026-06-01'), both);
  const texts = ['2027-01-18', '2027-01-21'].map((day) => {
    watched.look(at(day), both);
    return lastMail(watched).text;
  });
  expect(texts[0]).toContain('ends on Mon 2027-02-01 00:00 UTC, in 14 days; the rest goes on.');
  expect(texts[0]).not.toContain('Without renewal');
  expect(texts[1]).toContain('ends on Sat 2027-02-20 00:00 UTC, in 30 days (last full day:');
  expect(texts[1]).toContain('Without renewal');
});

it('a welcome promises no mail before an end where the seller reminds of none', () => {
  const welcome = (reminderDays: readonly number[]) => {
    const watched = watching({ ...SUITE, reminderDays });
    return lastMail(watched, { welcome: true }).text;
  };
  expect(welcome([30, -1])).toContain('about the license changes, and in time before a term ends.');
  expect(welcome([-1])).toContain('you get a mail when something about the license changes.');
});

describe('a shortened term', () => {
  function shortenedTo(end: string): string {
    const watched = watching();
    watched.look(at('2026-06-01'), seen([seats5({ version: '2', end })]));
    return lastMail(watched).text.replaceAll(/\s+/g, ' ');
  }

  it('says the last full day where it ends at midnight', () => {
    expect(shortenedTo('2026-09-01')).toContain('The last full day is Mon 2026-08-31.');
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

describe('an end that a change names, and the reminder of it', () => {
  const END = at('2027-02-01');
  const shortened = (end: string): Change => ({
    ...{ type: 'LicenseShortened', reason: 'seen' },
    before: { licenseArn: 'a', end: at('2028-02-01') },
    after: { licenseArn: 'a', end: at(end) },
  });
  const changed: Change = {
    ...{ type: 'WatchRestored', reason: 'seen' },
    ...{ before: { lastSeen: null, seen: false }, after: { lastSeen: null, seen: true } },
  };
  const reminder = { daysBefore: 14, end: END, daysLeft: 14, skipped: [], share: null };
  const subjectsOf = (
    changes: readonly Change[],
    traits: { readonly now?: string; readonly ends?: string; readonly daysBefore?: number } = {},
  ) => {
    const { now = '2027-01-18T00:01', ends = '2027-02-01', daysBefore = 14 } = traits;
    const entry = anEntry({ entry: 2, changes, reminder: { ...reminder, daysBefore } });
    const validity = { begin: at('2026-02-01'), end: at(ends) };
    const state = [
      aLicense({ validity }),
      aLicense({ licenseArn: 'b', validity: { ...validity, end: at('2027-07-01') } }),
    ];
    const setting = {
      ...{ entry, product: SUITE, now: at(now), voice: buyerVoice(SUITE) },
      present: aPresent({ state }),
    } as const;
    return newsOf(setting, 'buyer').map(({ subject }) =>
      subject
        .map((each) => (typeof each === 'string' ? each : each.name))
        .join('')
        .replace(/,? (?:seen|in) .*| \d{4}-.*/, ''),
    );
  };

  it('are told as one where it is the same end, as two where it is another', () => {
    expect(subjectsOf([shortened('2027-02-01')])).toEqual(['shortened to']);
    expect(subjectsOf([changed, shortened('2027-02-01')])).toEqual([
      'checked again',
      'shortened to',
    ]);
    expect(subjectsOf([shortened('2027-03-01')])).toEqual(['shortened to', 'ends']);
    expect(subjectsOf([changed])).toEqual(['checked again', 'ends']);
    expect(subjectsOf([])).toEqual(['ends']);
  });

  it('nothing is told of an end that is none any more, or has passed', () => {
    expect(subjectsOf([changed], { ends: '2027-03-01' })).toEqual(['checked again']);
    expect(subjectsOf([changed], { now: '2027-02-01' })).toEqual(['checked again']);
    expect(subjectsOf([changed], { now: '2027-01-31T23:59' })).toHaveLength(2);
    // The day after an end is told after it.
    expect(subjectsOf([changed], { now: '2027-02-01', daysBefore: -1 })).toHaveLength(2);
  });
});

it('what later news make old is told as history, and of the rest the gravest and newest first', () => {
  const news = (entry: number, severity: Severity, ...about: News['about']): ToldNews => ({
    ...{ subject: [`${entry}`], sentence: '', means: [], steps: [], rows: [], about, severity },
    entry: anEntry({ entry }),
  });
  const told = sorted([
    news(1, 'urgent', 'standing', 'term'),
    news(2, 'info', 'purchase'),
    news(3, 'info', 'term'),
    news(3, 'attention', 'checkout'),
    news(4, 'info', 'watch'),
  ]);
  expect(told.current.map(({ subject }) => subject[0])).toEqual(['3', '4', '3', '2']);
  expect(told.old.map(({ subject }) => subject[0])).toEqual(['1']);
});

it('a mail of more news and rows than anybody reads names what it leaves to the ledger', () => {
  const watched = watching();
  const dimensions = Array.from({ length: 130 }, (_, n) => seats(5, `Dimension${n}`));
  for (let n = 0; n < 60; n += 1) {
    const entitlements = [USAGE, seats(5 + n), ...(n === 59 ? dimensions : [])];
    watched.look(
      plus(at('2026-04-01'), n * DAY),
      seen([seats5({ version: `${n + 2}`, entitlements })]),
    );
  }
  const folded = watched.ledger.slice(0, -1);
  const { subject, text } = lastMail(watched, { folded });
  expect(subject).toMatch(/, \+\d\d more: Design Suite \(Buyer One\)$/);
  expect(text).toMatch(/\d+ earlier ones, which the ledger holds; ask for them\./);
  expect(text).toContain('\nand more, which the ledger holds');
  expect(text.match(/was\s+upgraded/g)?.length).toBeLessThan(60);
  expect(text.split('\n').filter((line) => line.includes(' -> ')).length).toBeLessThan(130);
  const [one] = [watched.last];
  const bare = lastMail(watched, { entry: { ...one, changes: [] } });
  expect(bare.subject).toBe('News of 2026-05-30: Design Suite (Buyer One)');
  expect(bare.text).toContain('There is news of your license, seen on Sat 2026-05-30 00:03 UTC.');
});

describe('a renewal with a gap', () => {
  const [end, begin] = [at('2027-02-01'), at('2027-02-04')];
  const renewal: Change = {
    ...{ type: 'LicenseRenewed', early: true, gapMilliseconds: 3 * DAY, reason: 'renewed' },
    ...{ before: { licenseArn: 'a', end }, after: { licenseArn: 'b', end: at('2028-02-01') } },
  };
  const told = (now: string) => {
    const [news] = newsOf(
      {
        ...{ entry: anEntry({ changes: [renewal] }), product: SUITE, now: at(now) },
        voice: buyerVoice(SUITE),
        present: aPresent({
          state: [aLicense({ validity: { begin, end: at('2028-02-01') } })],
          ...{ standing: 'upcoming', verdict: 'not-entitled' },
        }),
      },
      'buyer',
    );
    return `${news?.sentence ?? ''} ${news?.means?.join(' ') ?? ''}`;
  };

  it.each([
    ['2027-01-31T23:59', 'ends', 'begins', false],
    ['2027-02-01', 'ended', 'begins', true],
    ['2027-02-03T23:59', 'ended', 'begins', true],
    ['2027-02-04', 'ended', 'began', false],
  ])(
    'told on %s: the old term %s, the new one %s, nothing starts in it: %s',
    (now, ends, begins, isIn) => {
      const words = told(now);
      expect(words).toContain(`The old term ${ends} on Mon 2027-02-01 00:00 UTC`);
      expect(words).toContain(`the new one ${begins} on Thu 2027-02-04 00:00 UTC`);
      expect(words.includes('Until Thu 2027-02-04 00:00 UTC')).toBe(isIn);
    },
  );
});

it('of two pools the news of one says what is left of it, and what AWS does when it is used up', () => {
  const pool = (name: string, overage: boolean) => ({
    ...{ ...seats(100, name), overage },
    allowCheckIn: false as const,
  });
  const used = (name: string, consumed: number, unit = 'Count') => ({
    ...{ name, unit, consumed: quantity(consumed), maxCount: quantity(100) },
  });
  const crossed = (entitlementName: string) => {
    const change: Change = {
      ...{ type: 'UsageThresholdCrossed', entitlementName, unit: 'Count', threshold: 80 },
      ...{ before: { percent: 10 }, after: { percent: 82 }, reason: 'used' },
    };
    const entry = anEntry({
      ...{ changes: [change], usage: [used('A', 11), used('B', 22, 'Gigabytes'), used('B', 82)] },
      after: [aLicense({ entitlements: [pool('A', true), pool('B', false)] })],
    });
    const voice = buyerVoice(SUITE);
    const [news] = newsOf(
      {
        ...{ entry, product: SUITE, now: entry.observedAt, voice },
        present: aPresent({ state: entry.after }),
      },
      'buyer',
    );
    return `${news?.sentence ?? ''} ${news?.means?.join(' ') ?? ''}`;
  };
  expect(crossed('B')).toContain('82 % of B is used: 18 of 100 units left');
  expect(crossed('A')).toContain('82 % of A is used: 89 of 100 units left');
  const [ofA, ofB] = [crossed('A'), crossed('B')].map((words) =>
    words.replace(/^.*?left[^.]*\./, ''),
  );
  expect(ofA).not.toBe(ofB);
});

it.each([
  ['settling', 'NOT TOLD yet: as it is'],
  ['waiting', 'NOT TOLD yet: waits, as as it is'],
  ['undeliverable', 'NOT TOLD: as it is'],
  ['withdrawn', 'NOT TOLD: withdrawn: as it is'],
  ['superseded', 'NOT TOLD: as it is'],
  ['told', 'told'],
] as const)('a notice that is %s is said to be "%s"', (state, words) => {
  const notice = aNotice({ state, reason: 'as it is' });
  expect(toldWords(buyerTold(notice, at('2027-02-01'))!)).toBe(words);
});
