import { describe, expect, it } from 'vitest';
import { canonicalState, standingOf } from '../../../../lib/domain/license/canonical-state.ts';
import { CHANGE_TYPES, type Change } from '../../../../lib/domain/check/changes.ts';
import { type License, type Side, STANDINGS } from '../../../../lib/domain/license/contract.ts';
import { differencesBetween } from '../../../../lib/domain/check/differences/differences.ts';
import {
  unknownTiersFound,
  unknownTiersIn,
} from '../../../../lib/domain/check/differences/purchase-change.ts';
import { TRANSITION_TABLE } from '../../../../lib/domain/check/differences/standing-change.ts';
import { DAY, MINUTE } from '../../../../lib/domain/time.ts';
import { quantity } from '../../../../lib/domain/license/quantity.ts';
import { anAgreement } from '../../../support/agreements.ts';
import { product } from '../../../support/contracts.ts';
import {
  arnOf,
  at,
  gigabytes,
  license,
  seats,
  tier,
  USAGE,
  type LicenseTraits,
} from '../../../support/licenses.ts';

const THEN = '2026-06-01';
const TIERED = product({
  tiers: ['BasicTier', 'IntermediateTier', 'PremiumTier'],
});

function side(licenses: readonly License[], when: string): Side {
  const now = at(when);
  const state = canonicalState(licenses, now);
  return { state, standing: standingOf(state, now), at: now };
}

function changes(
  before: readonly License[],
  after: readonly License[],
  of = product(),
  from = THEN,
  to = THEN,
): readonly Change[] {
  return differencesBetween(side(before, from), side(after, to), of);
}

function names(...of: Parameters<typeof changes>): readonly string[] {
  return changes(...of).map(({ type }) => type);
}

const counted = (name: string, maxCount: number) => seats(maxCount, name);
const holding = (...entitlements: License['entitlements']) =>
  license({ version: '2', entitlements: [USAGE, ...entitlements] });

