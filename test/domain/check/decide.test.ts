import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../support/verify-chain.ts';
import { DAY, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { newHead } from '../../../lib/domain/check/head.ts';
import { BUYER, product, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, USAGE } from '../../support/licenses.ts';
import { blind, LEFT, NOT_LOOKED, REFUSED, seen, trouble } from '../../support/observations.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const TICK = 15 * MINUTE;

/** Looks at every tick of a span. */
function ticks(from: Instant, count: number): readonly Instant[] {
  return Array.from({ length: count }, (_, index) => plus(from, index * TICK));
}

describe('a year of one contract', () => {
  it('goes from the first look over an upgrade, a renewal and reminders to the end', () => {
    const watched = new WatchedContract();
    const v1 = license();
    const v2 = license({ version: '2', entitlements: [USAGE, seats(8)] });
    const v3 = license({ version: '3', entitlements: [USAGE, seats(8)], end: '2028-02-01' });
    expect(watched.look(at('2026-03-01'), seen([v1]))).toEqual(['WatchStarted']);
    expect(watched.look(at('2026-03-02'), seen([v1]))).toEqual([]);
    expect(watched.look(at('2026-04-01'), seen([v2]))).toEqual(['LicenseUpgraded']);
    expect(watched.look(at('2026-11-03'), seen([v2]))).toEqual(['reminder 90']);
    expect(watched.look(at('2026-11-04'), seen([v2]))).toEqual([]);
    expect(watched.look(at('2026-12-01'), seen([v3]))).toEqual(['LicenseRenewed']);
    expect(watched.last.changes[0]).toMatchObject({ early: true, gapMilliseconds: null });
    const told: string[] = [];
    for (let tick = at('2026-12-02'); tick < at('2028-02-05'); tick = plus(tick, DAY)) {
      told.push(...watched.look(tick, seen([v3])).map((name) => `${tick.slice(0, 10)} ${name}`));
    }
    expect(told).toEqual([
      '2027-11-03 reminder 90',
      '2027-12-03 reminder 60',
      '2028-01-02 reminder 30',
      '2028-01-18 reminder 14',
      '2028-01-25 reminder 7',
      '2028-01-29 reminder 3',
      '2028-01-31 reminder 1',
      '2028-02-01 LicenseExpired',
      '2028-02-02 reminder -1',
    ]);
    expect(verifyChain(watched.ledger, sha256)).toBeNull();
  });

  it('writes and reads nothing while the same license is seen', () => {
    const watched = new WatchedContract();
    for (const tick of ticks(at('2026-03-01'), 96)) watched.look(tick, seen([license()]));
    expect(watched.decided).toBe(1);
    expect(watched.ledger).toHaveLength(1);
  });
});

describe('a watch that ends', () => {
  it('is told once, has no calendar, and starts anew when the buyer comes back', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([license()]));
    expect(watched.look(at('2026-04-01'), LEFT)).toEqual(['WatchEnded']);
    expect(watched.look(at('2026-04-02'), LEFT)).toEqual([]);
    expect(watched.look(at('2027-01-03'), NOT_LOOKED)).toEqual([]);
    expect(watched.look(at('2027-01-04'), seen([license()]))).toEqual([
      'WatchStarted',
      'reminder 30',
    ]);
    expect(watched.noticesTo('buyer').map(({ kind }) => kind)).toEqual(['welcome', 'welcome']);
  });

  it('is not begun anew by a check that was asked for before it ended', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([license()]));
    // Three minutes into the tick: a sweep's last checks are still on their way.
    watched.look(at('2026-04-01T12:00'), LEFT);
    const { head } = watched;
    for (const observation of [seen([license({ version: '2' })]), blind(), NOT_LOOKED]) {
      expect(watched.look(at('2026-04-01T12:00'), observation)).toEqual([]);
      expect(watched.look(at('2026-04-01T12:03'), observation)).toEqual([]);
    }
    expect(watched.head).toEqual(head);
    expect(watched.look(at('2026-04-01T12:15'), seen([license()]))).toEqual(['WatchStarted']);
  });

  it('takes no leave where nothing was ever said', () => {
    const watched = new WatchedContract();
    expect(watched.look(at('2026-04-01'), LEFT)).toEqual([]);
    expect(watched.head).toMatchObject({ entries: 0 });
  });
});

