import { describe, expect, it } from 'vitest';
import { canonicalLicense } from '../../../lib/domain/license/canonical-state.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { changesFor } from '../../../lib/domain/notice/notices.ts';
import { badNewsWords, BAD_NEWS_TYPES, isEndByDates } from '../../../lib/domain/notice/settling.ts';
import { between, DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { anAgreement } from '../../support/agreements.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import {
  arnOf,
  at,
  license,
  SEAT,
  seats,
  tier,
  USAGE,
  type LicenseTraits,
} from '../../support/licenses.ts';
import { blind, LEFT, NOT_LOOKED, seen, trouble } from '../../support/observations.ts';

const START = at('2026-06-02');
const minutes = (count: number): Instant => plus(START, count * MINUTE);
const owned = (count: number, ...more: ReturnType<typeof seats>[]) => ({
  entitlements: [USAGE, seats(count), ...more],
});
const other = (count: number): ReturnType<typeof seats> => ({ ...seats(count), name: 'Writers' });

/** Watched since the day before, with 5 seats until 2027. */
function begun(first: LicenseTraits = {}): WatchedContract {
  const watched = new WatchedContract();
  watched.look(plus(START, -DAY), seen([license(first)]));
  return watched;
}

/** What the buyer has been or is being told, entry by entry. */
function told(watched: WatchedContract): readonly string[] {
  return watched
    .noticesTo('buyer')
    .filter(({ state }) => state === 'due')
    .flatMap(({ entry: number, about, kind }) => {
      const entry = watched.ledger[number - 1];
      if (entry === undefined) throw new Error(`no entry ${number}`);
      const said = changesFor(entry, 'buyer').map((change) =>
        'tier' in change.before && 'tier' in change.after
          ? `${change.type} ${[change.before, change.after].map(({ counts }) => counts.map(({ maxCount }) => maxCount).join('+')).join(' -> ')}`
          : change.type,
      );
      const reminder = entry.reminder === null ? [] : [`reminder ${entry.reminder.daysBefore}`];
      return kind === 'welcome'
        ? []
        : [[...said, ...reminder, ...(about === undefined ? [] : [about])].join(' ')];
    });
}

let version = 1;
const sees = (
  watched: WatchedContract,
  at: Instant,
  ...all: readonly LicenseTraits[]
): readonly string[] =>
  watched.look(
    at,
    seen(all.map((traits) => license({ version: String((version += 1)), ...traits }))),
  );

it('is the list of rule 10', () => {
  expect(BAD_NEWS_TYPES.toSorted()).toEqual([
    'GrantDeactivated',
    'LicenseCanceled',
    'LicenseDeactivated',
    'LicenseDowngraded',
    'LicenseExpired',
    'LicenseRemoved',
    'LicenseShortened',
    'LicenseSuspended',
  ]);
});

it('says in words what was seen, of which license, and nothing of what is no bad news', () => {
  const words = (...traits: readonly LicenseTraits[]): string => {
    const watched = new WatchedContract();
    const arns = traits.length === 1 ? ['a'] : ['a', 'b'];
    watched.look(plus(START, -DAY), seen(arns.map((arn) => license({ arn }))));
    watched.look(START, seen(arns.map((arn, n) => license({ arn, version: '2', ...traits[n] }))));
    return badNewsWords(watched.last.changes);
  };
  expect(words({ status: 'SUSPENDED', ...owned(3) })).toBe(
    'the license was suspended and less was owned than before',
  );
  expect(words({ status: 'SUSPENDED' }, {})).toBe('the license was suspended, of one of several');
  expect(words(owned(8))).toBe('');
});