describe('what was bought', () => {
  it.each([
    ['more seats', holding(seats(5)), holding(seats(8)), ['LicenseUpgraded']],
    ['fewer seats', holding(seats(5)), holding(seats(3)), ['LicenseDowngraded']],
    ['unlimited seats', holding(seats(5)), holding(seats(null)), ['LicenseUpgraded']],
    [
      'seats of another kind beside them',
      holding(seats(5)),
      holding(seats(5), seats(1, 'Admin')),
      ['LicenseUpgraded'],
    ],
    [
      'more of one and fewer of another',
      holding(seats(5), seats(2, 'Admin')),
      holding(seats(6), seats(1, 'Admin')),
      ['EntitlementsChanged'],
    ],
    [
      'another unit',
      holding(seats(5)),
      holding({ ...seats(5), unit: 'Gigabytes' }),
      ['EntitlementsChanged'],
    ],
    ['Usage gone', license(), license({ version: '2', entitlements: [seats(5)] }), []],
    ['overage allowed', holding(seats(5)), holding({ ...seats(5), overage: true }), []],
    ['a bare version bump', holding(seats(5)), { ...holding(seats(5)), version: '3' }, []],
    ['a larger pool', holding(gigabytes(500)), holding(gigabytes(800)), ['LicenseUpgraded']],
  ])('%s', (_, before, after, expected) => {
    expect(names([before], [after])).toEqual(expected);
  });

  it.each([
    ['a higher tier', 'BasicTier', 'PremiumTier', 'LicenseUpgraded', []],
    ['a lower tier', 'PremiumTier', 'IntermediateTier', 'LicenseDowngraded', []],
    [
      'a tier the seller does not list',
      'PremiumTier',
      'SecretTier',
      'EntitlementsChanged',
      ['SecretTier'],
    ],
    [
      'a listed tier after one that is not',
      'SecretTier',
      'BasicTier',
      'EntitlementsChanged',
      ['SecretTier'],
    ],
  ])('%s', (_, from, to, type, unknownTiers) => {
    const [change, ...others] = changes([holding(tier(from))], [holding(tier(to))], TIERED);
    expect(change).toMatchObject({ type, before: { tier: from }, after: { tier: to } });
    if (change?.type === 'EntitlementsChanged') expect(change.unknownTiers).toEqual(unknownTiers);
    expect(others).toEqual([]);
  });

  it.each([
    ['more', 8, 'an unknown tier', 'PremiumTier', 'SecretTier'],
    ['fewer', 3, 'an unknown tier', 'PremiumTier', 'SecretTier'],
    ['more', 8, 'a known tier in place of an unknown one', 'SecretTier', 'PremiumTier'],
  ])(
    'neither more nor less can be said of %s seats (%i) with %s',
    (_more, count, _with, from, to) => {
      expect(
        changes([holding(tier(from), seats(5))], [holding(tier(to), seats(count))], TIERED),
      ).toMatchObject([{ type: 'EntitlementsChanged', unknownTiers: ['SecretTier'] }]);
    },
  );

  it.each([
    [
      'a counted tier in another number',
      counted('BasicTier', 1),
      counted('BasicTier', 3),
      ['EntitlementsChanged'],
    ],
    [
      'a tier that is counted from now on',
      tier('BasicTier'),
      counted('BasicTier', 1),
      ['EntitlementsChanged'],
    ],
    [
      'a counted tier in another unit',
      counted('BasicTier', 1),
      { ...counted('BasicTier', 1), unit: 'Gigabytes' },
      ['EntitlementsChanged'],
    ],
    [
      'a higher tier, whatever its number',
      counted('BasicTier', 5),
      counted('PremiumTier', 1),
      ['LicenseUpgraded'],
    ],
    [
      'a higher tier, counted from now on',
      tier('BasicTier'),
      counted('PremiumTier', 1),
      ['LicenseUpgraded'],
    ],
    [
      'a tier that is disabled',
      tier('BasicTier'),
      { ...tier('BasicTier'), value: 'Disabled' },
      ['LicenseDowngraded'],
    ],
    [
      'a tier that is said to be enabled',
      tier('BasicTier'),
      { ...tier('BasicTier'), value: 'Enabled' },
      [],
    ],
    [
      'a value that nobody knows',
      tier('BasicTier'),
      { ...tier('BasicTier'), value: 'Paused' },
      ['LicenseDowngraded'],
    ],
  ])('%s', (_, from, to, types) => {
    expect(names([holding(from)], [holding(to)], TIERED)).toEqual(types);
  });

  it('says the numbers of a counted tier', () => {
    expect(
      changes([holding(counted('BasicTier', 1))], [holding(counted('BasicTier', 3))], TIERED),
    ).toMatchObject([
      {
        before: { tier: 'BasicTier', counts: [{ name: 'BasicTier', maxCount: quantity(1) }] },
        after: { tier: 'BasicTier', counts: [{ name: 'BasicTier', maxCount: quantity(3) }] },
        unknownTiers: [],
      },
    ]);
  });

  it('does not count what is disabled of a product that has no tiers', () => {
    const disabled = { ...tier('Support'), value: 'Disabled' };
    expect(names([holding(seats(5))], [holding(seats(5), disabled)])).toEqual([]);
    expect(names([holding(seats(5))], [holding(seats(5), tier('Support'))])).toEqual([
      'LicenseUpgraded',
    ]);
  });

  const [ten, five] = [
    license({ entitlements: [seats(10)] }),
    license({ arn: 'b', begin: '2026-05-01', end: '2027-05-01', entitlements: [seats(5)] }),
  ];

  it('is no more with another license beside the first, and no less when that goes', () => {
    expect(changes([ten], [ten, five])).toEqual([]);
    expect(changes([ten, five], [five], product(), '2027-01-31', '2027-02-01')).toMatchObject([
      {
        type: 'LicenseExpired',
        before: { standing: 'in-force' },
        after: { standing: 'ended' },
        part: { licenses: [arnOf('a')], others: [arnOf('b')] },
      },
    ]);
    expect(changes([ten, five], [ten])).toMatchObject([
      { type: 'LicenseRemoved', part: { licenses: [arnOf('b')], others: [arnOf('a')] } },
    ]);
  });

  it.each([
    ['suspended', { status: 'SUSPENDED' }, 'LicenseSuspended', 'LicenseReinstated'],
    ['deactivated', { status: 'DEACTIVATED' }, 'LicenseDeactivated', 'LicenseReinstated'],
    ['no longer activated', { receivedStatus: 'DISABLED' }, 'GrantDeactivated', 'GrantActivated'],
  ] as const)(
    'says of which of several licenses it is %s, and of which it is so no more',
    (_, traits, lost, back) => {
      const gone = { ...five, ...traits };
      const part = { licenses: [arnOf('b')], others: [arnOf('a')] };
      expect(changes([ten, five], [ten, gone])).toMatchObject([{ type: lost, part }]);
      expect(changes([ten, gone], [ten, five])).toMatchObject([{ type: back, part }]);
    },
  );

  it('compares each of several licenses with itself, and says which it is', () => {
    const eight = { ...five, version: '2', entitlements: [seats(8)] };
    expect(changes([ten, five], [ten, eight])).toMatchObject([
      {
        type: 'LicenseUpgraded',
        licenseArn: arnOf('b'),
        before: { counts: [{ maxCount: quantity(5) }] },
        after: { counts: [{ maxCount: quantity(8) }] },
      },
    ]);
    const fewer = { ...ten, version: '2', entitlements: [seats(7)] };
    expect(changes([ten, five], [fewer, eight])).toMatchObject([
      {
        type: 'EntitlementsChanged',
        before: { counts: [{ maxCount: quantity(10) }, { maxCount: quantity(5) }] },
        after: { counts: [{ maxCount: quantity(7) }, { maxCount: quantity(8) }] },
      },
    ]);
  });

  it('compares a license with the one in whose place it came, and says nothing of the old one’s end', () => {
    const successor = license({
      arn: 'c',
      begin: '2027-01-20',
      end: '2028-02-01',
      entitlements: [seats(10)],
    });
    expect(names([ten], [ten, successor], product(), '2027-01-19', '2027-01-20')).toEqual([
      'LicenseRenewed',
    ]);
    expect(names([ten, successor], [successor], product(), '2027-01-20', '2027-02-01')).toEqual([]);
    const more = { ...successor, entitlements: [seats(12)] };
    expect(names([ten, five], [ten, five, more], product(), '2027-01-19', '2027-01-20')).toEqual([
      'LicenseRenewed',
      'LicenseUpgraded',
    ]);
    const other = { ...five, licenseArn: arnOf('d') };
    expect(names([ten, five], [ten, other])).toEqual([]);
    expect(names([ten, five], [ten, { ...other, entitlements: [seats(4)] }])).toEqual([
      'LicenseDowngraded',
    ]);
  });

  it('does not know which of several came in the place of which', () => {
    const one = license({ arn: 'c', begin: '2026-05-20', entitlements: [seats(15)] });
    const all = changes([ten, five], [one]);
    expect(all.map(({ type }) => type)).toEqual(['LicenseShortened', 'EntitlementsChanged']);
    expect(all[1]).toMatchObject({
      type: 'EntitlementsChanged',
      before: { counts: [{ maxCount: quantity(10) }, { maxCount: quantity(5) }] },
      after: { counts: [{ maxCount: quantity(15) }] },
      unknownTiers: [],
    });
  });
});

