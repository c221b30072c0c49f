import { describe, expect, it } from 'vitest';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import { nextDue } from '../../../lib/domain/check/decide.ts';
import {
  daysLeft,
  dueAt,
  dueDay,
  dueReminder,
  endsOf,
  shareOf,
} from '../../../lib/domain/notice/reminders.ts';
import { daysOfBuyer } from '../../../lib/domain/notice/reminder-days.ts';
import { DAY, HOUR, plus } from '../../../lib/domain/time.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, gigabytes, license, seats, tier, type LicenseTraits } from '../../support/licenses.ts';
import { blind, seen } from '../../support/observations.ts';

/** Looks once a day, shortly after midnight, from one day to the other. */
function daily(
  watched: WatchedContract,
  from: string,
  to: string,
  ...licenses: readonly LicenseTraits[]
): readonly string[] {
  const told: string[] = [];
  for (let tick = at(from); tick <= at(to); tick = plus(tick, DAY)) {
    const names = watched.look(tick, seen(licenses.map(license)));
    told.push(...names.map((name) => `${tick.slice(0, 10)} ${name}`));
  }
  return told;
}

describe('days left', () => {
  it.each([
    ['2027-01-25', '2027-02-01', 7],
    ['2027-01-25T00:01', '2027-02-01', 7],
    ['2027-01-31T23:59', '2027-02-01', 1],
    ['2027-02-01', '2027-02-01', 0],
    ['2027-02-01T12:00', '2027-02-01', 0],
    ['2027-02-02', '2027-02-01', -1],
  ])('from %s to %s are %d', (now, end, days) => {
    expect(daysLeft(at(end), at(now))).toBe(days);
    expect(Object.is(daysLeft(at(end), at(now)), -0)).toBe(false);
  });

  it('are counted in whole days of 24 hours', () => {
    expect(dueAt(at('2027-04-01T10:00'), 30)).toBe(at('2027-03-02T10:00'));
    expect(dueAt(at('2027-02-01'), -1)).toBe(at('2027-02-02'));
  });
});

describe('a buyer who chose days', () => {
  const reminded = (watched: WatchedContract, audience: 'buyer' | 'seller') =>
    watched.noticesTo(audience).flatMap(({ kind, entry }) => {
      const day = watched.ledger.find((each) => each.entry === entry)?.reminder?.daysBefore;
      return kind === 'reminder' ? [day] : [];
    });
  const choosing = (reminderDays: readonly number[] | null): WatchedContract => {
    const watched = new WatchedContract();
    watched.buyer = { ...watched.buyer, reminderDays };
    watched.look(at('2026-10-01'), seen([license()]));
    return watched;
  };

  it('hears on those alone; entries and the seller’s notices keep the seller’s days', () => {
    const watched = choosing([60, 7, -1]);
    const of = choosing(null);
    expect(daily(watched, '2026-10-02', '2027-02-05', {})).toEqual(
      daily(of, '2026-10-02', '2027-02-05', {}),
    );
    expect(reminded(watched, 'buyer')).toEqual([60, 7, -1]);
    expect(reminded(of, 'buyer')).toEqual([90, 60, 30, 14, 7, 3, 1, -1]);
    expect(reminded(watched, 'seller')).toEqual([30, 14, 7, 3, 1, -1]);
    expect(reminded(watched, 'seller')).toEqual(reminded(of, 'seller'));
    expect(watched.head?.marks).toEqual(of.head?.marks);
  });

  it('hears late of a chosen day that passed unseen, by the day that came in its place', () => {
    const watched = choosing([60]);
    expect(watched.look(at('2027-01-03'), seen([license()]))).toEqual(['reminder 30']);
    expect(watched.last.reminder).toMatchObject({ daysBefore: 30, skipped: [90, 60] });
    expect(reminded(watched, 'buyer')).toEqual([30]);
    expect(daily(watched, '2027-01-04', '2027-01-31', {})).toHaveLength(4);
    expect(reminded(watched, 'buyer')).toEqual([30]);
  });

  it('hears of a change in any case, and of a reminder that comes with it', () => {
    const watched = choosing([7]);
    const upgraded = license({ version: '2', entitlements: [seats(8)] });
    expect(watched.look(at('2026-11-03'), seen([upgraded]))).toEqual([
      'LicenseUpgraded',
      'reminder 90',
    ]);
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ kind: 'change', state: 'due' });
  });

  it.each([
    [null, [90, 30, -1]],
    [undefined, [90, 30, -1]],
    [
      [30, -1],
      [30, -1],
    ],
    [[60, 30], [30]],
    // Chosen before the seller changed the list, or for another product: nobody chose silence.
    [
      [60, 7],
      [90, 30, -1],
    ],
  ])('of 90, 30 and -1, having chosen %j, hears on %j', (chosen, days) => {
    expect(daysOfBuyer([90, 30, -1], chosen)).toEqual(days);
  });
});

