import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, plus } from '../../lib/domain/time.ts';
import type { Change } from '../../lib/domain/check/changes.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { Entitlement } from '../../lib/domain/license/contract.ts';
import { factLines, nextReminder } from '../../lib/mail/facts.ts';
import type { Present } from '../../lib/mail/news/news.ts';
import { at, gigabytes, inUse, SEAT, seats, tier, USAGE } from '../support/licenses.ts';
import {
  aPresent,
  lastMail,
  LAKE,
  SECOND,
  seats5,
  SUITE,
  TIERED,
  watching,
} from '../support/mails.ts';
import { aLicense, anEntry } from '../support/records.ts';
import { blind, REFUSED, seen } from '../support/observations.ts';

const TICK = 15 * MINUTE;

/** The mail of an entry that waited, sent at `now` with what the head says by then. */
function late(watched: ReturnType<typeof watching>, entry: number, now: string) {
  return lastMail(watched, { entry: watched.ledger[entry - 1]!, now: at(now), welcome: true });
}

describe('facts in a mail are of the moment of sending', () => {
  it('standing, seats, version and end are of the head; what happened keeps its date', () => {
    const watched = watching();
    const upgraded = seats5({ version: '2', entitlements: [USAGE, seats(8)] });
    watched.look(at('2026-04-01'), seen([upgraded]));
    // Of the next versions nothing has a name: nobody is told of them.
    const moved = seats5({
      version: '3',
      end: '2027-02-01T12:00',
      entitlements: [USAGE, seats(8)],
    });
    expect(watched.look(at('2026-05-01'), seen([moved]))).toEqual([]);
    const { text } = late(watched, 2, '2026-06-01');
    expect(text).toContain('ReadOnly from 5 to 8 seats; seen on Wed 2026-04-01 00:03 UTC');
    expect(text).toContain('version 3');
    expect(text).toContain('in force, ends 2027-02-01 12:00 UTC');
    expect(text).toContain('at AWS on Fri 2026-05-01 00:03 UTC');
    expect(late(watched, 1, '2026-06-01').subject).toContain('Notices begin, ends 2027-02-01');
  });

  it('a reminder beside a change is not said of an end that is none any more', () => {
    const watched = watching();
    const more = { version: '2', entitlements: [USAGE, seats(8)] };
    expect(watched.look(at('2027-01-25'), seen([seats5(more)]))).toEqual([
      'LicenseUpgraded',
      'reminder 7',
    ]);
    expect(lastMail(watched).text).toContain('ends on Mon 2027-02-01');
    watched.look(at('2027-01-28'), seen([seats5({ ...more, version: '3', end: '2028-02-01' })]));
    const { subject, text } = late(watched, 2, '2027-02-10');
    expect(`${subject}\n${text}`).not.toMatch(/no renewal was seen|ended|ends on Mon 2027-02-01/);
    expect(text).toMatch(/License: .*, in force/);
  });

  it('of two reminders of one end only the newest is told', () => {
    const watched = watching();
    watched.look(
      at('2026-12-05'),
      seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]),
    );
    watched.look(
      at('2027-01-19'),
      seen([seats5({ version: '3', entitlements: [USAGE, seats(9)] })]),
    );
    expect(watched.ledger.slice(1).map(({ reminder }) => reminder?.daysBefore)).toEqual([60, 14]);
    const { text } = lastMail(watched, { folded: watched.ledger.slice(0, -1) });
    expect(text.match(/ends on Mon 2027-02-01/g)).toHaveLength(1);
  });

  it('nobody is told that a license can be used while nobody can look, or a checkout is refused', () => {
    const sees = watching();
    expect(lastMail(sees).text).toContain('The license can be used.');
    for (const tick of [0, 1, 2]) sees.look(plus(at('2026-04-01'), tick * TICK), blind());
    const unseen = late(sees, 1, '2026-05-01');
    expect(unseen.text).not.toContain('can be used');
    expect(unseen.text).toContain('Standing: in force when last seen');
    expect(unseen.subject).toBe('Notices begin, seen 2026-03-01: Design Suite (Buyer One)');
    const refused = watching();
    for (const tick of [0, 1, 2])
      refused.look(plus(at('2026-04-01'), tick * TICK), seen([seats5()], { probe: REFUSED }));
    expect(late(refused, 1, '2026-05-01').text).not.toContain('can be used');
  });

  it('bad news that settles does not show earlier than its own notice', () => {
    const watched = watching(SUITE);
    watched.look(at('2026-04-01'), seen([seats5({ version: '2', status: 'SUSPENDED' })]));
    const { text } = lastMail(watched, {
      entry: watched.ledger[0]!,
      head: watched.head!,
      now: plus(at('2026-04-01'), HOUR / 2),
    });
    expect(text).toMatch(/License: .*, in force/);
  });

  it('a gap to come is graver than a renewal; the second before midnight is none', () => {
    const next = (begin: string) => seats5({ arn: SECOND, begin, end: '2028-02-01' });
    const renewed = (begin: string) => {
      const watched = watching();
      const first = seats5({ end: '2027-01-31T23:59:59' });
      watched.look(at('2026-10-01'), seen([first, next(begin)]));
      return watched;
    };
    const gap = renewed('2027-02-06');
    expect(gap.notices.slice(-2).map(({ severity }) => severity)).toEqual([
      'attention',
      'attention',
    ]);
    expect(lastMail(gap).subject).toContain('gap of 5 days');
    const seamless = renewed('2027-02-01');
    expect(seamless.notices.slice(-2).map(({ severity }) => severity)).toEqual(['info', 'info']);
    const { subject, text } = lastMail(seamless);
    expect(`${subject}\n${text}`).not.toMatch(/gap of|No license is in force/);
  });

  it('no reminder is promised of a license without an end', () => {
    const lost = (end: string | null) => {
      const watched = watching(SUITE, seats5({ end }));
      for (const tick of [0, 1, 2]) watched.look(plus(at('2026-04-01'), tick * TICK), blind());
      return lastMail(watched).text;
    };
    expect(lost('2027-02-01')).toContain('Next reminder: Tue 2026-11-03');
    expect(lost(null)).toContain('Next reminder: none, the license has no end');
  });

  it('usage is the last that is known', () => {
    const used = (consumed: number) => ({
      usage: [inUse('ReadOnly', consumed, 5)],
    });
    const dimensions = { ReadOnly: { ...SEAT, usedUp: true } };
    const watched = watching({ ...LAKE, dimensions });
    watched.look(at('2026-04-01'), seen([seats5({ version: '2' })], used(1)));
    watched.look(at('2026-04-02'), seen([seats5({ version: '3' })], used(2)));
    expect(late(watched, 2, '2026-04-03').text).toMatch(/3 of 5 .* left \(40 % used\)/);
  });
});