describe('until when', () => {
  const [YEAR, LATER] = ['2027-02-01', '2028-02-01'];
  const ending = (end: string | null, traits: LicenseTraits = {}) =>
    license({ end, version: '2', ...traits });

  it.each([
    ['later', ending(YEAR), ending(LATER), 'LicenseRenewed'],
    ['no more', ending(YEAR), ending(null), 'LicenseRenewed'],
    ['earlier', ending(LATER), ending(YEAR), 'LicenseShortened'],
    ['after all', ending(null), ending(YEAR), 'LicenseShortened'],
    ['a day later', ending('2027-02-01'), ending('2027-02-02'), 'LicenseRenewed'],
    ['a day less a second later', ending('2027-02-01'), ending('2027-02-01T23:59:59'), undefined],
    ['hours earlier, on another date', ending('2027-02-01'), ending('2027-01-31T20:00'), undefined],
  ])('ends %s', (_, before, after, type) => {
    expect(names([before], [after])).toEqual(type === undefined ? [] : [type]);
  });

  it('tells a renewal under a new ARN, overlapping, future-dated or with a gap', () => {
    const old = license();
    const next = (begin: string) => license({ arn: 'b', begin, end: LATER });
    expect(
      changes([old], [old, next('2027-01-15')], product(), '2027-01-10', '2027-01-15'),
    ).toMatchObject([
      {
        type: 'LicenseRenewed',
        early: true,
        gapMilliseconds: null,
        after: { licenseArn: arnOf('b'), end: at(LATER) },
      },
    ]);
    expect(
      changes([old], [old, next('2027-02-06')], product(), '2027-01-10', '2027-01-15'),
    ).toMatchObject([{ type: 'LicenseRenewed', early: true, gapMilliseconds: 5 * DAY }]);
    expect(
      changes([old], [next('2027-02-01T00:10')], product(), '2027-02-01', '2027-02-01T00:15'),
    ).toMatchObject([{ type: 'LicenseRenewed', early: false, gapMilliseconds: 10 * MINUTE }]);
  });

  it('tells of a gap when it comes, and of the begin after it', () => {
    const [old, next] = [license(), license({ arn: 'b', begin: '2027-02-06', end: LATER })];
    expect(names([old, next], [old, next], product(), '2027-01-31', YEAR)).toEqual([
      'LicenseExpired',
    ]);
    expect(names([old, next], [next], product(), '2027-02-05', '2027-02-06')).toEqual([
      'LicenseBegan',
    ]);
  });

  it('takes a renewal back when its license is gone before it began', () => {
    const [old, next] = [license(), license({ arn: 'b', begin: YEAR, end: LATER })];
    expect(changes([old, next], [old])).toMatchObject([
      {
        type: 'LicenseShortened',
        before: { licenseArn: arnOf('b') },
        after: { licenseArn: arnOf('a'), end: at(YEAR) },
      },
    ]);
  });

  it('tells a replacement with the same end by what is different of it', () => {
    const bigger = license({ arn: 'b', begin: '2026-06-01', entitlements: [USAGE, seats(8)] });
    expect(names([license()], [license({ status: 'DELETED' }), bigger])).toEqual([
      'LicenseUpgraded',
    ]);
  });
});