describe('the schedule of reminders', () => {
  it('sends the most urgent reminder day that passed, and records the larger ones as skipped', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-10-01'), seen([license()]));
    expect(watched.look(at('2027-01-20'), seen([license()]))).toEqual(['reminder 14']);
    expect(watched.last.reminder).toEqual({
      daysBefore: 14,
      end: at('2027-02-01'),
      daysLeft: 12,
      skipped: [90, 60, 30],
      share: null,
    });
    expect(watched.head?.marks).toEqual([
      { endDate: '2027-02-01', daysBefore: 90, how: 'skipped' },
      { endDate: '2027-02-01', daysBefore: 60, how: 'skipped' },
      { endDate: '2027-02-01', daysBefore: 30, how: 'skipped' },
      { endDate: '2027-02-01', daysBefore: 14, how: 'told' },
    ]);
    expect(watched.look(at('2027-01-20T00:15'), seen([license()]))).toEqual([]);
  });

  it('is folded into the first look, and goes on from there', () => {
    const watched = new WatchedContract();
    expect(watched.look(at('2026-11-20'), seen([license()]))).toEqual([
      'WatchStarted',
      'reminder 90',
    ]);
    expect(watched.head?.marks).toEqual([{ endDate: '2027-02-01', daysBefore: 90, how: 'folded' }]);
    expect(daily(watched, '2026-11-21', '2026-12-10', {})).toEqual(['2026-12-03 reminder 60']);
  });

  it('is folded into a change that comes at the same time', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-10-01'), seen([license()]));
    expect(
      watched.look(at('2026-11-03'), seen([license({ version: '2', entitlements: [seats(8)] })])),
    ).toEqual(['LicenseUpgraded', 'reminder 90']);
    expect(watched.last.kind).toBe('version');
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ kind: 'change', state: 'due' });
  });

  it('still reminds the buyer where the change is not theirs to hear', () => {
    const watched = new WatchedContract(product());
    watched.look(at('2026-10-01'), seen([license()]));
    const foreign = ['arn:aws:license-manager::999999999999:license:l-foreign'];
    expect(watched.look(at('2026-11-03'), seen([license()], { foreign }))).toEqual([
      'ForeignLicenseFound',
      'reminder 90',
    ]);
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ kind: 'reminder', entry: 2 });
  });

  it('begins anew at a later end, and never sends again for an end that came back', () => {
    const watched = new WatchedContract();
    daily(watched, '2026-10-01', '2026-11-05', {});
    expect(daily(watched, '2026-11-06', '2026-11-08', { version: '2', end: '2027-02-10' })).toEqual(
      ['2026-11-06 LicenseRenewed'],
    );
    expect(daily(watched, '2026-11-09', '2026-11-13', { version: '2', end: '2027-02-10' })).toEqual(
      ['2026-11-12 reminder 90'],
    );
    expect(daily(watched, '2026-11-14', '2026-12-02', { version: '3' })).toEqual([
      '2026-11-14 LicenseShortened',
    ]);
    expect(daily(watched, '2026-12-03', '2026-12-05', { version: '3' })).toEqual([
      '2026-12-03 reminder 60',
    ]);
  });

  it('does not send again for an end that moved by hours, over midnight or not', () => {
    const watched = new WatchedContract();
    daily(watched, '2026-10-01', '2026-12-05', {});
    expect(
      daily(watched, '2026-12-06', '2026-12-20', { version: '2', end: '2027-02-01T06:00' }),
    ).toEqual([]);
    expect(
      daily(watched, '2026-12-21', '2026-12-31', { version: '3', end: '2027-01-31T20:00' }),
    ).toEqual([]);
    expect(
      daily(watched, '2027-01-01', '2027-01-03', { version: '3', end: '2027-01-31T20:00' }),
    ).toEqual(['2027-01-02 reminder 30']);
  });

  it('leaves out a reminder day that the seller adds after its day, and tells one added before', () => {
    const watched = new WatchedContract(product({ reminderDays: [90, 30, -1] }));
    daily(watched, '2026-10-01', '2026-12-05', {});
    watched.product = product({ reminderDays: [90, 60, 45, 30, -1] });
    expect(daily(watched, '2026-12-06', '2026-12-20', {})).toEqual(['2026-12-18 reminder 45']);
    expect(watched.last.reminder?.skipped).toEqual([60]);
  });

  it.each([
    ['deactivated', { status: 'DEACTIVATED' }],
    ['canceled', { status: 'DELETED' }],
    ['without end', { end: null }],
  ] as const)('has nothing to say of a license that is %s', (_, traits) => {
    const watched = new WatchedContract();
    expect(
      daily(watched, '2026-11-01', '2027-02-05', traits).filter((told) =>
        told.includes('reminder'),
      ),
    ).toEqual([]);
  });

  it('counts down to no date where AWS says that the license has expired before it', () => {
    const watched = new WatchedContract();
    expect(daily(watched, '2026-11-01', '2027-01-31', { status: 'EXPIRED' })).toEqual([
      '2026-11-01 WatchStarted',
    ]);
  });

  it('ends with -1, unless a renewal was seen', () => {
    const watched = new WatchedContract();
    daily(watched, '2026-10-01', '2027-01-31', {});
    expect(daily(watched, '2027-02-01', '2027-02-10', {})).toEqual([
      '2027-02-01 LicenseExpired',
      '2027-02-02 reminder -1',
    ]);
    const renewed = new WatchedContract();
    daily(renewed, '2026-10-01', '2027-01-31', {});
    renewed.look(at('2027-02-01'), seen([license()]));
    expect(daily(renewed, '2027-02-02', '2027-02-10', { version: '2', end: '2028-02-01' })).toEqual(
      ['2027-02-02 LicenseRenewed'],
    );
  });

  it('stays silent of an end that was told, also years after, as long as the contract stands at it', () => {
    const watched = new WatchedContract();
    expect(daily(watched, '2027-01-31', '2027-02-03', {})).toContain('2027-02-02 reminder -1');
    for (const years of [2, 3]) {
      const tick = plus(at('2027-02-03'), years * 365 * DAY);
      for (let n = 0; n < 3; n += 1) watched.look(plus(tick, n * HOUR), blind());
      expect(watched.look(plus(tick, 3 * HOUR), seen([license()]))).toEqual(['WatchRestored']);
    }
    expect(watched.ledger.filter(({ reminder }) => reminder?.daysBefore === -1)).toHaveLength(1);
  });

  it('has no reminder of days before the end at the end itself', () => {
    const ending = at('2027-02-01');
    expect(dueDay(ending, [1, -1], [], at('2027-01-31T23:59:59'))).toEqual({
      daysBefore: 1,
      skipped: [],
    });
    expect(dueDay(ending, [1, -1], [], at('2027-02-01'))).toBeNull();
  });

  it('is silent of an end that has a successor', () => {
    const watched = new WatchedContract();
    const next = { arn: 'b', begin: '2027-02-01', end: '2028-02-01' };
    expect(daily(watched, '2026-11-20', '2027-10-01', {}, next)).toEqual([
      '2026-11-20 WatchStarted',
    ]);
  });
});

