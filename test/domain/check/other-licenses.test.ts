import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { arnOf, at, license, seats, tier, type LicenseTraits } from '../../support/licenses.ts';
import { seen } from '../../support/observations.ts';

const FOREIGN = 'arn:aws:license-manager::999999999999:license:l-foreign';

function watching(of = product()) {
  const watched = new WatchedContract(of);
  let tick = at('2026-06-01');
  const show = (licenses: readonly LicenseTraits[], foreign: readonly string[] = []) => {
    tick = plus(tick, 15 * MINUTE);
    return watched.look(tick, seen(licenses.map(license), { foreign }));
  };
  return { watched, show };
}

const SECOND = { arn: 'b', begin: '2026-05-01', end: '2027-05-01' };

describe('another license beside the first', () => {
  it('is told to the seller once, never summed, and again when another comes', () => {
    const { watched, show } = watching();
    show([{}]);
    expect(show([{}, SECOND])).toEqual(['AnotherLicenseFound']);
    expect(watched.last.changes).toMatchObject([
      {
        before: { licenses: [arnOf('a')] },
        after: { licenses: [arnOf('a'), arnOf('b')] },
        reason:
          'CheckoutLicense chooses one of several licenses, and nobody can say which: what they allow is not summed',
      },
    ]);
    expect(watched.notices.filter(({ entry }) => entry === 2)).toMatchObject([
      { audience: 'seller', severity: 'attention' },
      { audience: 'bus', severity: 'attention' },
    ]);
    expect(show([{}, SECOND])).toEqual([]);
    expect(show([{}, { ...SECOND, status: 'DELETED' }])).toEqual(['LicenseCanceled']);
    expect(show([{}, { ...SECOND, arn: 'c' }])).toEqual(['AnotherLicenseFound']);
  });

  it('is none where neither can be used', () => {
    const { watched, show } = watching();
    const suspended = { status: 'SUSPENDED' } as const;
    show([suspended]);
    show([suspended, { ...SECOND, ...suspended }]);
    expect(watched.changes).not.toContain('AnotherLicenseFound');
    expect(watched.head?.others.beside).toEqual([]);
  });

  it('that goes is told to the buyer as a part, less urgent than an end of all', () => {
    const { watched, show } = watching();
    show([{}, SECOND]);
    expect(show([{}, { ...SECOND, status: 'SUSPENDED' }])).toEqual(['LicenseSuspended']);
    expect(watched.last.standing).toBe('in-force');
    expect(watched.noticesTo('buyer').at(-1)).toMatchObject({ severity: 'attention' });
    expect(show([{}, SECOND])).toEqual(['LicenseReinstated', 'AnotherLicenseFound']);
  });

  it('is told at the first look, and never to the buyer', () => {
    const { watched, show } = watching();
    expect(show([{}, { arn: 'b' }])).toEqual(['WatchStarted', 'AnotherLicenseFound']);
    expect(watched.noticesTo('buyer')).toMatchObject([{ kind: 'welcome', severity: 'info' }]);
    expect(watched.noticesTo('seller')).toMatchObject([{ severity: 'attention' }]);
  });

  it('is none where the second succeeds the first, while they overlap and after', () => {
    const { show } = watching();
    const next = { arn: 'b', begin: '2026-06-01', end: '2027-06-20' };
    show([{ end: '2026-06-20' }]);
    expect(show([{ end: '2026-06-20' }, next])).toEqual(['LicenseRenewed']);
    expect(show([{ end: '2026-06-20', status: 'EXPIRED' }, next])).toEqual([]);
  });

  it('that replaces the first is compared with it', () => {
    const { show } = watching();
    show([{}]);
    const bigger = { ...SECOND, end: '2027-02-01', entitlements: [seats(8)] };
    expect(show([{ status: 'DELETED' }, bigger])).toEqual(['LicenseUpgraded']);
  });
});