describe('how it stands', () => {
  const [NOW, ENDED] = ['2027-01-31', '2027-02-01'];
  const as = (traits: LicenseTraits) => license({ version: '2', ...traits });

  it.each([
    ['nothing, then a license', [], [license()], ['LicenseGranted']],
    [
      'nothing, then one that waits for its grant',
      [],
      [as({ receivedStatus: 'PENDING_ACCEPT' })],
      ['LicenseNotActivated'],
    ],
    ['its grant activated', [as({ receivedStatus: 'DISABLED' })], [license()], ['GrantActivated']],
    [
      'its grant deactivated',
      [license()],
      [as({ receivedStatus: 'DISABLED' })],
      ['GrantDeactivated'],
    ],
    ['suspended', [license()], [as({ status: 'SUSPENDED' })], ['LicenseSuspended']],
    [
      'suspended and shortened',
      [license()],
      [as({ status: 'SUSPENDED', end: '2026-07-01' })],
      ['LicenseSuspended'],
    ],
    ['reinstated', [as({ status: 'SUSPENDED' })], [license()], ['LicenseReinstated']],
    [
      'reinstated and renewed',
      [as({ status: 'SUSPENDED' })],
      [as({ end: '2028-02-01' })],
      ['LicenseReinstated', 'LicenseRenewed'],
    ],
    ['deactivated', [license()], [as({ status: 'DEACTIVATED' })], ['LicenseDeactivated']],
    ['canceled', [license()], [as({ status: 'PENDING_DELETE' })], ['LicenseCanceled']],
    [
      'canceled, the moment written as its end',
      [license()],
      [as({ status: 'DELETED', end: THEN })],
      ['LicenseCanceled'],
    ],
    [
      'expired before its date by AWS’s word',
      [license()],
      [as({ status: 'EXPIRED' })],
      ['LicenseExpired'],
    ],
    [
      'deleted after it was canceled',
      [as({ status: 'PENDING_DELETE' })],
      [as({ status: 'DELETED' })],
      [],
    ],
    ['gone', [license()], [], ['LicenseRemoved']],
    [
      'a second one waiting for its grant',
      [license()],
      [license(), license({ arn: 'b', receivedStatus: 'DISABLED' })],
      ['LicenseNotActivated'],
    ],
    [
      'bought again after a cancellation',
      [as({ status: 'DELETED' })],
      [license({ arn: 'b' })],
      ['LicenseGranted'],
    ],
    [
      'in force in place of one that waited',
      [as({ receivedStatus: 'DISABLED' })],
      [as({ receivedStatus: 'DISABLED' }), license({ arn: 'b' })],
      ['LicenseGranted'],
    ],
    [
      'its end moved to yesterday',
      [license()],
      [as({ end: '2026-05-31' })],
      ['LicenseExpired', 'LicenseShortened'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(names(before, after)).toEqual(expected);
  });

  it('expires by its date, also where AWS deletes it in the same moment', () => {
    expect(names([license()], [license()], product(), NOW, ENDED)).toEqual(['LicenseExpired']);
    expect(names([license()], [as({ status: 'DELETED' })], product(), NOW, ENDED)).toEqual([
      'LicenseExpired',
    ]);
    expect(names([license()], [as({ status: 'EXPIRED' })], product(), NOW, ENDED)).toEqual([
      'LicenseExpired',
    ]);
  });

  it('is expired, not deactivated, where what is left waits for its grant', () => {
    const waiting = license({ arn: 'b', end: '2028-02-01', receivedStatus: 'DISABLED' });
    expect(names([license(), waiting], [waiting], product(), NOW, ENDED)).toEqual([
      'LicenseExpired',
    ]);
  });

  it('is renewed, not reinstated, by a later end after the end', () => {
    const renewed = [as({ end: '2028-02-01' })];
    expect(names([license()], renewed, product(), ENDED, '2027-02-06')).toEqual(['LicenseRenewed']);
    expect(
      names(
        [license()],
        [license({ arn: 'b', begin: '2027-02-06', end: '2028-02-06' })],
        product(),
        ENDED,
        '2027-02-06',
      ),
    ).toEqual(['LicenseRenewed']);
  });

  it('says both of a renewal with more seats', () => {
    expect(
      names([license()], [as({ end: '2028-02-01', entitlements: [USAGE, seats(8)] })]),
    ).toEqual(['LicenseRenewed', 'LicenseUpgraded']);
  });
});

describe('standing x standing -> change', () => {
  it('is total, each cell with its reason, and says nothing where nothing moved', () => {
    for (const before of STANDINGS) {
      for (const after of STANDINGS) {
        const { change, reason } = TRANSITION_TABLE[before][after];
        expect(reason).not.toBe('');
        if (before === after) expect(change).toBeNull();
        if (change !== null) expect(CHANGE_TYPES).toContain(change);
      }
    }
  });

  it('has no bad news of what was over, and no good news of what is', () => {
    const over = ['none', 'canceled', 'ended'] as const;
    for (const before of over) {
      for (const after of over) expect(TRANSITION_TABLE[before][after].change).toBeNull();
      expect(TRANSITION_TABLE[before]['in-force'].change).toMatch(
        /LicenseGranted|LicenseReinstated/,
      );
    }
    for (const after of over)
      expect(TRANSITION_TABLE['in-force'][after].change).toMatch(/Removed|Canceled|Expired/);
  });
});

describe('a license beside its renewal that has not begun', () => {
  const later = license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01' });

  it.each([
    ['suspended', { status: 'SUSPENDED' }, 'LicenseSuspended', 'LicenseReinstated'],
    ['deactivated', { status: 'DEACTIVATED' }, 'LicenseDeactivated', 'LicenseReinstated'],
    ['no longer activated', { receivedStatus: 'DISABLED' }, 'GrantDeactivated', 'GrantActivated'],
  ] as const)('is told when it is %s, and when it comes back', (_, traits, taken, back) => {
    const [now, then] = [license({ version: '2', ...traits }), license({ version: '3' })];
    expect(names([license(), later], [now, later])).toEqual([taken]);
    expect(names([now, later], [then, later])).toEqual([back]);
  });

  it('begins as what it is, once the other has run out', () => {
    const both = [license(), later];
    expect(names(both, both, product(), '2027-01-31', '2027-02-02')).toEqual([]);
  });
});

it('of two renewals that follow each other and are seen at once, the first ends the gap', () => {
  const [next, last] = [
    license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01' }),
    license({ arn: 'c', begin: '2028-02-01', end: '2029-02-01' }),
  ];
  const [change] = changes(
    [license()],
    [license(), next, last],
    product(),
    '2027-01-01',
    '2027-01-02',
  );
  expect(change).toMatchObject({
    type: 'LicenseRenewed',
    gapMilliseconds: null,
    after: { end: at('2029-02-01') },
  });
  const late = license({ arn: 'b', begin: '2027-02-04', end: '2028-02-01' });
  const [after] = changes(
    [license()],
    [license(), late, last],
    product(),
    '2027-01-01',
    '2027-01-02',
  );
  expect(after).toMatchObject({ type: 'LicenseRenewed', gapMilliseconds: 3 * DAY });
});

/** Each with its reason, as the ledger keeps it. */
function reasons(...of: Parameters<typeof changes>): readonly string[] {
  return changes(...of).map(({ type, reason }) => `${type}: ${reason}`);
}

describe('the reason in words', () => {
  const basic = (count: number) => holding(counted('BasicTier', count));
  const beside = (...entitlements: License['entitlements']) =>
    license({ arn: 'b', begin: '2026-03-01', end: '2027-03-01', entitlements });
  const next = (begin: string) => license({ arn: 'b', begin, end: '2028-02-01' });

  it.each<[string, readonly License[], readonly License[], string]>([
    [
      'more',
      [holding(seats(5))],
      [holding(seats(8))],
      'LicenseUpgraded: more was bought than before',
    ],
    [
      'less',
      [holding(seats(5))],
      [holding(seats(3))],
      'LicenseDowngraded: less is owned than before',
    ],
    [
      'both',
      [holding(seats(5), seats(2, 'Admin'))],
      [holding(seats(6), seats(1, 'Admin'))],
      'EntitlementsChanged: some of it is more and some is less, or counted in another unit',
    ],
    [
      'a counted tier',
      [basic(1)],
      [basic(3)],
      'EntitlementsChanged: a tier is counted otherwise than before: neither more nor less can be said',
    ],
    [
      'unknown tiers',
      [holding(tier('SecretTier'))],
      [holding(tier('OtherTier'))],
      'EntitlementsChanged: the seller’s list of tiers does not know OtherTier, SecretTier: neither more nor less can be said',
    ],
    [
      'several in the place of several',
      [holding(seats(5)), beside(seats(3))],
      [license({ arn: 'c', begin: '2026-04-01', end: '2027-03-01', entitlements: [seats(9)] })],
      'EntitlementsChanged: which license came in the place of which is not known: neither more nor less can be said',
    ],
    [
      'later',
      [license()],
      [license({ end: '2028-02-01' })],
      'LicenseRenewed: the end moved later, before the old one had passed',
    ],
    [
      'another license, and a gap',
      [license()],
      [license(), next('2027-02-06')],
      'LicenseRenewed: the end moved later, before the old one had passed, with another license; nothing is in force from 2027-02-01T00:00:00Z to 2027-02-06T00:00:00Z',
    ],
    [
      'earlier',
      [license()],
      [license({ end: '2026-12-01' })],
      'LicenseShortened: the end moved earlier',
    ],
    [
      'two of several',
      [license(), beside(seats(5)), license({ arn: 'c' })],
      [
        license({ status: 'SUSPENDED' }),
        { ...beside(seats(5)), status: 'SUSPENDED' },
        license({ arn: 'c' }),
      ],
      `LicenseSuspended: ${arnOf('a')}, ${arnOf('b')}, one of several: AWS says the license is suspended`,
    ],
  ])('%s', (_, before, after, reason) => {
    expect(reasons(before, after, TIERED).at(-1)).toBe(reason);
  });

  it('of a renewal after the end does not say that it came before', () => {
    expect(
      reasons([license()], [next('2027-02-03')], product(), '2027-02-01', '2027-02-03'),
    ).toEqual([
      'LicenseRenewed: the end moved later, with another license; nothing is in force from 2027-02-01T00:00:00Z to 2027-02-03T00:00:00Z',
    ]);
  });

  it('names the license, and the tiers between, of what is compared with the last tier that was known', () => {
    const known = side([holding(tier('BasicTier'))], THEN).state;
    const from = (...tiers: readonly string[]): Side => ({
      ...side(
        tiers.map((name, n) => license({ arn: 'ab'[n]!, entitlements: [tier(name)] })),
        THEN,
      ),
      known,
    });
    const to = (name: string) => side([holding(tier(name))], THEN);
    expect(differencesBetween(from('SecretTier'), to('PremiumTier'), TIERED)).toMatchObject([
      {
        type: 'LicenseUpgraded',
        before: { tier: 'BasicTier' },
        reason:
          'more was bought than before, since the last tier that the seller’s list knew, over SecretTier',
      },
    ]);
    // Nothing stands between where the seller's list has been completed since.
    expect(differencesBetween(from('IntermediateTier'), to('PremiumTier'), TIERED)).toMatchObject([
      { reason: 'more was bought than before, since the last tier that the seller’s list knew' },
    ]);
  });
});

describe('what comes back after no license was left', () => {
  const gone: Side = { ...side([], THEN), known: side([holding(tier('PremiumTier'))], THEN).state };
  const back = (status: License['status'], name: string) =>
    side([{ ...holding(tier(name)), status }], THEN);

  it('and cannot be used is compared with what was there before', () => {
    expect(differencesBetween(gone, back('SUSPENDED', 'BasicTier'), TIERED)).toMatchObject([
      { type: 'LicenseSuspended' },
      {
        type: 'LicenseDowngraded',
        before: { tier: 'PremiumTier' },
        after: { tier: 'BasicTier' },
        reason: 'less is owned than before, since no license was left',
      },
    ]);
    expect(
      differencesBetween(gone, back('SUSPENDED', 'PremiumTier'), TIERED).map(({ type }) => type),
    ).toEqual(['LicenseSuspended']);
  });

  it('and can be used is granted, which shows what it is', () => {
    expect(
      differencesBetween(gone, back('AVAILABLE', 'BasicTier'), TIERED).map(({ type }) => type),
    ).toEqual(['LicenseGranted']);
  });
});

describe('which of several licenses', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((arn) => license({ arn, entitlements: [seats(5)] }));
  const as = (of: License | undefined, count: number): License => {
    if (of === undefined) throw new Error('no such license');
    return { ...of, version: '2', entitlements: [seats(count)] };
  };

  it('is named where there are several on one side only, and where but one is different', () => {
    expect(changes([a!, b!], [as(a, 6)])[0]).toMatchObject({
      type: 'LicenseUpgraded',
      licenseArn: arnOf('a'),
    });
    expect(changes([a!, b!], [as(a, 6), as(b, 6)])[0]).not.toHaveProperty('licenseArn');
    expect(changes([a!], [as(a, 6)])[0]).not.toHaveProperty('licenseArn');
  });

  it('is none where each was replaced by one that allows the same, and a change where one of them differs', () => {
    const other = (arn: string, count: number) => license({ arn, entitlements: [seats(count)] });
    expect(names([other('a', 5), other('b', 3)], [other('d', 3), other('e', 5)])).toEqual([]);
    expect(changes([other('a', 5), other('b', 3)], [other('d', 4), other('e', 5)])).toMatchObject([
      {
        type: 'LicenseUpgraded',
        before: { counts: [{ maxCount: quantity(3) }] },
        after: { counts: [{ maxCount: quantity(4) }] },
      },
    ]);
    expect(names([other('a', 5), other('b', 5)], [other('d', 5), other('e', 4)])).toEqual([
      'LicenseDowngraded',
    ]);
    // Of unequal numbers nobody knows which replaces which.
    expect(
      names([other('a', 5), other('b', 3)], [other('d', 5), other('e', 3), other('f', 2)]),
    ).toEqual(['EntitlementsChanged']);
    expect(names([other('a', 5)], [other('d', 5), other('e', 3)])).toEqual(['EntitlementsChanged']);
  });

  it('was gone or taken away, kind by kind, with those that go on', () => {
    expect(
      changes(
        [a!, b!, c!],
        [{ ...a!, status: 'SUSPENDED' }, { ...b!, receivedStatus: 'DISABLED' }, c!],
      ),
    ).toMatchObject([
      {
        type: 'LicenseSuspended',
        before: { standing: 'in-force' },
        after: { standing: 'suspended' },
        part: { licenses: [arnOf('a')], others: [arnOf('c')] },
      },
      {
        type: 'GrantDeactivated',
        part: { licenses: [arnOf('b')], others: [arnOf('c')] },
      },
    ]);
  });

  it('is told of none that is over, and of none that was over and came back as another', () => {
    const gone = side([a!, b!], THEN);
    expect(
      differencesBetween(gone, { ...side([a!], THEN), deleted: [arnOf('b')] }, product()),
    ).toMatchObject([{ type: 'LicenseCanceled', part: { licenses: [arnOf('b')] } }]);
    expect(names([a!], [a!, b!])).toEqual([]);
    const soon = license({ arn: 'b', begin: '2026-07-01' });
    expect(names([a!, soon], [a!, soon], product(), '2026-06-30', '2026-07-01')).toEqual([]);
  });
});

describe('of several ends', () => {
  const two = (a: string | null, b: string | null) => [
    license({ end: a }),
    license({ arn: 'b', end: b }),
  ];
  it.each<[string, readonly License[], readonly License[], string | undefined, string]>([
    [
      'the one that moved farthest later',
      two('2027-01-01', '2027-01-01'),
      two('2027-02-01', '2027-04-01'),
      'LicenseRenewed',
      'b',
    ],
    [
      'the one that moved farthest, later or earlier',
      two('2027-01-01', '2027-03-01'),
      two('2027-02-01', '2027-01-01'),
      'LicenseShortened',
      'b',
    ],
    [
      'of two that moved alike the first',
      two('2027-01-01', '2027-01-01'),
      two('2027-02-01', '2027-02-01'),
      'LicenseRenewed',
      'a',
    ],
    ['none, where neither has an end', two(null, null), two(null, null), undefined, ''],
    [
      'the one that has an end from now on',
      two(null, null),
      two(null, '2027-02-01'),
      'LicenseShortened',
      'b',
    ],
  ])('tells %s', (_, before, after, type, arn) => {
    for (const turned of [false, true]) {
      const [from, to] = [before, after].map((each) => (turned ? each.toReversed() : each));
      expect(changes(from ?? [], to ?? [])).toMatchObject(
        type === undefined ? [] : [{ type, before: { licenseArn: arnOf(arn) } }],
      );
    }
  });

  it('pairs those that went with those that came by their ends, the latest first', () => {
    const old = [license({ end: '2027-01-01' }), license({ arn: 'b', end: '2027-03-01' })];
    const now = [
      license({ arn: 'c', begin: '2026-02-02', end: '2027-01-01' }),
      license({ arn: 'd', begin: '2026-02-02', end: '2027-05-01' }),
    ];
    expect(changes(old, now)).toMatchObject([
      {
        type: 'LicenseRenewed',
        before: { licenseArn: arnOf('b') },
        after: { licenseArn: arnOf('d') },
      },
    ]);
  });

  it.each([
    ['2027-02-01T00:00:59', null],
    ['2027-02-01T00:01:00', MINUTE],
  ])('a renewal that begins at %s leaves a gap of %s', (begin, gapMilliseconds) => {
    const next = license({ arn: 'b', begin, end: '2028-02-01' });
    expect(changes([license()], [license(), next])).toMatchObject([
      { type: 'LicenseRenewed', gapMilliseconds },
    ]);
  });

  it('of a term that had no end there is no gap, and it is not early', () => {
    const next = license({ arn: 'b', begin: '2026-05-31', end: null });
    expect(changes([license()], [next])).toMatchObject([{ early: true, gapMilliseconds: null }]);
    expect(
      changes([license()], [license({ end: '2028-02-01' })], product(), '2027-01-31', '2027-02-01'),
    ).toMatchObject([{ type: 'LicenseRenewed', early: false, gapMilliseconds: null }]);
  });
});

describe('how it stands, where there are several', () => {
  const later = license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01' });

  it.each<[string, readonly License[], readonly License[], readonly string[]]>([
    [
      'the license taken away whole, beside its renewal',
      [license(), later],
      [later],
      ['LicenseRemoved'],
    ],
    ['its begin moved', [license()], [license({ begin: '2026-07-01' })], []],
    [
      'one of two gone, the other suspended',
      [license(), license({ arn: 'c' })],
      [license({ status: 'SUSPENDED' })],
      ['LicenseSuspended'],
    ],
    [
      'suspended, its end written as passed',
      [license()],
      [license({ status: 'SUSPENDED', end: '2026-05-31' })],
      ['LicenseSuspended'],
    ],
    [
      'deactivated, its end written as passed',
      [license()],
      [license({ status: 'DEACTIVATED', end: '2026-05-31' })],
      ['LicenseDeactivated'],
    ],
    [
      'suspended, then ended by AWS’s word',
      [license({ status: 'SUSPENDED' })],
      [license({ status: 'EXPIRED' })],
      ['LicenseExpired'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(names(before, after)).toEqual(expected);
  });

  it('a license deleted beside its renewal is canceled', () => {
    expect(
      differencesBetween(
        side([license(), later], THEN),
        { ...side([later], THEN), deleted: [arnOf('a')] },
        product(),
      ).map(({ type }) => type),
    ).toEqual(['LicenseCanceled']);
  });

  it('says of which standing it was, and that another license waits for its grant', () => {
    expect(
      changes([license()], [license(), license({ arn: 'b', receivedStatus: 'DISABLED' })]),
    ).toEqual([
      {
        type: 'LicenseNotActivated',
        before: { standing: null },
        after: { standing: 'not-activated' },
        reason: 'another license of the product arrived, and its grant is not activated',
      },
    ]);
  });

  it('has not run out while one of two goes on, or where the end of one is not known', () => {
    const open = license({ arn: 'c', end: null });
    expect(
      names(
        [license(), open],
        [license({ arn: 'd', end: '2028-02-01', receivedStatus: 'DISABLED' })],
        product(),
        '2027-01-31',
        '2027-02-01',
      )[0],
    ).toBe('GrantDeactivated');
  });
});

describe('of several licenses', () => {
  const suspended = { status: 'SUSPENDED' } as const;
  const SOON = { begin: '2026-07-01' };
  it.each<[string, readonly LicenseTraits[], readonly LicenseTraits[], readonly string[]]>([
    [
      'what was canceled and is back was reinstated',
      [{ status: 'DELETED' }],
      [{}],
      ['LicenseReinstated'],
    ],
    [
      'one of two that were suspended is back: of the other nothing is new',
      [suspended, { arn: 'b', ...suspended }],
      [{}, { arn: 'b', ...suspended }],
      ['LicenseReinstated'],
    ],
    [
      'one that is back beside another that came is back',
      [suspended],
      [{}, { arn: 'b' }],
      ['LicenseReinstated'],
    ],
    [
      'one in the place of the other is no part that went or came',
      [{}, { arn: 'b', ...suspended }],
      [suspended, { arn: 'b' }],
      [],
    ],
    [
      'one whose begin was moved is no part that went',
      [{}, { arn: 'b' }],
      [{}, { arn: 'b', ...SOON }],
      [],
    ],
    [
      'one whose begin was moved was not suspended because another is',
      [{}],
      [SOON, { arn: 'b', ...suspended }],
      [],
    ],
    [
      'one that was suspended and has run out leaves the word to what is there',
      [{ ...suspended, end: '2026-06-01' }],
      [{ arn: 'b', receivedStatus: 'DISABLED' }],
      ['LicenseNotActivated'],
    ],
  ])('%s', (_, before, after, expected) => {
    const [from, to] = [before, after].map((all) => all.map((traits) => license(traits)));
    const told = names(from!, to!, product(), '2026-05-01', THEN);
    expect(
      told.filter((name) => !/^(License(Up|Down)graded|EntitlementsChanged)$/.test(name)),
    ).toEqual(expected);
  });

  it('one of which was deleted and the other is gone, before a renewal begins, the contract was canceled', () => {
    const before = side([license(), license({ arn: 'b' })], THEN);
    const after = side([license({ arn: 'c', ...SOON })], THEN);
    const told = differencesBetween(before, { ...after, deleted: [arnOf('a')] }, product());
    expect(told.map(({ type }) => type)).toContain('LicenseCanceled');
  });
});

it('seats beside a tier that is counted are more or less by themselves', () => {
  const beside = (count: number) => [holding(counted('PremiumTier', 2), seats(count))];
  expect(names(beside(5), beside(8), TIERED)).toEqual(['LicenseUpgraded']);
  expect(names(beside(8), beside(5), TIERED)).toEqual(['LicenseDowngraded']);
});

it('tiers that nobody knows are named together, but those that were told', () => {
  const after = side([holding(tier('Gold'), tier('Silver'), tier('Bronze'))], THEN);
  expect(unknownTiersFound(unknownTiersIn(after, TIERED), ['Gold'])).toMatchObject({
    ...{ unknownTiers: ['Bronze', 'Silver'], after: { tier: 'Bronze, Silver' } },
    reason: 'found: the seller’s list of tiers does not know Bronze, Silver',
  });
  expect(unknownTiersFound(unknownTiersIn(after, TIERED), ['Gold', 'Silver', 'Bronze'])).toBeNull();
});

describe('which license follows which', () => {
  const ending = (arn: string, end: string): License => license({ arn, begin: '2026-01-01', end });
  const before = [ending('a', '2027-02-01'), ending('b', '2027-06-01')];
  const after = [ending('c', '2028-06-01'), ending('d', '2028-02-01')];
  const bought = (arn: string, end: string, first: string) =>
    anAgreement({
      ...{ agreementId: `agmt-${arn}`, initialAgreementId: `agmt-${first}` },
      ...{ licenseArns: [arnOf(arn)], end: at(end) },
    });
  const first = [bought('a', '2027-02-01', 'a'), bought('b', '2027-06-01', 'b')];
  const termsMoved = (successors: readonly ReturnType<typeof bought>[] | null) =>
    differencesBetween(
      side(before, THEN),
      { ...side(after, THEN), ...(successors && { agreements: [...first, ...successors] }) },
      product(),
    );

  it('is said by the chain of their agreements', () => {
    const crossed = [bought('c', '2028-06-01', 'a'), bought('d', '2028-02-01', 'b')];
    expect(termsMoved(crossed)).toMatchObject([
      {
        type: 'LicenseRenewed',
        before: { end: at('2027-02-01') },
        after: { end: at('2028-06-01') },
      },
    ]);
  });

  it.each([
    ['no agreement is known', null],
    [
      'they begin chains of their own',
      [bought('c', '2028-06-01', 'c'), bought('d', '2028-02-01', 'd')],
    ],
  ])('is the latest behind the latest where %s', (_, successors) => {
    expect(termsMoved(successors)).toMatchObject([
      {
        type: 'LicenseRenewed',
        before: { end: at('2027-06-01') },
        after: { end: at('2028-06-01') },
      },
    ]);
  });
});