describe('overlapping licenses', () => {
  const ten: LicenseTraits = { entitlements: [seats(10)], end: '2027-02-01' };
  const five: LicenseTraits = {
    arn: 'b',
    entitlements: [seats(5)],
    begin: '2026-06-01',
    end: '2027-05-01',
  };

  it('have a schedule for each end, which says what ends then', () => {
    const watched = new WatchedContract(product({ reminderDays: [30, 7, -1] }));
    watched.look(at('2026-10-01'), seen([license(ten), license(five)]));
    expect(watched.look(at('2027-01-02'), seen([license(ten), license(five)]))).toEqual([
      'reminder 30',
    ]);
    expect(watched.last.reminder).toMatchObject({
      end: at('2027-02-01'),
      share: 'your 10 ReadOnly of license ...ense:l-a',
    });
    expect(daily(watched, '2027-01-03', '2027-04-30', ten, five)).toEqual([
      '2027-01-25 reminder 7',
      '2027-02-01 LicenseExpired',
      '2027-04-01 reminder 30',
      '2027-04-24 reminder 7',
    ]);
    expect(watched.last.reminder?.share).toBeNull();
  });

  it('that are due at the same time are told in one reminder', () => {
    const watched = new WatchedContract(product({ reminderDays: [60, 30] }));
    const later = { ...five, end: '2027-03-03' };
    watched.look(at('2026-10-01'), seen([license(ten), license(later)]));
    expect(daily(watched, '2026-12-04', '2027-01-03', ten, later)).toEqual([
      '2026-12-04 reminder 60',
      '2027-01-02 reminder 30',
    ]);
    expect(watched.last.reminder).toMatchObject({
      daysBefore: 30,
      share:
        'your 10 ReadOnly of license ...ense:l-a (and your 5 ReadOnly of license ...ense:l-b on 2027-03-03)',
    });
    expect(watched.head?.marks.filter(({ endDate }) => endDate === '2027-03-03')).toEqual([
      { endDate: '2027-03-03', daysBefore: 60, how: 'folded' },
    ]);
  });

  it('of tiers are told by their tier', () => {
    const watched = new WatchedContract(
      product({ tiers: ['BasicTier', 'PremiumTier'], reminderDays: [30] }),
    );
    const [basic, premium] = [
      { ...ten, entitlements: [tier('BasicTier')] },
      { ...five, entitlements: [tier('PremiumTier')] },
    ];
    watched.look(at('2026-10-01'), seen([license(basic), license(premium)]));
    watched.look(at('2027-01-02'), seen([license(basic), license(premium)]));
    expect(watched.last.reminder?.share).toBe('your BasicTier of license ...ense:l-a');
  });
});