describe('a renewal that is switched off while bad news settles', () => {
  const OFF = { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } as const;

  it('is told at once, and the bad news with the look that confirms it', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    watched.agreements = [anAgreement()];
    watched.look(plus(START, -DAY), seen([license({})]));
    sees(watched, START, { status: 'SUSPENDED' });
    expect(told(watched)).toEqual([]);
    watched.agreements = [anAgreement({ endTimeBehavior: OFF, updatedAt: minutes(10) })];
    sees(watched, minutes(15), { status: 'SUSPENDED' });
    expect(told(watched)).toEqual(['RenewalIntentChanged']);
    expect(watched.noticesTo('seller').filter(({ state }) => state === 'due')).toMatchObject([
      {},
      { entry: 3, severity: 'urgent', notBefore: plus(minutes(15), 3 * MINUTE) },
    ]);
    // As people know it: nobody has heard of the suspension.
    expect(watched.last.told).toMatchObject({ standing: 'in-force' });
    for (const minute of [30, 45]) sees(watched, minutes(minute), { status: 'SUSPENDED' });
    expect(told(watched)).toEqual(['RenewalIntentChanged']);
    sees(watched, minutes(60), { status: 'SUSPENDED' });
    expect(told(watched).toSorted()).toEqual(['LicenseSuspended', 'RenewalIntentChanged']);
    expect(watched.head?.settling).toBeNull();
  });

  it('waits with the bad news, where it is switched on: a renewal is seen in two looks', () => {
    const watched = new WatchedContract();
    watched.agreements = [anAgreement({ endTimeBehavior: OFF })];
    watched.look(plus(START, -DAY), seen([license({})]));
    watched.agreements = [anAgreement({ updatedAt: START })];
    watched.dueNow(START);
    expect(sees(watched, START, { status: 'SUSPENDED' })).toEqual([
      'LicenseSuspended',
      'RenewalIntentChanged',
    ]);
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(15), {});
    expect(told(watched)).toEqual(['RenewalIntentChanged']);
  });

  it.each<[string, Partial<Parameters<typeof anAgreement>[0]>]>([
    ['alone', {}],
    ['with another end', { end: at('2027-03-01') }],
  ])('is told at once where the same look finds both, %s, by a look of its own', (_, more) => {
    const watched = new WatchedContract();
    watched.agreements = [anAgreement()];
    watched.look(plus(START, -DAY), seen([license({})]));
    watched.agreements = [anAgreement({ endTimeBehavior: OFF, updatedAt: START, ...more })];
    watched.dueNow(START);
    const suspended = seen([license({ version: '2', status: 'SUSPENDED' })]);
    expect(watched.look(START, suspended)).toEqual(['LicenseSuspended']);
    expect(watched.head?.nextDue).toBe(plus(START, 3 * MINUTE));
    expect(told(watched)).toEqual([]);
    watched.look(START, suspended);
    expect(told(watched)).toEqual([expect.stringMatching(/^RenewalIntentChanged/)]);
    expect(watched.noticesTo('seller').at(-1)).toMatchObject({ severity: 'urgent', state: 'due' });
    for (const minute of [15, 30, 45, 60]) watched.look(minutes(minute), suspended);
    expect(told(watched)).toEqual([
      'LicenseSuspended',
      expect.stringMatching(/^RenewalIntentChanged/),
    ]);
  });

  it('is told, and nothing else, where the bad news is no more', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    watched.agreements = [anAgreement()];
    watched.look(plus(START, -DAY), seen([license({})]));
    sees(watched, START, { status: 'SUSPENDED' });
    watched.agreements = [anAgreement({ endTimeBehavior: OFF, updatedAt: minutes(10) })];
    sees(watched, minutes(15), { status: 'SUSPENDED' });
    sees(watched, minutes(30), {});
    expect(told(watched)).toEqual(['RenewalIntentChanged']);
  });
});

