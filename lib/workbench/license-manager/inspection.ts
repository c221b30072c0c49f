import { shownStatus } from './license-status.ts';
import { consumed, openCheckouts } from './pool.ts';
import type { LicenseStatus } from './shapes.ts';
import { currentVersion, type Checkout, type World } from './state.ts';

/** What scenarios and tests may see of licenses and checkouts; no API of AWS shows it. */

export interface ShownLicense {
  readonly arn: string;
  readonly status: LicenseStatus;
  readonly end: number | undefined;
  /** Units held by open checkouts or drawn down for good, by entitlement name. */
  readonly used: Readonly<Record<string, number>>;
}

export function shownLicenses(world: World, now: number): readonly ShownLicense[] {
  return [...world.licenses.values()].map((license) => {
    const current = currentVersion(license);
    const used = current.entitlements.map(({ Name }) => [Name, consumed(license, Name, now)]);
    return {
      arn: license.arn,
      status: shownStatus(license, current, now, world.switches),
      end: current.end,
      used: Object.fromEntries(used) as Record<string, number>,
    };
  });
}

export function shownCheckouts(world: World, now: number, accountId?: string): readonly Checkout[] {
  return [...world.licenses.values()]
    .flatMap((license) => openCheckouts(license, now))
    .filter((checkout) => (accountId ?? checkout.accountId) === checkout.accountId);
}

export function seatsHeld(world: World, now: number, accountId?: string): number {
  return shownCheckouts(world, now, accountId)
    .flatMap(({ taken }) => [...taken.values()])
    .reduce((sum, units) => sum + units, 0);
}