describe('a license of another issuer', () => {
  it('is named with all that come with it, and the last fifty are remembered', () => {
    const { watched, show } = watching();
    const all = Array.from({ length: 60 }, (_, n) => `${FOREIGN}${100 + n}`);
    show([{}]);
    show([{}], all.slice(0, 2).toReversed());
    expect(watched.last.changes).toMatchObject([
      { reason: `of another issuer than the product’s: ${FOREIGN}100, ${FOREIGN}101` },
    ]);
    show([{}], all);
    expect(watched.head?.others.foreign).toEqual(all.slice(-50));
  });

  it('is another fact with another name, told once, whether or not the list shows it again', () => {
    const { watched, show } = watching();
    show([{}]);
    expect(show([{}], [FOREIGN])).toEqual(['ForeignLicenseFound']);
    expect(watched.last.after.map(({ licenseArn }) => licenseArn)).toEqual([arnOf('a')]);
    expect(watched.last.reason).toContain(FOREIGN);
    expect(
      watched.notices.filter(({ entry }) => entry === 2).map(({ audience }) => audience),
    ).toEqual(['seller', 'bus']);
    expect(show([{}], [FOREIGN])).toEqual([]);
    expect(show([{}])).toEqual([]);
    expect(show([{}], [FOREIGN])).toEqual([]);
    const other = `${FOREIGN}-2`;
    expect(show([{}], [FOREIGN, other])).toEqual(['ForeignLicenseFound']);
    expect(watched.last.changes).toMatchObject([
      { before: { licenses: [FOREIGN] }, after: { licenses: [FOREIGN, other] } },
    ]);
  });

  it('stands beside another license of the same issuer as a fact of its own', () => {
    const { show } = watching();
    expect(show([{}, SECOND], [FOREIGN])).toEqual([
      'WatchStarted',
      'AnotherLicenseFound',
      'ForeignLicenseFound',
    ]);
  });
});

