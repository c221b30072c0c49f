import { describe, expect, it } from 'vitest';
import { MINUTE, plus } from '../../../lib/domain/time.ts';
import { product, WatchedContract } from '../../support/contracts.ts';
import { arnOf, at, license, tier, type LicenseTraits } from '../../support/licenses.ts';
import { seen } from '../../support/sightings.ts';

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

describe('several licenses in force', () => {
  it('are told to the seller once, and again when they came anew', () => {
    const { watched, show } = watching();
    show([{}]);
    const second = { arn: 'b', begin: '2026-05-01', end: '2027-05-01' };
    expect(show([{}, second])).toEqual(['LicenseUpgraded', 'SeveralLicensesFound']);
    expect(watched.last.changes[1]).toMatchObject({
      before: { licenses: [arnOf('a')] },
      after: { licenses: [arnOf('a'), arnOf('b')] },
    });
    expect(show([{}, second])).toEqual([]);
    expect(show([{}, { ...second, status: 'DELETED' }])).toEqual(['LicenseDowngraded']);
    expect(show([{}, { ...second, arn: 'c' }])).toContain('SeveralLicensesFound');
  });

  it('are told at the first look, and never to the buyer', () => {
    const { watched, show } = watching();
    expect(show([{}, { arn: 'b' }])).toEqual(['WatchStarted', 'SeveralLicensesFound']);
    expect(watched.noticesTo('buyer')).toMatchObject([{ kind: 'welcome', severity: 'info' }]);
    expect(watched.noticesTo('seller')).toMatchObject([{ severity: 'attention' }]);
  });

  it('are one where the second succeeds the first', () => {
    const { show } = watching();
    show([{ end: '2026-06-20' }]);
    expect(show([{ end: '2026-06-20' }, { arn: 'b', begin: '2026-06-01', end: '2027-06-20' }])).toEqual([
      'LicenseRenewed',
    ]);
  });

  it('of another issuer are reported, never merged', () => {
    const { watched, show } = watching();
    show([{}]);
    expect(show([{}], [FOREIGN])).toEqual(['SeveralLicensesFound']);
    expect(watched.last.after.map(({ licenseArn }) => licenseArn)).toEqual([arnOf('a')]);
    expect(watched.last.reason).toContain(FOREIGN);
    expect(show([{}], [FOREIGN])).toEqual([]);
    expect(show([{}])).toEqual([]);
    expect(show([{}], [FOREIGN])).toEqual([]);
  });
});

describe('a tier that the seller’s list does not know', () => {
  it('is told at the first look to the seller and to operations, not to the buyer', () => {
    const { watched, show } = watching(product({ pricing: 'tiered', tiers: ['BasicTier'] }));
    expect(show([{ entitlements: [tier('SecretTier')] }])).toEqual(['WatchStarted', 'EntitlementsChanged']);
    expect(watched.notices.map(({ audience, severity }) => [audience, severity])).toEqual([
      ['buyer', 'info'],
      ['seller', 'attention'],
      ['operations', 'attention'],
    ]);
  });
});