describe('bad news that is no more', () => {
  it.each<[string, readonly LicenseTraits[]]>([
    ['a suspension', [{ status: 'SUSPENDED' }]],
    ['a deactivation', [{ status: 'DEACTIVATED' }]],
    ['a cancellation', [{ status: 'DELETED' }]],
    ['a deactivated grant', [{ receivedStatus: 'DISABLED' }]],
    ['a shortening', [{ end: '2026-09-01' }]],
    ['a downgrade', [owned(3)]],
    ['all of them at once', [{ end: '2026-09-01', receivedStatus: 'DISABLED', ...owned(1) }]],
  ])('%s is withdrawn at the next good look, and nobody hears of either', (_, first) => {
    const watched = begun();
    sees(watched, START, ...first);
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(15), {});
    expect(told(watched)).toEqual([]);
    expect(watched.noticesTo('buyer').map(({ state }) => state)).toEqual(['due', 'withdrawn']);
    expect(watched.noticesTo('seller').map(({ state }) => state)).toEqual(['due', 'withdrawn']);
    expect(watched.head?.settling).toBeNull();
    expect(watched.last.reason).toMatch(
      /it stands as people were last told; the notices of entry 2 are withdrawn/,
    );
    sees(watched, minutes(120), {});
    expect(told(watched)).toEqual([]);
  });

  it('is withdrawn after a day as after a minute, if no good look came between', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    for (let tick = 1; tick < 80; tick += 1) watched.look(minutes(tick * 15), trouble());
    sees(watched, minutes(80 * 15), {});
    expect(told(watched)).toEqual([]);
  });

  it('leaves what else its entries held to be told', () => {
    const pool: ReturnType<typeof seats> = { ...seats(100), name: 'Scans', allowCheckIn: false };
    const watched = new WatchedContract(product());
    watched.look(plus(START, -DAY), seen([license(owned(5, pool))]));
    const look = (minute: number, count: number, consumed: number) =>
      watched.look(
        minutes(minute),
        seen([license({ version: String(minute + 2), ...owned(count, pool) })], {
          usage: [
            { name: 'Scans', unit: 'Count', consumed: quantity(consumed), maxCount: quantity(100) },
          ],
        }),
      );
    expect(look(0, 3, 82)).toEqual(['LicenseDowngraded', 'UsageThresholdCrossed']);
    look(15, 2, 91);
    expect(told(watched)).toEqual([]);
    look(30, 5, 91);
    expect(told(watched)).toEqual(['UsageThresholdCrossed UsageThresholdCrossed']);
  });

  it('is told as what it became, where that is better than people knew', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    sees(watched, minutes(15), { end: '2028-02-01' });
    expect(told(watched)).toEqual(['LicenseRenewed']);
    const ended = new WatchedContract();
    ended.look(at('2027-01-31'), seen([license()]));
    ended.look(at('2027-02-01'), seen([license()]));
    ended.look(at('2027-02-01T00:45'), seen([license({ version: '2', end: '2028-02-01' })]));
    expect(told(ended)).toEqual(['LicenseRenewed']);
    expect(ended.last.toldChanges?.[0]).toMatchObject({
      before: { end: at('2027-02-01') },
      gapMilliseconds: null,
    });
  });
});

describe('bad news that moves is told from what people last heard', () => {
  it.each<[string, readonly (readonly [number, readonly LicenseTraits[]])[], readonly string[]]>([
    [
      '5 -> 3 -> 4',
      [
        [0, [owned(3)]],
        [15, [owned(4)]],
        [60, [owned(4)]],
      ],
      ['LicenseDowngraded 5 -> 4'],
    ],
    [
      '5 -> 3 -> 5',
      [
        [0, [owned(3)]],
        [15, [owned(5)]],
        [60, [owned(5)]],
      ],
      [],
    ],
    [
      '5 -> 3 -> 6',
      [
        [0, [owned(3)]],
        [15, [owned(6)]],
        [60, [owned(6)]],
      ],
      ['LicenseUpgraded 5 -> 6'],
    ],
    [
      '5 -> 4 -> 3',
      [
        [0, [owned(4)]],
        [45, [owned(3)]],
        [60, [owned(3)]],
      ],
      ['LicenseDowngraded 5 -> 3'],
    ],
    [
      'two lost, and then another dimension gained',
      [
        [0, [owned(3)]],
        [15, [owned(3, other(2))]],
      ],
      ['EntitlementsChanged 5 -> 3+2'],
    ],
    [
      'an end 40 days back, and 10 forward',
      [
        [0, [{ end: '2026-12-23' }]],
        [15, [{ end: '2027-01-02' }]],
        [60, [{ end: '2027-01-02' }]],
      ],
      ['LicenseShortened'],
    ],
    [
      'suspended, canceled',
      [
        [0, [{ status: 'SUSPENDED' }]],
        [45, [{ status: 'DELETED' }]],
        [60, [{ status: 'DELETED' }]],
        [105, [{ status: 'DELETED' }]],
      ],
      ['LicenseCanceled'],
    ],
    [
      'renewed with fewer seats, and then with all',
      [
        [0, [{ end: '2028-02-01', ...owned(3) }]],
        [15, [{ end: '2028-02-01' }]],
      ],
      ['LicenseRenewed'],
    ],
  ])('%s', (_, looks, news) => {
    const watched = begun();
    for (const [minute, all] of looks) sees(watched, minutes(minute), ...all);
    expect(told(watched)).toEqual(news);
  });

  it('names no end between', () => {
    const watched = begun();
    sees(watched, START, { end: '2026-12-23' });
    sees(watched, minutes(15), { end: '2027-01-02' });
    sees(watched, minutes(60), { end: '2027-01-02' });
    expect(watched.ledger[2]?.changes).toMatchObject([{ type: 'LicenseRenewed' }]);
    expect(watched.ledger[2]?.toldChanges).toMatchObject([
      {
        type: 'LicenseShortened',
        before: { end: at('2027-02-01') },
        after: { end: at('2027-01-02') },
      },
    ]);
  });

  it('waits an hour for each bad fact, and tells all of them together', () => {
    const watched = begun();
    sees(watched, START, owned(3));
    sees(watched, minutes(45), { status: 'SUSPENDED', ...owned(3) });
    sees(watched, minutes(60), { status: 'SUSPENDED', ...owned(3) });
    sees(watched, minutes(90), { status: 'SUSPENDED', ...owned(3) });
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(105), { status: 'SUSPENDED', ...owned(3) });
    expect(told(watched)).toEqual(['LicenseSuspended LicenseDowngraded 5 -> 3']);
  });

  it('counts the hour of each of several licenses and dimensions by itself', () => {
    const two = [{}, { arn: 'b', begin: '2026-03-01', end: '2027-05-01' }] as const;
    const watched = new WatchedContract();
    watched.look(plus(START, -DAY), seen(two.map((traits) => license(traits))));
    sees(watched, START, two[0], { ...two[1], end: '2027-04-01' });
    sees(watched, minutes(45), { ...two[0], end: '2026-10-01' }, { ...two[1], end: '2027-04-01' });
    sees(watched, minutes(60), { ...two[0], end: '2026-10-01' }, { ...two[1], end: '2027-04-01' });
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(60), two[0], { ...two[1], end: '2027-04-01' });
  });
});