describe('the next reminder', () => {
  const END = at('2027-02-01');
  const next = (
    reminderDays: readonly number[],
    now: string,
    traits: Partial<Parameters<typeof nextReminder>[0]> = {},
    head: Partial<Parameters<typeof nextReminder>[1]> = {},
  ) =>
    nextReminder(
      aPresent({ state: [aLicense()], ...traits }),
      { marks: [], watchEnded: null, ...head },
      { reminderDays, decisionDays: [30] },
      at(now),
    );
  const ends = (...all: readonly (string | null)[]) => ({
    state: all.map((end, n) =>
      aLicense({
        licenseArn: `l${n}`,
        validity: { begin: at('2026-02-01'), end: end === null ? null : at(end) },
      }),
    ),
  });
  const told = (daysBefore: number, endDate = '2027-02-01') => ({
    marks: [{ endDate, daysBefore, how: 'told' as const }],
  });

  // Asked in the test, not while the file is loaded: only so it is known which test covers what.
  it.each<[string, () => string, string]>([
    ['the soonest of all', () => next([30, 90, 7], '2026-10-01'), 'Tue 2026-11-03'],
    ['one day', () => next([1], '2027-01-01'), 'Sun 2027-01-31'],
    [
      'not the one that was told',
      () => next([30, 7], '2026-12-01', {}, told(30)),
      'Mon 2027-01-25',
    ],
    [
      'one that was told of another end',
      () => next([30, 7], '2026-12-01', {}, told(30, '2026-02-01')),
      'Sat 2027-01-02',
    ],
    ['not the one that is due now', () => next([30, 7], '2027-01-02'), 'Mon 2027-01-25'],
    [
      'of two ends the sooner',
      () => next([7], '2026-12-01', ends('2027-03-01', '2027-02-01')),
      'Mon 2027-01-25',
    ],
    [
      'none after the end of a part, which is forgotten then',
      () => next([-1], '2027-01-26', ends('2027-03-01', '2027-02-01')),
      'Tue 2027-03-02, unless renewed',
    ],
    [
      'none after the end of a part where the rest has no end',
      () => next([-1], '2027-01-26', ends(null, '2027-02-01')),
      'when part of it has ended',
    ],
    ['none of the day itself', () => next([0], '2026-12-01'), 'when the term has ended'],
    ['none any more before it', () => next([7], '2027-01-26'), 'when the term has ended'],
    ['none, unseen', () => next([7], '2027-01-26', { isBlind: true }), 'none before the end'],
    ['only after it', () => next([-1], '2027-01-26'), 'Tue 2027-02-02, unless renewed'],
    [
      'only after it, unseen',
      () => next([-1], '2027-01-26', { isBlind: true }),
      'Tue 2027-02-02, unless renewed',
    ],
    [
      'the last one',
      () => next([-1], '2027-02-01', { standing: 'ended' }),
      'Tue 2027-02-02, unless renewed',
    ],
    [
      'none after it',
      () => next([7], '2027-02-01', { standing: 'ended' }),
      'none, the term has ended',
    ],
    ['none after it, unseen', () => next([7], '2027-02-01', { isBlind: true }), 'none is known'],
    [
      'none without an end',
      () => next([7], '2026-12-01', ends(null)),
      'none, the license has no end',
    ],
    [
      'of two the one that ends',
      () => next([7], '2026-12-01', ends(null, '2027-02-01')),
      'Mon 2027-01-25',
    ],
    [
      'none without a license',
      () => next([7], '2026-12-01', { state: [], standing: 'none' }),
      'none, there is no license; you hear from us when one comes',
    ],
    [
      'none of a canceled one',
      () =>
        next([7], '2026-12-01', { state: [aLicense({ status: 'DELETED' })], standing: 'canceled' }),
      'none, as long as the license is canceled',
    ],
    [
      'none of a watch that ended',
      () => next([7], '2026-12-01', {}, { watchEnded: END }),
      'none, this license is not watched any more',
    ],
  ])('is said: %s', (_, words, said) => {
    expect(words()).toBe(said);
  });
});