describe('a tier that the seller’s list does not know', () => {
  const TIERED = product({ tiers: ['BasicTier', 'PremiumTier'] });
  const of = (...names: readonly string[]) => [
    { version: names.join('-'), entitlements: names.map(tier) },
  ];
  const toldTo = ({ watched }: ReturnType<typeof watching>) =>
    watched.notices
      .filter(({ entry }) => entry === watched.ledger.length)
      .map(({ audience }) => audience);

  it('is told at the first look to the seller and to operations, not to the buyer', () => {
    const { watched, show } = watching(product({ tiers: ['BasicTier'] }));
    expect(show([{ entitlements: [tier('SecretTier')] }])).toEqual([
      'WatchStarted',
      'EntitlementsChanged',
    ]);
    expect(watched.notices.map(({ audience, severity }) => [audience, severity])).toEqual([
      ['buyer', 'info'],
      ['seller', 'attention'],
      ['operations', 'attention'],
      ['bus', 'attention'],
    ]);
    for (let tick = 0; tick < 3; tick += 1)
      expect(show([{ entitlements: [tier('SecretTier')] }])).toEqual([]);
  });

  it('is told where it came with the license itself', () => {
    const contract = watching(TIERED);
    contract.show([]);
    expect(contract.show(of('SecretTier'))).toEqual(['LicenseGranted', 'EntitlementsChanged']);
    expect(toldTo(contract)).toEqual(['buyer', 'seller', 'operations', 'bus']);
  });

  it('is told beside a known one, once for each', () => {
    const contract = watching(TIERED);
    contract.show(of('BasicTier'));
    expect(contract.show(of('BasicTier', 'SecretTier'))).toEqual(['EntitlementsChanged']);
    expect(toldTo(contract)).toEqual(['seller', 'operations', 'bus']);
    expect(contract.show(of('BasicTier', 'SecretTier'))).toEqual([]);
    expect(contract.show(of('BasicTier', 'OtherTier', 'SecretTier'))).toEqual([
      'EntitlementsChanged',
    ]);
    expect(contract.watched.last.changes).toMatchObject([
      { unknownTiers: ['OtherTier'], found: true },
    ]);
    // Above the known one nothing is in doubt.
    expect(contract.show(of('PremiumTier', 'OtherTier', 'SecretTier'))).toEqual([
      'LicenseUpgraded',
    ]);
  });

  it('is told when the seller takes it from the list', () => {
    const contract = watching(TIERED);
    contract.show(of('BasicTier'));
    contract.watched.product = product({ tiers: ['PremiumTier'] });
    expect(contract.show(of('BasicTier'))).toEqual(['EntitlementsChanged']);
    expect(contract.watched.last.changes).toMatchObject([
      { unknownTiers: ['BasicTier'], found: true },
    ]);
    expect(contract.show(of('BasicTier'))).toEqual([]);
  });

  it('hides no change from the buyer: over it, the known tiers before and after are compared', () => {
    const contract = watching(TIERED);
    contract.show(of('BasicTier'));
    expect(contract.show(of('SecretTier'))).toEqual(['EntitlementsChanged']);
    expect(toldTo(contract)).toEqual(['seller', 'operations', 'bus']);
    expect(contract.show(of('OtherTier'))).toEqual(['EntitlementsChanged']);
    expect(contract.show(of('PremiumTier'))).toEqual(['LicenseUpgraded']);
    expect(contract.watched.last.changes).toMatchObject([
      { before: { tier: 'BasicTier' }, after: { tier: 'PremiumTier' } },
    ]);
    expect(contract.watched.last.reason).toContain('over OtherTier');
    expect(toldTo(contract)).toEqual(['buyer', 'seller', 'bus']);
    expect(contract.watched.head?.knownBefore).toBeNull();
  });

  it('that went again left nothing to tell the buyer', () => {
    const contract = watching(TIERED);
    contract.show(of('BasicTier'));
    contract.show(of('SecretTier'));
    expect(contract.show([{ version: 'again', entitlements: [tier('BasicTier')] }])).toEqual([
      'EntitlementsChanged',
    ]);
    expect(toldTo(contract)).toEqual(['seller', 'operations', 'bus']);
  });

  it('that the seller adds to the list is told to the buyer as what it amounts to', () => {
    const contract = watching(TIERED);
    contract.show(of('PremiumTier'));
    contract.show(of('SecretTier'));
    contract.watched.product = product({
      tiers: ['BasicTier', 'SecretTier', 'PremiumTier'],
    });
    expect(contract.show(of('SecretTier'))).toEqual(['LicenseDowngraded']);
    expect(contract.watched.last.changes).toMatchObject([
      { before: { tier: 'PremiumTier' }, after: { tier: 'SecretTier' } },
    ]);
  });
});

describe('the license in force, while its renewal has not begun', () => {
  const NOW = { end: '2026-09-01' };
  const NEXT = { arn: 'b', begin: '2026-09-01', end: '2027-09-01' };

  it('that AWS calls deleted was canceled: nothing is in force until the renewal begins', () => {
    const { watched, show } = watching();
    show([NOW, NEXT]);
    expect(show([{ ...NOW, status: 'DELETED' }, NEXT])).toEqual(['LicenseCanceled']);
    expect(watched.last.standing).toBe('upcoming');
  });

  it('that leaves the list is removed, once two ticks agree', () => {
    const { watched, show } = watching();
    show([NOW, NEXT]);
    expect(show([NEXT])).toEqual([]);
    expect(show([NEXT])).toEqual(['LicenseRemoved']);
    expect(watched.last.standing).toBe('upcoming');
    expect(show([NOW, NEXT])).toEqual(['LicenseGranted']);
  });

  it('whose begin was moved is there all the same, and has no news', () => {
    const { show } = watching();
    show([{ ...NOW, begin: '2026-05-01' }]);
    expect(show([{ ...NOW, begin: '2026-07-01' }])).toEqual([]);
  });
});