describe('what is a fact of its own, whose hour counts from when it was first seen', () => {
  const facts = (watched: WatchedContract) =>
    (watched.head?.settling?.bad ?? []).map(({ fact }) => fact);
  const scans = (count: number, unit: ReturnType<typeof seats>['unit'] = 'Count') => ({
    ...seats(count),
    name: 'Scans',
    unit,
  });

  it.each<[string, LicenseTraits, LicenseTraits, readonly string[]]>([
    ['fewer seats', owned(5, other(2)), owned(3, other(2)), ['ReadOnly Count']],
    ['fewer of two', owned(5, other(2)), owned(3, other(1)), ['ReadOnly Count', 'Writers Count']],
    ['a dimension that is gone', owned(5, other(2)), owned(5), ['Writers Count']],
    [
      'one that is gone, and fewer of the rest',
      owned(5, other(2)),
      owned(4),
      ['ReadOnly Count', 'Writers Count'],
    ],
    [
      'fewer of one of two units',
      owned(5, scans(9, 'Count'), scans(9, 'Gigabytes')),
      owned(5, scans(9, 'Count'), scans(8, 'Gigabytes')),
      ['Scans Gigabytes'],
    ],
    [
      'fewer of two beside a third that is as many as they become',
      owned(5, other(4), scans(3)),
      owned(4, other(3), scans(3)),
      ['ReadOnly Count', 'Writers Count'],
    ],
    [
      'fewer in two units beside a third',
      owned(9, scans(5, 'Count'), scans(4, 'Gigabytes'), scans(3, 'Megabytes')),
      owned(9, scans(4, 'Count'), scans(3, 'Gigabytes'), scans(3, 'Megabytes')),
      ['Scans Count', 'Scans Gigabytes'],
    ],
    ['less than unlimited', { entitlements: [USAGE, seats(null)] }, owned(5), ['ReadOnly Count']],
  ])('%s', (_, from, to, lost) => {
    const watched = begun(from);
    expect(sees(watched, START, to)).toEqual(['LicenseDowngraded']);
    expect(facts(watched)).toEqual(lost.map((each) => `LicenseDowngraded ${each}`));
  });

  it('a suspension after a removal; but what was removed and has ended since is the same', () => {
    const watched = begun();
    for (const minute of [0, 15]) watched.look(minutes(minute), seen([]));
    expect(facts(watched)).toEqual(['LicenseRemoved']);
    sees(watched, minutes(45), { status: 'SUSPENDED' });
    expect(facts(watched)).toEqual(['LicenseSuspended']);
    sees(watched, minutes(90), { status: 'SUSPENDED' });
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(105), { status: 'SUSPENDED' });
    expect(told(watched)).toEqual(['LicenseSuspended']);
  });

  it('a lower tier', () => {
    const watched = new WatchedContract(product({ tiers: ['Basic', 'Pro'] }));
    const owns = (name: string) => ({ entitlements: [USAGE, tier(name), seats(5)] });
    watched.look(plus(START, -DAY), seen([license(owns('Pro'))]));
    sees(watched, START, owns('Basic'));
    expect(facts(watched)).toEqual(['LicenseDowngraded tier']);
  });

  it('what became of one license of several, and what becomes of another', () => {
    const three = (...states: readonly LicenseTraits[]): readonly LicenseTraits[] =>
      ['a', 'b', 'c'].map((arn, n) => ({ arn, ...states[n] }));
    const watched = new WatchedContract();
    watched.look(plus(START, -DAY), seen(three().map((traits) => license(traits))));
    const suspended = { status: 'SUSPENDED' } as const;
    sees(watched, START, ...three(suspended));
    expect(facts(watched)).toEqual([`LicenseSuspended ${arnOf('a')}`]);
    sees(watched, minutes(45), ...three(suspended, suspended));
    expect(facts(watched)).toEqual([`LicenseSuspended ${arnOf('a')} ${arnOf('b')}`]);
    sees(watched, minutes(60), ...three(suspended, suspended));
    expect(told(watched)).toEqual([]);
    sees(watched, minutes(105), ...three(suspended, suspended));
    expect(told(watched)).toEqual(['LicenseSuspended']);
  });

  it('what was removed is told as ended, where its end passed before the hour was over', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    for (const minute of ['15', '30']) watched.look(at(`2027-01-31T23:${minute}`), seen([]));
    watched.look(at('2027-02-01T00:30'), seen([]));
    expect(told(watched)).toEqual(['LicenseExpired']);
    expect(watched.last).toMatchObject({
      kind: 'version',
      changes: [],
      entry: 3,
      effectiveAt: at('2027-02-01'),
    });
  });

  it('what was removed is, once its end has passed, ended: by an entry that says so, an hour after it was gone', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-01-31T23:15'), seen([]));
    expect(watched.look(at('2027-01-31T23:30'), seen([]))).toEqual(['LicenseRemoved']);
    expect(facts(watched)).toEqual(['LicenseRemoved']);
    watched.look(at('2027-02-01'), seen([]));
    expect(facts(watched)).toEqual(['LicenseExpired']);
    expect(watched.last.toldChanges).toMatchObject([{ type: 'LicenseExpired' }]);
    expect(watched.ledger).toHaveLength(3);
    watched.look(at('2027-02-01T00:15'), seen([]));
    expect(told(watched)).toEqual([]);
    watched.look(at('2027-02-01T00:30'), seen([]));
    expect(told(watched)).toEqual(['LicenseExpired']);
  });

  it('an end after a suspension has an hour of its own', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-01-31T23:15'), seen([license({ version: '2', status: 'SUSPENDED' })]));
    const over = seen([license({ version: '2', status: 'SUSPENDED' })]);
    watched.look(at('2027-02-01'), over);
    watched.look(at('2027-02-01T00:15'), over);
    expect(told(watched)).toEqual([]);
    watched.look(at('2027-02-01T01:00'), over);
    expect(told(watched)).toEqual(['LicenseExpired']);
  });
});

