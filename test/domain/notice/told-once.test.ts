import { describe, expect, it } from 'vitest';
import { CHANGE_TYPES } from '../../../lib/domain/check/changes.ts';
import { AUDIENCE_TABLE } from '../../../lib/domain/notice/notices.ts';
import { BAD_NEWS_TYPES } from '../../../lib/domain/notice/settling.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { at, license, tier } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';

describe('change x audience x severity', () => {
  const rows = Object.entries(AUDIENCE_TABLE);

  it('is total, each row with its reason, and everything is told to somebody', () => {
    for (const type of CHANGE_TYPES) expect(AUDIENCE_TABLE).toHaveProperty(type);
    for (const [, row] of rows) {
      expect(row.reason).not.toBe('');
      expect([row.buyer, row.seller, row.operations].some((severity) => severity !== null)).toBe(
        true,
      );
    }
  });

  it('spares the buyer several licenses, unknown tiers and refused checkouts', () => {
    const notTheirs = rows.filter(([, { buyer }]) => buyer === null).map(([key]) => key);
    expect(notTheirs.toSorted()).toEqual([
      'AnotherLicenseFound',
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

  it('takes nothing back from those who never heard it', () => {
    const hear = (key: keyof typeof AUDIENCE_TABLE) =>
      (['buyer', 'seller'] as const).filter((who) => AUDIENCE_TABLE[key][who] !== null);
    expect(hear('WatchRestored')).toEqual(hear('WatchLost'));
    expect(hear('CheckoutAccepted')).toEqual(hear('CheckoutRefused'));
  });
});

it('tells operations of an unknown tier at once, though the news beside it settles', () => {
  const watched = new WatchedContract(product({ pricing: 'tiered', tiers: ['BasicTier'] }));
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