describe('who is reminded', () => {
  it('is the buyer always, and the seller from 30 days on', () => {
    const watched = new WatchedContract();
    daily(watched, '2026-10-01', '2027-01-31', {});
    const reminderDays = (audience: 'buyer' | 'seller' | 'operations') =>
      watched
        .noticesTo(audience)
        .flatMap(({ entry }) => watched.ledger[entry - 1]?.reminder?.daysBefore ?? []);
    expect(reminderDays('buyer')).toEqual([90, 60, 30, 14, 7, 3, 1]);
    expect(reminderDays('seller')).toEqual([30, 14, 7, 3, 1]);
    expect(reminderDays('operations')).toEqual([]);
  });
});

describe('what of a contract ends', () => {
  const TIERED = product({ tiers: ['Basic', 'Pro'] });
  const ending = (...licenses: readonly LicenseTraits[]) => ({
    end: at('2027-02-01'),
    licenses: licenses.map((traits) => canonicalLicense(license(traits))),
  });

  it.each<[string, readonly LicenseTraits[], Product, string | null]>([
    ['seats', [{ entitlements: [seats(5)] }], product(), 'your 5 ReadOnly of license ...ense:l-a'],
    [
      'no limit',
      [{ entitlements: [seats(null)] }],
      product(),
      'your unlimited ReadOnly of license ...ense:l-a',
    ],
    [
      'a pool',
      [{ entitlements: [gigabytes(5)] }],
      product(),
      'your 5 Gigabytes of DataConsumption of license ...ense:l-a',
    ],
    [
      'what has no quantity',
      [{ entitlements: [tier('Support')] }],
      product(),
      'your unlimited Support of license ...ense:l-a',
    ],
    ['a tier', [{ entitlements: [tier('Pro')] }], TIERED, 'your Pro of license ...ense:l-a'],
    [
      'a tier that is counted, and seats',
      [{ entitlements: [seats(1, 'Pro'), seats(5)] }],
      TIERED,
      'your Pro and your 5 ReadOnly of license ...ense:l-a',
    ],
    [
      'two licenses, and one that allows nothing',
      [
        { entitlements: [seats(5)] },
        { arn: 'b', entitlements: [seats(3)] },
        { arn: 'c', entitlements: [] },
      ],
      product(),
      'your 5 ReadOnly of license ...ense:l-a and your 3 ReadOnly of license ...ense:l-b',
    ],
    ['a license that allows nothing', [{ entitlements: [] }], product(), null],
  ])('is said of one of several ends: %s', (_, licenses, of, words) => {
    expect(shareOf(ending(...licenses), 2, of)).toBe(words);
    expect(shareOf(ending(...licenses), 1, of)).toBeNull();
  });

  it('is told of each that is due in the same moment, by its date', () => {
    const watched = new WatchedContract(product({ reminderDays: [30, 7] }));
    const licenses = [
      license({ entitlements: [seats(5)] }),
      license({ arn: 'b', begin: '2026-02-02', end: '2027-02-02', entitlements: [seats(3)] }),
      license({ arn: 'c', begin: '2026-02-03', end: '2027-02-03', entitlements: [] }),
      license({ arn: 'd', begin: '2026-02-04', end: '2027-02-04', entitlements: [seats(2)] }),
    ];
    watched.look(at('2026-12-01'), seen(licenses));
    watched.look(at('2027-01-05'), seen(licenses));
    expect(watched.last.reminder?.share).toBe(
      'your 5 ReadOnly of license ...ense:l-a (and your 3 ReadOnly of license ...ense:l-b on 2027-02-02, your 2 ReadOnly of license ...ense:l-d on 2027-02-04)',
    );
    expect(watched.head?.marks.map(({ endDate, how }) => [endDate, how])).toEqual([
      ['2027-02-01', 'told'],
      ['2027-02-02', 'folded'],
      ['2027-02-03', 'folded'],
      ['2027-02-04', 'folded'],
    ]);
    const nameless = new WatchedContract(product({ reminderDays: [30, 7] }));
    const first = [license({ entitlements: [] }), ...licenses.slice(1)];
    nameless.look(at('2026-12-01'), seen(first));
    nameless.look(at('2027-01-05'), seen(first));
    expect(nameless.last.reminder).toMatchObject({ end: at('2027-02-01'), share: null });
  });

  it.each<[string, readonly LicenseTraits[], readonly (readonly [string, string])[]]>([
    [
      'the soonest first',
      [{ end: '2027-03-01' }, { end: '2027-02-01' }],
      [
        ['2027-02-01', 'l1'],
        ['2027-03-01', 'l0'],
      ],
    ],
    [
      'one for each date, at its soonest',
      [{ end: '2027-02-01T12:00' }, { end: '2027-02-01T06:00' }, { end: '2027-02-01T18:00' }],
      [['2027-02-01T06:00', 'l0 l1 l2']],
    ],
    [
      'none of what was canceled beside it',
      [{}, { end: '2027-01-01', status: 'DELETED' }],
      [['2027-02-01', 'l0']],
    ],
    ['none where all of it was canceled', [{ status: 'DELETED' }], []],
    ['none where it was deactivated', [{ status: 'DEACTIVATED' }], []],
    ['none before its date, where AWS says that it has ended', [{ status: 'EXPIRED' }], []],
    ['that of what is suspended', [{ status: 'SUSPENDED' }], [['2027-02-01', 'l0']]],
  ])('%s', (_, licenses, ends) => {
    const state = licenses.map((traits, n) =>
      canonicalLicense(license({ arn: `l${n}`, ...traits })),
    );
    const found = endsOf(state, at('2026-12-01')).map(({ end, licenses: of }) => [
      end,
      of.map(({ licenseArn }) => licenseArn.slice(-2)).join(' '),
    ]);
    expect(found).toEqual(ends.map(([end, of]) => [at(end), of]));
  });
});