it('nothing settles where people believe that nothing can be used, and something can', () => {
  const watched = new WatchedContract();
  watched.look(at('2027-01-31'), seen([license()]));
  watched.look(at('2027-02-01'), seen([license()]));
  watched.look(at('2027-02-01T01:00'), seen([license()]));
  watched.look(
    at('2027-02-01T03:00'),
    seen([license({ version: '2', end: '2028-02-01', ...owned(3) })]),
  );
  expect(told(watched)).toEqual(['LicenseExpired', 'LicenseRenewed LicenseDowngraded 5 -> 3']);
});

describe('bad news that stays', () => {
  it('is told by the first good look an hour later, and by nothing else', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    expect(watched.head?.nextDue).toBe(plus(minutes(63), 0));
    const notice = watched.noticesTo('buyer').at(-1);
    expect(notice).toMatchObject({ state: 'settling', severity: 'urgent', notBefore: minutes(63) });
    const same = seen([license({ version: String(version), status: 'SUSPENDED' })]);
    watched.look(minutes(45), same);
    expect(told(watched)).toEqual([]);
    watched.look(minutes(60), trouble());
    watched.look(minutes(75), NOT_LOOKED);
    expect(told(watched)).toEqual([]);
    watched.look(minutes(90), same);
    expect(told(watched)).toEqual(['LicenseSuspended']);
    expect(watched.ledger).toHaveLength(2);
    expect(watched.head?.settling).toBeNull();
  });

  it('is not ended by a look that is doubted', () => {
    const watched = new WatchedContract();
    watched.look(plus(START, -DAY), seen([license(), license({ arn: 'b' })]));
    const worse = license({ version: '2', status: 'SUSPENDED' });
    watched.look(START, seen([worse, license({ arn: 'b', status: 'SUSPENDED', version: '2' })]));
    // The second is missing from the list, once; then the first goes back to what is superseded.
    watched.look(minutes(60), seen([worse]));
    watched.look(
      minutes(75),
      seen([license(), license({ arn: 'b', status: 'SUSPENDED', version: '2' })]),
    );
    expect(told(watched)).toEqual([]);
    watched.look(
      minutes(90),
      seen([worse, license({ arn: 'b', status: 'SUSPENDED', version: '2' })]),
    );
    expect(told(watched)).toEqual(['LicenseSuspended']);
  });

  it('is told by the next tick where ticks are hours apart, and by no look that is asked for between', () => {
    const watched = begun();
    watched.intervalMinutes = 240;
    sees(watched, START, { status: 'SUSPENDED' });
    expect(watched.head?.nextDue).toBe(at('1970-01-01'));
    const same = seen([license({ version: String(version), status: 'SUSPENDED' })]);
    watched.look(START, same, plus(START, 2 * HOUR));
    expect(told(watched)).toEqual([]);
    watched.look(plus(START, 4 * HOUR), same);
    expect(told(watched)).toEqual(['LicenseSuspended']);
  });
});

