import { describe, expect, it } from 'vitest';
import { CHANGE_TYPES } from '../../../lib/domain/changes.ts';
import { AUDIENCE_TABLE } from '../../../lib/domain/telling/audience.ts';
import { SETTLED_BY } from '../../../lib/domain/telling/settling.ts';
import { HOUR, MINUTE, plus } from '../../../lib/domain/time.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, license, seats, tier, USAGE, type LicenseTraits } from '../../support/licenses.ts';
import { blind, seen } from '../../support/sightings.ts';

const BAD_NEWS = [
  'LicenseExpired',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseShortened',
  'LicenseDowngraded',
  'LicenseSuspended',
  'LicenseDeactivated',
  'GrantDeactivated',
] as const;

describe('change x audience x severity', () => {
  const rows = Object.entries(AUDIENCE_TABLE);

  it('is total, each row with its reason, and everything is told to somebody', () => {
    for (const type of CHANGE_TYPES) expect(AUDIENCE_TABLE).toHaveProperty(type);
    for (const [, row] of rows) {
      expect(row.reason).not.toBe('');
      expect([row.buyer, row.seller, row.operations].some((severity) => severity !== null)).toBe(true);
    }
  });

  it('spares the buyer several licenses, unknown tiers and refused checkouts', () => {
    const notTheirs = rows.filter(([, { buyer }]) => buyer === null).map(([key]) => key);
    expect(notTheirs.toSorted()).toEqual([
      'CheckoutAccepted',
      'CheckoutRefused',
      'EntitlementsChanged (unknown tier)',
      'SeveralLicensesFound',
      'WatchEnded',
    ]);
  });

  it('tells the seller every change, and operations only what is ours or the configuration’s', () => {
    for (const [, { seller }] of rows) expect(seller).not.toBeNull();
    expect(rows.filter(([, { operations }]) => operations !== null).map(([key]) => key)).toEqual([
      'WatchLost (trouble)',
      'EntitlementsChanged (unknown tier)',
    ]);
  });

  it('tells bad news to buyer and seller: what is withdrawn, is withdrawn from both', () => {
    for (const type of BAD_NEWS) {
      expect(AUDIENCE_TABLE[type].buyer).not.toBeNull();
      expect(AUDIENCE_TABLE[type].seller).not.toBeNull();
      expect(AUDIENCE_TABLE[type].operations).toBeNull();
    }
  });

  it('takes nothing back from those who never heard it', () => {
    const hear = (key: keyof typeof AUDIENCE_TABLE) =>
      (['buyer', 'seller'] as const).filter((who) => AUDIENCE_TABLE[key][who] !== null);
    expect(hear('WatchRestored')).toEqual(hear('WatchLost'));
    expect(hear('CheckoutAccepted')).toEqual(hear('CheckoutRefused'));
  });
});