it('a day after an end is told also where nobody had looked, and not of the end of which news settles', () => {
  const calendar = {
    ...{ state: [canonicalLicense(license())], product: product({ reminderDays: [-1] }) },
    ...{
      agreements: null,
      chosenDays: null,
      marks: [],
      now: at('2027-02-02'),
      lastLooked: null,
      folding: false,
      settledSince: null,
    },
  };
  expect(dueReminder(calendar)?.reminder.daysBefore).toBe(-1);
  expect(dueReminder({ ...calendar, settledSince: at('2027-01-31T23:59') })).not.toBeNull();
  expect(dueReminder({ ...calendar, settledSince: at('2027-02-01') })).toBeNull();
});

describe('when there is something to do though nothing differs', () => {
  const due = (watched: WatchedContract, now: string, reminderDays: readonly number[]) =>
    nextDue(watched.head!, { product: product({ reminderDays }), now: at(now) });

  it('is a reminder day, a begin or an end that is to come, and never the day of the end twice', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-12-01'), seen([license()]));
    expect(due(watched, '2026-12-01', [30])).toBe(at('2027-01-02'));
    expect(due(watched, '2027-01-02', [30])).toBe(at('2027-02-01'));
    expect(due(watched, '2027-01-02', [0])).toBe(at('2027-02-01'));
    expect(due(watched, '2027-02-01', [0, -1])).toBe(at('2027-02-02'));
    expect(due(watched, '2027-02-02', [-1])).toBeNull();
  });

  it('a day 0 is neither before nor after', () => {
    const end = at('2027-02-01');
    expect(dueDay(end, [0], [], at('2027-01-31'))).toBeNull();
    expect(dueDay(end, [0], [], at('2027-02-01'))).toBeNull();
  });
});