it.each<[string, number, number, number, boolean]>([
  ['the next tick, half an hour later', 90, 90, 30, true],
  ['the next tick, sooner than half an hour', 90, 90, 29, false],
  ['an hour apart is no more than an hour: the same tick', 60, 0, 60, true],
  ['an hour apart is no more than an hour: the next tick, too soon', 60, 60, 59, false],
])('is told by %s', (_, intervalMinutes, tickMinutes, lookMinutes, isTold) => {
  const watched = begun();
  watched.intervalMinutes = intervalMinutes;
  const same = seen([license({ version: '2', status: 'SUSPENDED' })]);
  watched.look(START, same, START);
  watched.alwaysDecides = true;
  watched.look(minutes(tickMinutes), same, minutes(lookMinutes));
  expect(told(watched)).toEqual(isTold ? ['LicenseSuspended'] : []);
});

describe('what its entries held beside it', () => {
  it('goes on in order: that the watch works again, the license, the rest; and that it works again once', () => {
    const dimensions = { ReadOnly: { ...SEAT, usedUp: true } };
    const watched = new WatchedContract(product({ dimensions }));
    const looks = (minute: number, consumed: number, traits: LicenseTraits = {}) =>
      watched.look(
        minutes(minute),
        seen([license({ version: '2', status: 'SUSPENDED', ...traits })], {
          usage: [
            {
              name: 'ReadOnly',
              unit: 'Count',
              consumed: quantity(consumed),
              maxCount: quantity(5),
            },
          ],
        }),
      );
    const fails = (...ticks: readonly number[]) => {
      for (const minute of ticks) watched.look(minutes(minute), blind());
    };
    const toldChanges = () => watched.last.toldChanges?.map(({ type }) => type);
    watched.look(plus(START, -DAY), seen([license()]));
    fails(0, 15, 30);
    looks(400, 4);
    expect(toldChanges()).toEqual(['WatchRestored', 'LicenseSuspended', 'UsageThresholdCrossed']);
    looks(415, 4, { status: 'DEACTIVATED', version: '3' });
    expect(toldChanges()).toEqual(['WatchRestored', 'LicenseDeactivated', 'UsageThresholdCrossed']);
    fails(430, 445, 460);
    looks(900, 5, { status: 'DEACTIVATED', version: '3' });
    expect(toldChanges()).toEqual([
      'WatchRestored',
      'LicenseDeactivated',
      'UsageThresholdCrossed',
      'UsageThresholdCrossed',
    ]);
    expect(watched.last.toldChanges?.[0]).toMatchObject({
      before: { lastSeen: minutes(418) },
    });
  });
});