describe('bad news', () => {
  it('is the list of rule 10, each with good news that settles it', () => {
    expect(Object.keys(SETTLED_BY).toSorted()).toEqual(BAD_NEWS.toSorted());
    for (const good of Object.values(SETTLED_BY)) {
      expect(good.length).toBeGreaterThan(0);
      for (const type of good) expect(BAD_NEWS).not.toContain(type);
    }
  });

  /** One change, and `minutes` later another. */
  function twoChanges(first: LicenseTraits, second: readonly LicenseTraits[], minutes: number): WatchedContract {
    const watched = new WatchedContract();
    watched.look(at('2026-06-01'), seen([license()]));
    watched.look(at('2026-06-02'), seen([license({ version: '2', ...first })]));
    watched.look(
      plus(at('2026-06-02'), minutes * MINUTE),
      seen(second.map((traits) => license({ version: '3', ...traits }))),
    );
    return watched;
  }

  const states = (watched: WatchedContract) =>
    watched.notices.map(({ entry, audience, state }) => `${entry} ${audience} ${state}`);

  it.each([
    ['a cancellation by a new license', { status: 'DELETED' }, [{ status: 'DELETED' }, { arn: 'b' }]],
    ['a suspension by a reinstatement', { status: 'SUSPENDED' }, [{}]],
    ['a deactivated grant by its activation', { receivedStatus: 'DISABLED' }, [{}]],
    ['a shortening by a renewal', { end: '2026-09-01' }, [{}]],
    ['a downgrade by an upgrade', { entitlements: [USAGE, seats(3)] }, [{}]],
  ] as const)('is withdrawn in time: %s', (_, first, second) => {
    const watched = twoChanges(first, second, 45);
    expect(states(watched)).toEqual([
      '1 buyer due',
      '1 seller due',
      '2 buyer withdrawn',
      '2 seller withdrawn',
      '3 buyer due',
      '3 seller due',
    ]);
    expect(watched.last.reason).toMatch(/in time for entry 2 \(\w+\), whose notice is withdrawn/);
    expect(watched.head?.held).toEqual([]);
  });

  it('stays where the remedy is later than an hour', () => {
    const watched = twoChanges({ status: 'SUSPENDED' }, [{}], 60);
    expect(states(watched).slice(2)).toEqual(['2 buyer held', '2 seller held', '3 buyer due', '3 seller due']);
  });

  it('stays where what came does not mend it', () => {
    const watched = twoChanges(
      { entitlements: [USAGE, seats(3)] },
      [{ entitlements: [USAGE, seats(3)], end: '2028-02-01' }],
      15,
    );
    expect(watched.changes).toEqual(['WatchStarted', 'LicenseDowngraded', 'LicenseRenewed']);
    expect(states(watched)).toContain('2 buyer held');
  });

  describe('that is answered in part, or beside other news, is told with the answer', () => {
    const few = { entitlements: [USAGE, seats(3)] };
    const many = { entitlements: [USAGE, seats(9)] };
    const ending = { end: '2026-06-09' };
    it.each([
      ['a shortening with a downgrade, by a renewal', {}, { end: '2026-09-01', ...few }, few],
      ['a suspension with an upgrade, by a reinstatement', {}, { status: 'SUSPENDED', ...many }, many],
      ['a suspension with a reminder, by a reinstatement', ending, { status: 'SUSPENDED', ...ending }, ending],
    ] as const)('%s', (_, first, second, third) => {
      const watched = new WatchedContract();
      watched.look(at('2026-06-01'), seen([license(first)]));
      watched.look(at('2026-06-02'), seen([license({ version: '2', ...second })]));
      watched.look(at('2026-06-02T00:15'), seen([license({ version: '3', ...third })]));
      expect(states(watched).slice(2)).toEqual(['2 buyer held', '2 seller held', '3 buyer due', '3 seller due']);
      expect(watched.head?.held).toEqual([]);
      expect(watched.last.reason).toMatch(/in time for entry 2 \(.*\), whose notice is told with this one/);
    });

    it('a restored watch with an expiry by a renewal', () => {
      const watched = new WatchedContract();
      watched.look(at('2027-01-31'), seen([license()]));
      for (let tick = 0; tick < 3; tick += 1) watched.look(plus(at('2027-01-31T22:00'), tick * 15 * MINUTE), blind());
      expect(watched.look(at('2027-02-01'), seen([license()]))).toEqual(['WatchRestored', 'LicenseExpired']);
      const renewed = license({ version: '2', end: '2028-02-01' });
      expect(watched.look(at('2027-02-01T00:15'), seen([renewed]))).toEqual(['LicenseRenewed']);
      const restored = watched.ledger.length - 1;
      expect(states(watched)).toContain(`${restored} buyer held`);
      expect(watched.head?.held).toEqual([]);
    });
  });

  it('is withdrawn with the license that waited for its grant, and with the reminder of an end that moved', () => {
    const watched = new WatchedContract();
    watched.look(at('2027-01-31'), seen([license()]));
    const next = (receivedStatus: 'ACTIVE' | 'DISABLED') =>
      license({ arn: 'b', begin: '2027-02-01', end: '2028-02-01', receivedStatus });
    expect(watched.look(at('2027-02-01'), seen([license(), next('DISABLED')]))).toEqual([
      'LicenseExpired',
      'LicenseNotActivated',
    ]);
    watched.look(at('2027-02-01T00:15'), seen([license(), next('ACTIVE')]));
    expect(states(watched)).toContain('2 buyer withdrawn');

    const moved = twoChanges({ end: '2026-06-09' }, [{}], 15);
    expect(moved.ledger[1]?.reminder).toMatchObject({ rung: 7 });
    expect(states(moved)).toContain('2 buyer withdrawn');
  });

  it('is held for an hour from when it was seen', () => {
    const watched = twoChanges({ status: 'DELETED' }, [{ status: 'DELETED' }], 15);
    const [held] = watched.notices.filter(({ entry }) => entry === 2);
    expect(held).toMatchObject({
      state: 'held',
      severity: 'urgent',
      notBefore: plus(held?.bornAt ?? at('2026-06-02'), HOUR),
    });
    expect(watched.head?.held).toEqual([{ entry: 2, changes: ['LicenseCanceled'], until: held?.notBefore }]);
  });

  it('that comes with its remedy is told at once', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-06-01'), seen([license()]));
    expect(
      watched.look(
        at('2026-06-02'),
        seen([license({ version: '2', end: '2028-02-01', entitlements: [USAGE, seats(3)] })]),
      ),
    ).toEqual(['LicenseRenewed', 'LicenseDowngraded']);
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ state: 'due', severity: 'attention' });
  });
});

it('tells operations of an unknown tier at once, though the news beside it settles', () => {
  const watched = new WatchedContract(product({ pricing: 'tiered', tiers: ['BasicTier'] }));
  watched.look(at('2026-06-01'), seen([license({ entitlements: [tier('BasicTier')] })]));
  const odd = license({ version: '2', status: 'SUSPENDED', entitlements: [tier('SecretTier')] });
  expect(watched.look(at('2026-06-02'), seen([odd]))).toEqual(['LicenseSuspended', 'EntitlementsChanged']);
  expect(watched.notices.filter(({ entry }) => entry === 2).map(({ audience, state }) => [audience, state])).toEqual([
    ['buyer', 'held'],
    ['seller', 'held'],
    ['operations', 'due'],
  ]);
});

describe('a bare version bump', () => {
  it('is recorded and told to nobody', () => {
    const watched = new WatchedContract();
    watched.look(at('2026-06-01'), seen([license()]));
    expect(watched.look(at('2026-06-02'), seen([license({ version: '2' })]))).toEqual([]);
    expect(watched.ledger).toHaveLength(2);
    expect(watched.last).toMatchObject({ kind: 'version', changes: [], reminder: null });
    expect(watched.notices.filter(({ entry }) => entry === 2)).toEqual([]);
  });
});
