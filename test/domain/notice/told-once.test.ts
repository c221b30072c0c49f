import { describe, expect, it } from 'vitest';
import { type Change, CHANGE_TYPES } from '../../../lib/domain/check/changes.ts';
import type { RenewalIntent } from '../../../lib/domain/agreement/renewal-intent.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { anEntry, aSettling, END, NOW } from '../../support/records.ts';
import {
  AUDIENCE_TABLE,
  confirmed,
  keysOf,
  noticesOf,
  onBus,
  unconfirmedNotices,
} from '../../../lib/domain/notice/notices.ts';
import type { Severity } from '../../../lib/domain/notice/notice.ts';
import { BAD_NEWS_TYPES } from '../../../lib/domain/notice/settling.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, license, tier } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';

describe('change x audience x severity', () => {
  const rows = Object.entries(AUDIENCE_TABLE);

  it('is total, and everything is told to somebody', () => {
    for (const type of CHANGE_TYPES) expect(AUDIENCE_TABLE).toHaveProperty(type);
    for (const [, row] of rows) {
      expect([row.buyer, row.seller, row.operations].some((severity) => severity !== null)).toBe(
        true,
      );
    }
  });

  it('spares the buyer several licenses, unknown tiers, refused checkouts, and what nobody would read', () => {
    const notTheirs = rows.filter(([, { buyer }]) => buyer === null).map(([key]) => key);
    expect(notTheirs.toSorted()).toEqual([
      'AgreementAmended',
      'AgreementDisagreed',
      'AgreementDisagreed (no more)',
      'AgreementEnded',
      'AnotherLicenseFound',
      'BuyerReachable',
      'BuyerUnreachable',
      'CheckoutAccepted',
      'CheckoutRefused',
      'EntitlementsChanged (unknown tier)',
      'ForeignLicenseFound',
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
    for (const type of BAD_NEWS_TYPES) {
      expect(AUDIENCE_TABLE[type].buyer).not.toBeNull();
      expect(AUDIENCE_TABLE[type].seller).not.toBeNull();
      expect(AUDIENCE_TABLE[type].operations).toBeNull();
    }
  });

  it('is urgent of ends and suspensions, so that both hear at once, and the seller is asked at once where they do not arrive', () => {
    const urgentTo = (who: 'buyer' | 'seller') =>
      rows.filter(([, row]) => row[who] === 'urgent').map(([key]) => key);
    expect(urgentTo('buyer')).toEqual([
      'LicenseExpired',
      'LicenseCanceled',
      'LicenseSuspended',
      'LicenseDeactivated',
    ]);
    expect(urgentTo('seller')).toEqual([
      'LicenseExpired',
      'LicenseCanceled',
      'LicenseRemoved',
      'LicenseSuspended',
      'LicenseDeactivated',
      'CheckoutRefused',
      'RenewalIntentChanged (switched off)',
    ]);
  });

  it('takes nothing back from those who never heard it', () => {
    const hear = (key: keyof typeof AUDIENCE_TABLE) =>
      (['buyer', 'seller'] as const).filter((who) => AUDIENCE_TABLE[key][who] !== null);
    expect(hear('WatchRestored')).toEqual(hear('WatchLost'));
    expect(hear('CheckoutAccepted')).toEqual(hear('CheckoutRefused'));
    expect(hear('AgreementDisagreed (no more)')).toEqual(hear('AgreementDisagreed'));
    expect(hear('RenewalIntentChanged')).toEqual(hear('RenewalIntentChanged (switched off)'));
    expect(hear('BuyerReachable')).toEqual(hear('BuyerUnreachable'));
  });
});

it('tells operations of an unknown tier at once, though the news beside it settles', () => {
  const watched = new WatchedContract(product({ tiers: ['BasicTier'] }));
  watched.look(at('2026-06-01'), seen([license({ entitlements: [tier('BasicTier')] })]));
  const odd = license({ version: '2', status: 'SUSPENDED', entitlements: [tier('SecretTier')] });
  expect(watched.look(at('2026-06-02'), seen([odd]))).toEqual([
    'LicenseSuspended',
    'EntitlementsChanged',
  ]);
  expect(
    watched.notices
      .filter(({ entry }) => entry === 2)
      .map(({ audience, state }) => [audience, state]),
  ).toEqual([
    ['buyer', 'settling'],
    ['seller', 'settling'],
    ['operations', 'due'],
    ['bus', 'settling'],
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

describe('who hears of an entry, as what and how gravely', () => {
  const reason = 'seen';
  const renewed = (early: boolean, gapMilliseconds: number | null): Change => ({
    type: 'LicenseRenewed',
    before: { licenseArn: 'a', end: END },
    after: { licenseArn: 'a', end: null },
    early,
    gapMilliseconds,
    reason,
  });
  const lost = (cause: 'trouble' | 'permission-missing'): Change => ({
    ...{ type: 'WatchLost', before: { lastSeen: null, seen: true }, reason },
    ...{ after: { lastSeen: null, seen: false }, cause },
  });
  const standing = (
    type: 'LicenseSuspended' | 'LicenseReinstated' | 'GrantDeactivated',
    part = false,
  ): Change => ({
    ...{ type, before: { standing: 'in-force' }, after: { standing: 'suspended' }, reason },
    ...(part && { part: { licenses: ['a'], others: ['b'] } }),
  });
  const changed = (...unknownTiers: readonly string[]): Change => ({
    ...{ type: 'EntitlementsChanged', unknownTiers, reason },
    ...{ before: { tier: null, counts: [] }, after: { tier: null, counts: [] } },
  });
  const reminder = (daysBefore: number) => ({
    ...{ daysBefore, end: END, daysLeft: daysBefore, skipped: [], share: null },
  });
  const noticed = (traits: Partial<SealedEntry>, days: readonly number[] = [90, 30, 14, 7, -1]) =>
    noticesOf(anEntry({ entry: 2, changes: [], ...traits }), null, days, NOW).map(
      ({ audience, kind, severity }) => `${audience} ${kind} ${severity}`,
    );

  it.each<[string, readonly Change[], readonly string[]]>([
    [
      'trouble',
      [lost('trouble')],
      ['buyer change info', 'seller change attention', 'operations change urgent'],
    ],
    [
      'a role that is gone',
      [lost('permission-missing')],
      ['buyer change attention', 'seller change attention'],
    ],
    ['a renewal', [renewed(true, null)], ['buyer change info', 'seller change info']],
    ['a gap to come', [renewed(true, 1)], ['buyer change attention', 'seller change attention']],
    ['a gap that was', [renewed(false, 1)], ['buyer change info', 'seller change info']],
    [
      'a suspension',
      [standing('LicenseSuspended')],
      ['buyer change urgent', 'seller change urgent'],
    ],
    [
      'one of several suspended',
      [standing('LicenseSuspended', true)],
      ['buyer change attention', 'seller change attention'],
    ],
    [
      'one of several back',
      [standing('LicenseReinstated', true)],
      ['buyer change info', 'seller change info'],
    ],
    ['another', [changed()], ['buyer change info', 'seller change info']],
    [
      'an unknown tier',
      [changed('Secret')],
      ['seller change attention', 'operations change attention'],
    ],
    [
      'the gravest of two',
      [renewed(true, null), standing('LicenseSuspended')],
      ['buyer change urgent', 'seller change urgent'],
    ],
    ['no change', [], []],
  ])('%s', (_, changes, notices) => {
    expect(noticed({ changes })).toEqual(notices);
  });

  it.each<[number, readonly string[]]>([
    [90, ['buyer reminder info']],
    [31, []],
    [30, ['buyer reminder info', 'seller reminder info']],
    [15, ['seller reminder info']],
    [14, ['buyer reminder attention', 'seller reminder attention']],
    [7, ['buyer reminder attention', 'seller reminder attention']],
    [-1, ['buyer reminder attention', 'seller reminder attention']],
  ])('a reminder of day %i', (daysBefore, notices) => {
    expect(noticed({ reminder: reminder(daysBefore) })).toEqual(notices);
  });

  // One day before an end looks different from ninety, and an end that costs nothing from one that does.
  const ENDS = { kind: 'expires', because: 'buyer-switched-off' } as const;
  const RENEWS = { kind: 'renews', price: { kind: 'same' } } as const;
  it.each<[number, RenewalIntent | null, Severity, Severity | null]>([
    [90, null, 'info', null],
    [90, RENEWS, 'info', null],
    [30, ENDS, 'info', 'info'],
    [14, null, 'attention', 'attention'],
    [14, RENEWS, 'info', 'info'],
    [3, ENDS, 'attention', 'attention'],
    [3, { kind: 'replaced' }, 'attention', 'attention'],
    [1, null, 'urgent', 'attention'],
    [1, ENDS, 'urgent', 'attention'],
    [1, { kind: 'unknown', why: 'not-said' }, 'urgent', 'attention'],
    [1, RENEWS, 'info', 'info'],
    [-1, RENEWS, 'attention', 'attention'],
  ])('%i days before an end of which AWS says %j', (daysBefore, intent, buyer, seller) => {
    const renewal = intent === null ? null : { intent, decideBy: null };
    const entry = anEntry({ entry: 2, changes: [], reminder: reminder(daysBefore) });
    const notices = noticesOf(entry, null, [daysBefore], NOW, renewal);
    const of = (audience: string) =>
      notices.find((notice) => notice.audience === audience)?.severity ?? null;
    expect([of('buyer'), of('seller'), of('operations')]).toEqual([buyer, seller, null]);
  });

  it('and of every change: a change of this table is one of what it costs', () => {
    const told = Object.entries(AUDIENCE_TABLE).map(
      ([key, { buyer, seller }]) => `${key}: ${buyer ?? '-'}, ${seller ?? '-'}`,
    );
    expect(told).toMatchInlineSnapshot(`
      [
        "WatchStarted: info, info",
        "WatchEnded: -, attention",
        "WatchLost: attention, attention",
        "WatchLost (trouble): info, attention",
        "WatchRestored: info, info",
        "BuyerUnreachable: -, attention",
        "BuyerReachable: -, info",
        "LicenseGranted: info, info",
        "LicenseBegan: info, info",
        "LicenseNotActivated: attention, info",
        "GrantActivated: info, info",
        "GrantDeactivated: attention, attention",
        "LicenseRenewed: info, info",
        "LicenseRenewed (a gap to come): attention, attention",
        "LicenseShortened: attention, attention",
        "LicenseExpired: urgent, urgent",
        "LicenseCanceled: urgent, urgent",
        "LicenseRemoved: attention, urgent",
        "LicenseSuspended: urgent, urgent",
        "LicenseDeactivated: urgent, urgent",
        "LicenseReinstated: info, info",
        "LicenseUpgraded: info, info",
        "LicenseDowngraded: attention, attention",
        "EntitlementsChanged: info, info",
        "EntitlementsChanged (unknown tier): -, attention",
        "one of several licenses: attention, attention",
        "AnotherLicenseFound: -, attention",
        "ForeignLicenseFound: -, attention",
        "CheckoutRefused: -, urgent",
        "CheckoutAccepted: -, info",
        "UsageThresholdCrossed: attention, attention",
        "RenewalIntentChanged: info, info",
        "RenewalIntentChanged (switched off): attention, urgent",
        "AgreementAmended: -, info",
        "AgreementEnded: -, attention",
        "AgreementDisagreed: -, attention",
        "AgreementDisagreed (no more): -, info",
      ]
    `);
  });

  it('a reminder beside a change is a change to whoever hears that, whatever days the buyer chose', () => {
    expect(noticed({ changes: [changed()], reminder: reminder(7) }, [30])).toEqual([
      'buyer change attention',
      'seller change attention',
    ]);
    expect(noticed({ changes: [changed('Secret')], reminder: reminder(7) })).toEqual([
      'buyer reminder attention',
      'seller change attention',
      'operations change attention',
    ]);
    // What the buyer never hears makes a reminder no mail of theirs on a day that they did not choose.
    expect(noticed({ changes: [changed('Secret')], reminder: reminder(7) }, [30])).toEqual([
      'seller change attention',
      'operations change attention',
    ]);
    expect(noticed({ changes: anEntry().changes })).toEqual([
      'buyer welcome info',
      'seller change info',
    ]);
  });

  it('tells operations what was seen, whatever of it goes on settling', () => {
    expect(noticed({ changes: [changed('Secret')], toldChanges: [] })).toEqual([
      'operations change attention',
    ]);
  });

  it('settles for buyer and seller, never for operations', () => {
    const entry = anEntry({ entry: 2, changes: [standing('GrantDeactivated'), changed('Secret')] });
    expect(noticesOf(entry, END, [], NOW)).toMatchObject([
      {
        audience: 'buyer',
        state: 'settling',
        notBefore: END,
        bornAt: NOW,
        reason: 'bad news, which a look an hour later is to confirm',
      },
      { audience: 'seller', state: 'settling', notBefore: END },
      { audience: 'operations', state: 'due', notBefore: NOW, reason: entry.reason },
    ]);
    const [notice] = noticesOf(entry, END, [], NOW);
    expect(confirmed(notice!)).toMatchObject({
      state: 'due',
      reason: 'confirmed by a later look; bad news, which a look an hour later is to confirm',
    });
  });

  it('what nobody could confirm is told to the seller, and to the buyer where the dates say so', () => {
    const { contract } = anEntry();
    const settling = aSettling({ entry: 2 });
    const told = (now: Instant) => unconfirmedNotices(contract, settling, now);
    expect(told(NOW)).toEqual([
      {
        ...{ contract, entry: 2, audience: 'seller', about: 'unconfirmed', kind: 'change' },
        ...{ state: 'due', severity: 'attention', bornAt: NOW, notBefore: NOW },
        reason: `seen on ${NOW}, and no look could confirm it since`,
      },
    ]);
    expect(told(END).map(({ audience }) => audience)).toEqual(['buyer', 'seller']);
    expect(keysOf(contract, null)).toEqual([]);
    expect(keysOf(contract, 2)).toStrictEqual([
      { contract, entry: 2, audience: 'buyer' },
      { contract, entry: 2, audience: 'seller' },
    ]);
    expect(keysOf(contract, 2)).toEqual([
      { contract, entry: 2, audience: 'buyer' },
      { contract, entry: 2, audience: 'seller' },
    ]);
  });
});

describe('the bus', () => {
  const [buyer, seller] = noticesOf(anEntry(), null, [], NOW);
  if (buyer === undefined || seller === undefined) throw new Error('expected two notices');
  const told = (...notices: Parameters<typeof onBus>[0][number][]) =>
    onBus(notices).map(({ audience, kind, severity, entry, about }) =>
      [audience, kind, severity, entry, about ?? ''].join(' '),
    );

  it('hears once what people are told, as gravely as the seller, and as no welcome', () => {
    const grave = { ...buyer, severity: 'urgent' as const };
    expect(told(grave, { ...seller, severity: 'info' })).toEqual(['bus change info 1 ']);
    expect(told({ ...grave, kind: 'welcome' })).toEqual(['bus change urgent 1 ']);
    expect(told({ ...buyer, kind: 'reminder' })).toEqual([`bus reminder ${buyer.severity} 1 `]);
    expect(told({ ...seller, audience: 'operations' })).toEqual([]);
  });

  it('hears apart what one entry is told of twice', () => {
    expect(told(seller, { ...seller, about: 'unconfirmed' })).toHaveLength(2);
  });
});