describe('what nobody can confirm', () => {
  const two = (first: LicenseTraits, second: LicenseTraits | null = {}) =>
    seen(
      [first, ...(second === null ? [] : [{ arn: 'b', ...second }])].map((traits) =>
        license(traits),
      ),
    );
  const BAD = { version: '2', status: 'SUSPENDED' } as const;
  const hours = (count: number) => plus(START, count * HOUR);
  /** Hours from START at which the seller hears that it could not be confirmed, and of which entry. */
  const toldSeller = (watched: WatchedContract) =>
    watched.notices
      .filter(({ about, audience }) => about === 'unconfirmed' && audience === 'seller')
      .map(({ entry, bornAt }) => [entry, Math.floor(between(START, bornAt) / HOUR)]);
  const unseen = (watched: WatchedContract, from: number, until: number) => {
    for (let hour = from; hour <= until; hour += 1) watched.look(hours(hour), NOT_LOOKED);
  };
  const beginning = () => {
    const watched = new WatchedContract();
    watched.look(plus(START, -DAY), two({}));
    return watched;
  };

  it('counts its day from a good look, and from no look that was doubted', () => {
    const doubted = beginning();
    doubted.look(hours(0), two(BAD));
    unseen(doubted, 1, 11);
    doubted.look(hours(12), two(BAD, null));
    unseen(doubted, 13, 60);
    expect(toldSeller(doubted)).toEqual([[2, 24]]);
  });

  it('counts from then what was first seen by a look that was doubted', () => {
    const watched = beginning();
    // The other is missing, once.
    watched.look(hours(0), two(BAD));
    unseen(watched, 1, 9);
    watched.look(
      hours(10),
      seen([
        license({ version: '3', status: 'DEACTIVATED' }),
        license({ arn: 'b', listed: { ...license(), status: 'SUSPENDED' } }),
      ]),
    );
    expect(watched.head?.settling?.bad.map(({ seenAt }) => seenAt)).toEqual([
      plus(hours(10), 3 * MINUTE),
    ]);
    unseen(watched, 11, 60);
    expect(toldSeller(watched)).toEqual([[3, 34]]);
  });

  it('is said once of what a doubted look saw first, a day later', () => {
    const watched = beginning();
    watched.look(
      hours(0),
      seen([license(BAD), license({ arn: 'b', listed: { ...license(), status: 'SUSPENDED' } })]),
    );
    expect(watched.head?.settling).toMatchObject({ isUnconfirmedTold: false });
    unseen(watched, 1, 60);
    expect(toldSeller(watched)).toEqual([[2, 24]]);
  });

  it('is said again of the entry by which a good look saw something else, and not of one that a doubted look made', () => {
    const watched = beginning();
    watched.look(hours(0), two(BAD));
    unseen(watched, 1, 30);
    const doubtful = license({ arn: 'b', listed: { ...license(), status: 'SUSPENDED' } });
    const worse = license({ version: '3', status: 'DEACTIVATED' });
    watched.look(hours(31), seen([worse, doubtful]));
    unseen(watched, 32, 60);
    expect(toldSeller(watched)).toEqual([[2, 24]]);
    watched.look(hours(61), two({ version: '4', status: 'SUSPENDED', ...owned(3) }));
    unseen(watched, 62, 90);
    expect(toldSeller(watched)).toEqual([
      [2, 24],
      [4, 85],
    ]);
  });

  it.each<[string, readonly string[], readonly LicenseTraits[], boolean]>([
    ['one that ends now', ['LicenseExpired'], [{ end: '2026-06-02' }], true],
    [
      'one that ended, and was suspended before',
      ['LicenseSuspended', 'LicenseExpired'],
      [{ end: '2026-06-01' }],
      true,
    ],
    ['a suspension', ['LicenseSuspended'], [{ end: '2026-06-01' }], false],
    ['an end to come', ['LicenseExpired'], [{ end: '2026-06-03' }], false],
    ['one of two', ['LicenseExpired'], [{ end: '2026-06-01' }, { end: '2026-06-03' }], false],
    ['no end at all', ['LicenseExpired'], [{ end: null }], false],
  ])('the dates confirm or do not confirm an end: %s', (_, bad, licenses, confirmed) => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    const settling = watched.head?.settling;
    if (!settling) throw new Error('nothing settles');
    const state = licenses.map((traits, n) =>
      canonicalLicense(license({ arn: `l${n}`, ...traits })),
    );
    expect(
      isEndByDates(
        {
          ...settling,
          told: { ...settling.told, state },
          bad: bad.map((fact) => ({ fact, seenAt: START, tick: START })),
        },
        START,
      ),
    ).toBe(confirmed);
  });

  it('is told the seller once after a day; the rest goes on settling', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    for (let hour = 1; hour < 24; hour += 1) watched.look(plus(START, hour * HOUR), trouble());
    expect(watched.noticesTo('seller').filter(({ about }) => about !== undefined)).toEqual([]);
    for (let hour = 24; hour < 60; hour += 1) watched.look(plus(START, hour * HOUR), NOT_LOOKED);
    const unconfirmed = watched.notices.filter(({ about }) => about === 'unconfirmed');
    expect(unconfirmed).toMatchObject([
      { audience: 'seller', entry: 2, state: 'due', severity: 'attention' },
      { audience: 'bus', entry: 2, state: 'due', severity: 'attention' },
    ]);
    expect(told(watched).filter((news) => news.includes('LicenseSuspended'))).toEqual([]);
    expect(watched.head?.settling).toMatchObject({ isUnconfirmedTold: true });
    sees(watched, plus(START, 60 * HOUR), {});
    expect(told(watched).join()).not.toContain('LicenseSuspended');
    expect(watched.notices.filter(({ about }) => about === 'unconfirmed')).toMatchObject([
      { audience: 'seller', state: 'withdrawn' },
      { audience: 'bus', state: 'withdrawn' },
    ]);
  });

  it('is told the buyer only of an end that the dates confirm', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-02-01'), seen([license()]));
    for (let hour = 1; hour < 30; hour += 1)
      watched.look(plus(at('2027-02-01'), hour * HOUR), NOT_LOOKED);
    expect(told(watched)).toEqual(['LicenseExpired unconfirmed']);
    watched.look(at('2027-02-02T06:00'), seen([license()]));
    expect(told(watched), 'the word that nobody could confirm it is answered').toEqual([
      'LicenseExpired',
    ]);
  });
});