describe('a watch that begins blind', () => {
  it('has a head and no entry until WatchLost, and starts with the first good read', () => {
    const watched = new WatchedContract();
    const [one, two, three, four] = ticks(at('2026-03-01'), 4) as [
      Instant,
      Instant,
      Instant,
      Instant,
    ];
    expect(watched.look(one, blind())).toEqual([]);
    expect(watched.head).toMatchObject({ entries: 0, standing: 'none', verdict: 'unknown' });
    expect(watched.look(two, blind())).toEqual([]);
    expect(watched.look(three, blind())).toEqual(['WatchLost']);
    expect(watched.look(four, seen([license()]))).toEqual(['WatchRestored', 'WatchStarted']);
  });

  it('starts without further words after trouble', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), trouble());
    expect(watched.look(at('2026-03-01T00:15'), seen([]))).toEqual(['WatchStarted']);
    expect(watched.last).toMatchObject({ standing: 'none', before: null, validityEnd: null });
  });
});

describe('an entry', () => {
  it('says when it took effect where AWS’s dates tell, and else between which looks', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-02-01'), seen([license()]));
    expect(watched.last).toMatchObject({
      effectiveAt: at('2027-02-01'),
      seenBetween: { after: '2027-01-31T00:03:00Z', by: '2027-02-01T00:03:00Z' },
      validityEnd: at('2027-02-01'),
      kind: 'version',
    });
    watched.look(
      at('2027-02-06'),
      seen([license(), license({ arn: 'b', begin: '2027-02-05T10:00', end: '2028-02-05' })]),
    );
    expect(watched.last).toMatchObject({
      effectiveAt: at('2027-02-05T10:00'),
      validityEnd: at('2028-02-05'),
    });
    watched.look(
      at('2027-02-07'),
      seen([
        license({
          arn: 'b',
          version: '2',
          begin: '2027-02-05T10:00',
          end: '2028-02-05',
          entitlements: [seats(8)],
        }),
      ]),
    );
    expect(watched.last).toMatchObject({
      effectiveAt: null,
      before: [{ version: '1' }],
      after: [{ version: '2' }],
    });
  });
});

it.each([
  ['begins', [license({ begin: '2026-03-05T10:00' })], 'LicenseBegan', '2026-03-05T10:00'],
  ['is granted', [], 'LicenseGranted', '2026-03-05T10:00'],
  ['is granted, and began before anybody looked', [], 'LicenseGranted', '2026-02-01'],
  ['is granted beside one that is to come', [], 'LicenseGranted', '2026-03-05T10:00'],
] as const)(
  'a license that %s has done so at its begin, where that lies between the looks',
  (_, first, type, begin) => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen(first));
    watched.look(
      at('2026-03-06'),
      seen([
        license({ begin }),
        ...(_.includes('to come') ? [license({ arn: 'b', begin: '2026-04-01' })] : []),
      ]),
    );
    expect(watched.changes).toContain(type);
    expect(watched.last.effectiveAt).toBe(begin === '2026-02-01' ? null : at(begin));
  },
);

it('an entry without a named change says so', () => {
  const watched = new WatchedContract();
  watched.look(at('2026-03-01'), seen([license()]));
  watched.look(at('2026-03-02'), seen([license({ version: '2' })]));
  expect(watched.last).toMatchObject({
    changes: [],
    reason:
      'the license differs in nothing that has a name; the reads say in force; no checkout was tried',
  });
});

describe('a first look', () => {
  it('that sees nothing leaves a head in which nothing is known', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), trouble());
    expect(watched.head).toMatchObject({
      ...newHead({ buyer: BUYER, product: product() }),
      ...{
        revision: 1,
        nextDue: at('1970-01-01'),
        blind: { ticks: 1 },
        lastTick: at('2026-03-01'),
      },
    });
    expect(newHead({ buyer: BUYER, product: product() })).toMatchObject({
      contract: '111122223333#example',
      ...{ entries: 0, revision: 0, lastHash: null, digest: '', nextDue: null, lastTick: null },
      ...{ state: [], standing: 'none', verdict: 'unknown', needed: 'unknown' },
      ...{ superseded: [], highest: [], marks: [], usageMarks: [], unknownTiers: [] },
      others: { beside: [], foreign: [] },
    });
  });

  it.each([
    [[], 'the first look found no license of the product'],
    [[license()], 'the first look at this contract'],
  ])('says whether there is a license', (licenses, reason) => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen(licenses));
    expect(watched.last.changes).toMatchObject([{ type: 'WatchStarted', reason }]);
    expect(watched.head).toMatchObject({ refused: null, others: { beside: [], foreign: [] } });
  });

  it('counts a refused checkout from the start, and a doubt after the watch was lost tells that it works again', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([license()], { probe: REFUSED }));
    expect(watched.head).toMatchObject({ refused: { ticks: 1, told: false }, verdict: 'unknown' });
    const lost = new WatchedContract();
    for (const minute of ['00', '15', '30']) lost.look(at(`2026-03-01T00:${minute}`), blind());
    expect(lost.changes).toEqual(['WatchLost']);
    const { version, status, validity, entitlements } = license();
    const listed = { version, status, validity, entitlements };
    lost.look(at('2026-03-01T07:00'), seen([license({ status: 'SUSPENDED', listed })]));
    expect(lost.changes).toEqual(['WatchLost', 'WatchRestored']);
    expect(lost.head).toMatchObject({ blind: null, watchStarted: null });
  });
});