describe('the facts of a contract', () => {
  const lines = (
    entitlements: readonly Entitlement[],
    of = SUITE,
    traits: Partial<Present> = {},
    licenses = 1,
    entry: Partial<SealedEntry> = {},
  ) =>
    factLines(
      anEntry({ changes: [], ...entry }),
      aPresent({
        state: Array.from({ length: licenses }, (_, n) =>
          aLicense({ licenseArn: `arn:l-${String(n).padStart(8, '0')}`, entitlements }),
        ),
        ...traits,
      }),
      of,
      { now: at('2026-12-01') },
    ).map((line) => line.trim().replaceAll(/ +/g, ' '));
  const many = Array.from({ length: 45 }, (_, n) => seats(5, `D${String(n).padStart(2, '0')}`));

  it('name what was bought by how it is sold', () => {
    expect(lines([seats(5)])).toContain('ReadOnly: 5 seats');
    expect(lines([seats(5, 'Guests')])).toContain('Guests: 5 units');
    expect(lines([{ ...seats(5), allowCheckIn: false }])).toContain('ReadOnly: 5 seats');
    expect(lines([gigabytes(5)], LAKE)).toContain('DataConsumption: 5 Gigabytes');
    expect(lines([tier('PremiumTier'), seats(5)], TIERED)).toEqual(
      expect.arrayContaining(['Tier: PremiumTier', 'ReadOnly: 5 seats']),
    );
    expect(lines([tier('PremiumTier'), tier('BasicTier')], TIERED)).toContain('Tier: PremiumTier');
    const two = [
      { ...aLicense(), entitlements: [tier('BasicTier')] },
      { ...aLicense(), licenseArn: 'b', entitlements: [tier('PremiumTier')] },
    ];
    expect(lines([], TIERED, { state: two })).toContain('Tier: BasicTier, PremiumTier');
    expect(lines([seats(5)]).join()).not.toContain('Tier');
    expect(lines([{ ...gigabytes(5), name: 'ReadOnly', unit: 'Percent' }])).toContain(
      'ReadOnly: 5 Percent',
    );
  });

  it('leave what is more than forty lines to the ledger', () => {
    const of = lines(many).filter((line) => /^D\d\d: |^and /.test(line));
    expect(of).toHaveLength(41);
    expect(of.at(-1)).toBe('and 5 more');
    expect(lines(many.slice(0, 40)).join()).not.toContain('more');
    const all = lines([seats(1)], SUITE, {}, 43);
    expect(all).toContain('and 3 more licenses');
    expect(all.filter((line) => line.startsWith('License: '))).toHaveLength(40);
    const [first] = [aLicense()];
    expect(lines([], SUITE, { state: [{ ...first, moreEntitlements: 2 }] })).toContain(
      'and 2 more entitlements',
    );
  });

  it('say how it stood when it was last seen, and when', () => {
    const lastSeen = at('2026-11-01');
    expect(lines([seats(5)], SUITE, { isBlind: true })).toEqual(
      expect.arrayContaining(['Standing: not known', 'Last seen: never']),
    );
    expect(lines([seats(5)], SUITE, { isBlind: true, lastSeen })).toEqual(
      expect.arrayContaining([
        'Standing: in force when last seen',
        'Last seen: at AWS on Sun 2026-11-01 00:00 UTC',
      ]),
    );
    expect(lines([seats(5)]).join()).toMatch(/License: [^,]*, version 1, in force/);
  });

  it('say between which looks it happened, of what happened to the license', () => {
    const watch = anEntry().changes[0]!;
    const license: Change = {
      ...{ type: 'LicenseGranted', reason: 'seen' },
      ...{ before: { standing: 'none' }, after: { standing: 'in-force' } },
    };
    const happened = (entry: Partial<SealedEntry>) =>
      lines([seats(5)], SUITE, {}, 1, {
        seenBetween: { after: at('2026-11-01'), by: at('2026-11-02') },
        ...entry,
      }).filter((line) => line.startsWith('Happened: '));
    expect(happened({ changes: [watch, license] })).toEqual([
      'Happened: between 2026-11-01 00:00 UTC and 2026-11-02 00:00 UTC',
    ]);
    // Two looks within a minute.
    const by = at('2026-11-02');
    const after = plus(by, -20_000);
    const within = {
      changes: [license],
      seenBetween: { after: plus(by, 5_000), by: plus(by, 9_000) },
    };
    expect(happened(within)).toEqual(['Happened: 2026-11-02 00:00 UTC']);
    expect(happened({ changes: [license], seenBetween: { after, by } })).toEqual([
      'Happened: between 2026-11-01 23:59 UTC and 2026-11-02 00:00 UTC',
    ]);
    expect(happened({ changes: [watch] })).toEqual([]);
    expect(happened({ changes: [license], kind: 'reminder' })).toEqual([]);
    expect(happened({ changes: [license], effectiveAt: at('2026-11-01') })).toEqual([]);
    expect(
      happened({ changes: [license], seenBetween: { after: null, by: at('2026-11-02') } }),
    ).toEqual([]);
  });
});