describe('while it settles', () => {
  const ending = { end: '2026-06-05T00:20' };

  it('people are reminded of the end they know, by an entry of its own', () => {
    const watched = begun(ending);
    sees(watched, START, { ...ending, ...owned(3) });
    watched.look(
      minutes(30),
      seen([license({ version: String(version), ...ending, ...owned(3) })]),
    );
    expect(told(watched)).toEqual(['reminder 3']);
    expect(watched.head?.settling).toMatchObject({ remindedUntil: null });
    expect(watched.last).toMatchObject({
      kind: 'reminder',
      told: { standing: 'in-force', validityEnd: at(ending.end) },
    });
    watched.look(
      minutes(60),
      seen([license({ version: String(version), ...ending, ...owned(3) })]),
    );
    expect(told(watched)).toEqual(['LicenseDowngraded 5 -> 3', 'reminder 3']);
  });

  it('a reminder that is due with it stands back until the next look', () => {
    const watched = begun({ end: '2026-06-05' });
    expect(sees(watched, START, { end: '2026-06-05', ...owned(3) })).toEqual(['LicenseDowngraded']);
    const same = seen([license({ version: String(version), end: '2026-06-05', ...owned(3) })]);
    expect(watched.look(START, same, minutes(10)), 'delivered twice').toEqual([]);
    expect(watched.look(minutes(15), same)).toEqual(['reminder 3']);
    expect(told(watched)).toEqual(['reminder 3']);
    expect(watched.look(minutes(30), same)).toEqual([]);
    watched.look(minutes(60), same);
    expect(told(watched)).toEqual(['LicenseDowngraded 5 -> 3', 'reminder 3']);
  });

  it('of an end that moved closer nobody is reminded before it is told', () => {
    const watched = begun();
    sees(watched, START, { end: '2026-06-09T00:20' });
    watched.look(
      minutes(30),
      seen([license({ version: String(version), end: '2026-06-09T00:20' })]),
    );
    expect(told(watched)).toEqual([]);
  });

  it('nobody hears of the day after an end that settles', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-02-01T23:30'), seen([license()]));
    watched.look(at('2027-02-02'), seen([license()]));
    expect(told(watched)).toEqual([]);
    watched.look(at('2027-02-02T00:30'), seen([license()]));
    expect(told(watched)).toEqual(['LicenseExpired']);
  });

  it('a lost watch is told at once, and what settles is not', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    for (let tick = 1; tick < 4; tick += 1) watched.look(minutes(tick * 15), blind());
    expect(told(watched)).toEqual(['WatchLost']);
    expect(watched.last).toMatchObject({ told: { standing: 'in-force' } });
  });

  it('the end of the watch withdraws it, and tells the seller what was seen', () => {
    const watched = begun();
    sees(watched, START, { status: 'SUSPENDED' });
    watched.look(minutes(15), LEFT);
    expect(told(watched)).toEqual([]);
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ state: 'withdrawn' });
    expect(watched.last.changes).toMatchObject([
      {
        type: 'WatchEnded',
        reason: expect.stringMatching(
          /not confirmed before the watch ended.*the license was suspended/,
        ) as string,
      },
    ]);
    sees(watched, minutes(30), { end: '2028-02-01' });
    for (let tick = 3; tick < 12; tick += 1)
      sees(watched, minutes(tick * 15), { end: '2028-02-01' });
    expect(told(watched)).toEqual([]);
    expect(product().id).toBe('example');
  });
});