describe('what a doubted look brought by the dates', () => {
  const to = { begin: '2026-03-02', end: '2026-06-01' };
  const known = license({ version: '2', ...to });
  const { version, validity, entitlements } = known;

  it.each([
    ['the license was missing once', []],
    ['the answer was stale', [license({ version: '1', ...to })]],
    [
      'the list and GetLicense disagreed',
      [{ ...known, listed: { version, validity, entitlements, status: 'SUSPENDED' as const } }],
    ],
  ])('is known since: %s', (_, doubted) => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([known]));
    expect(watched.look(at('2026-04-01'), seen(doubted))).toContain('LicenseBegan');
    // It ran out as it was known, whatever AWS made of it afterwards.
    expect(
      watched.look(at('2026-06-02'), seen([license({ version: '3', status: 'DELETED', ...to })])),
    ).toEqual(['LicenseExpired']);
  });
});

describe('what was reminded of an end', () => {
  const mark = (endDate: string) => ({ endDate, daysBefore: 90, how: 'told' as const });

  it('is remembered for 400 days, and for as long as the contract stands at that end', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    watched.look(at('2027-02-01'), seen([license()]));
    watched.look(at('2027-02-01T02:00'), seen([license()]));
    const { head } = watched;
    if (head === null) throw new Error('no head');
    watched.head = {
      ...head,
      marks: [
        mark('2027-01-31'),
        mark('2027-02-01'),
        mark('2027-05-02'),
        mark('2027-05-03'),
        mark('2028-01-01'),
      ],
    };
    // 400 days after 2027-05-03.
    watched.look(at('2028-06-06'), seen([license()], { foreign: ['arn:foreign'] }));
    expect(watched.last.changes).toMatchObject([{ type: 'ForeignLicenseFound' }]);
    expect(
      watched.head.marks.filter(({ how }) => how === 'told').map(({ endDate }) => endDate),
    ).toEqual(['2027-02-01', '2027-05-03', '2028-01-01']);
  });
});

describe('a head', () => {
  it('is not written for a look that finds what settles as it was', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([license()]));
    const suspended = seen([license({ version: '2', status: 'SUSPENDED' })]);
    watched.look(at('2026-03-02'), suspended);
    watched.alwaysDecides = true;
    const { head } = watched;
    watched.look(at('2026-03-02T00:15'), suspended);
    expect(watched.head).toBe(head);
  });

  it('goes back to no earlier tick by a look that comes late', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-03-01'), seen([license()]));
    watched.look(at('2026-03-01T00:30'), seen([license({ version: '2' })]));
    watched.look(at('2026-03-01T00:15'), seen([license({ version: '3' })]), at('2026-03-01T00:34'));
    expect(watched.head).toMatchObject({ lastTick: at('2026-03-01T00:30'), entries: 3 });
    watched.look(at('2026-03-01T00:45'), seen([license({ version: '4' })]));
    expect(watched.head).toMatchObject({ lastTick: at('2026-03-01T00:45') });
  });

  it('is not written for usage that moves', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    const used = (consumed: number) =>
      seen([license()], {
        usage: [
          { name: 'ReadOnly', unit: 'Count', consumed: quantity(consumed), maxCount: quantity(5) },
        ],
      });
    watched.look(at('2026-03-01'), used(1));
    const { head } = watched;
    watched.look(at('2026-03-02'), used(2));
    expect(watched.head).toBe(head);
    watched.look(at('2026-03-03'), seen([license({ version: '2' })]));
    expect(watched.head?.usage, 'a look that reads none').toEqual(head?.usage);
  });

  it('remembers no license where none was ever seen', () => {
    const watched = new WatchedContract();
    watched.alwaysDecides = true;
    for (const day of ['2026-03-01', '2026-03-02']) watched.look(at(day), seen([]));
    expect(watched.head?.knownBefore).toBeNull();
  });
});

it('finds at the first look what is owned and not activated, and at that of a new watch no stranger twice', () => {
  const waiting = license({ receivedStatus: 'PENDING_ACCEPT' });
  const watched = new WatchedContract();
  const foreign = ['arn:foreign'];
  const first = watched.look(at('2026-06-01'), seen([waiting], { foreign }));
  expect(first).toEqual(['WatchStarted', 'LicenseNotActivated', 'ForeignLicenseFound']);
  watched.look(at('2026-06-02'), LEFT);
  expect(watched.look(at('2026-06-03'), seen([license()], { foreign }))).toEqual(['WatchStarted']);
});
