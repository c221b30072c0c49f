import { describe, expect, it } from 'vitest';
import { MINUTE, plus, type Instant } from '../../../lib/domain/time.ts';
import { WatchedContract } from '../../support/contracts.ts';
import { arnOf, at, license, seats, USAGE } from '../../support/licenses.ts';
import { seen } from '../../support/sightings.ts';

/** A contract that was looked at once, and the ticks that follow. */
function watching(...first: Parameters<typeof seen>): { watched: WatchedContract; next: () => Instant } {
  const watched = new WatchedContract();
  let tick = at('2026-06-01');
  watched.look(tick, seen(...first));
  return { watched, next: () => (tick = plus(tick, 15 * MINUTE)) };
}

const V2 = license({ version: '2', entitlements: [USAGE, seats(8)] });

describe('a version that was superseded', () => {
  it('is a stale answer for two ticks, and believed in the third', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    expect(watched.head?.superseded).toEqual([`${arnOf('a')}@1`]);
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.head?.stale).toEqual({ pair: `${arnOf('a')}@1`, ticks: 1 });
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.look(next(), seen([license()]))).toEqual(['LicenseDowngraded']);
    expect(watched.head).toMatchObject({ stale: null, superseded: [`${arnOf('a')}@2`] });
  });

  it('is counted once per tick, and from the start after a good read', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    const tick = next();
    for (let time = 0; time < 5; time += 1) watched.look(tick, seen([license()]));
    expect(watched.head?.stale?.ticks).toBe(1);
    watched.look(next(), seen([license()]));
    watched.look(next(), seen([V2]));
    expect(watched.head?.stale).toBeNull();
    watched.look(next(), seen([license()]));
    expect(watched.head?.stale?.ticks).toBe(1);
    expect(watched.changes).toEqual(['WatchStarted', 'LicenseUpgraded']);
  });

  it('does not hide another license of the same read', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([V2]));
    const other = license({ arn: 'b', begin: '2026-05-01', end: '2027-05-01' });
    expect(watched.look(next(), seen([license(), other]))).toEqual(['LicenseUpgraded', 'SeveralLicensesFound']);
    expect(watched.last.after.map(({ version }) => version)).toEqual(['2', '1']);
  });
});

describe('a license that a read does not show', () => {
  it('is removed when reads of two ticks agree', () => {
    const { watched, next } = watching([license()]);
    const tick = next();
    expect(watched.look(tick, seen([]))).toEqual([]);
    expect(watched.look(tick, seen([]))).toEqual([]);
    expect(watched.head).toMatchObject({ standing: 'in-force', missing: { licenseArns: [arnOf('a')], ticks: 1 } });
    expect(watched.look(next(), seen([]))).toEqual(['LicenseRemoved']);
    expect(watched.head).toMatchObject({ standing: 'none', state: [], missing: null });
  });

  it('is removed, not expired, though an older license that ended is still listed', () => {
    const ended = license({ arn: 'old', begin: '2025-01-01', end: '2026-01-01', status: 'EXPIRED' });
    const { watched, next } = watching([ended, license()]);
    watched.look(next(), seen([ended]));
    expect(watched.look(next(), seen([ended]))).toEqual(['LicenseRemoved']);
    expect(watched.look(next(), seen([ended]))).toEqual([]);
    expect(watched.head).toMatchObject({ standing: 'none', state: [], missing: null });
  });

  it('was never gone when the next read shows it', () => {
    const { watched, next } = watching([license()]);
    watched.look(next(), seen([]));
    expect(watched.look(next(), seen([license()]))).toEqual([]);
    expect(watched.head?.missing).toBeNull();
    watched.look(next(), seen([]));
    expect(watched.look(next(), seen([license()]))).toEqual([]);
  });

  it('makes what came in its place wait for the second tick: a replacement is no addition', () => {
    const { watched, next } = watching([license()]);
    const bigger = license({ arn: 'b', begin: '2026-05-31', entitlements: [USAGE, seats(8)] });
    expect(watched.look(next(), seen([bigger]))).toEqual([]);
    expect(watched.look(next(), seen([bigger]))).toEqual(['LicenseUpgraded']);
    expect(watched.last.changes).toMatchObject([
      { before: { counts: [{ maxCount: 5 }] }, after: { counts: [{ maxCount: 8 }] } },
    ]);
  });

  it('has expired, and is not removed, where its end has passed', () => {
    const { watched } = watching([license()]);
    expect(watched.look(at('2027-02-01'), seen([]))).toEqual(['LicenseExpired']);
    expect(watched.look(at('2027-02-01T00:15'), seen([]))).toEqual([]);
    expect(watched.head).toMatchObject({ standing: 'ended', missing: null });
  });

  it('does not count once it is over, and its end is remembered for a renewal', () => {
    const { watched, next } = watching([license({ end: '2026-05-01' })]);
    expect(watched.look(next(), seen([license({ end: '2026-05-01', status: 'DELETED', version: '9' })]))).toEqual([]);
    expect(watched.look(next(), seen([]))).toEqual([]);
    expect(watched.ledger).toHaveLength(1);
    expect(watched.look(next(), seen([license({ arn: 'b', begin: '2026-06-01', end: '2027-06-01' })]))).toEqual([
      'LicenseRenewed',
    ]);
  });
});

describe('licenses that were in force together', () => {
  it('are canceled together without a word of fewer seats', () => {
    const second = { arn: 'b', begin: '2026-05-01', end: '2027-05-01' };
    const { watched, next } = watching([license(), license(second)]);
    const dead = [license({ status: 'DELETED' }), license({ ...second, status: 'DELETED' })];
    expect(watched.look(next(), seen(dead))).toEqual(['LicenseCanceled']);
    expect(watched.last.after).toHaveLength(2);
  });

  it('have more seats from the day the second begins', () => {
    const { watched } = watching([license(), license({ arn: 'b', begin: '2026-07-01', end: '2027-07-01' })]);
    const both = seen([license(), license({ arn: 'b', begin: '2026-07-01', end: '2027-07-01' })]);
    expect(watched.look(at('2026-06-30'), both)).toEqual([]);
    expect(watched.look(at('2026-07-01'), both)).toEqual(['LicenseUpgraded', 'SeveralLicensesFound']);
  });
});
