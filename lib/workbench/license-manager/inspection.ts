import { shownStatus } from './license-status.ts';
import { openCheckouts } from './pool.ts';
import type { LicenseStatus } from './shapes.ts';
import { currentVersion } from './state.ts';
import type { Checkout, License, World } from './state.ts';

/** A checkout, as scenarios and tests may see it; no API of AWS shows it. */

export interface ShownCheckout {
  readonly token: string;
  readonly licenseArn: string;
  readonly accountId: string;
  /** Units by entitlement name; 0 for unit None. */
  readonly taken: Readonly<Record<string, number>>;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface ShownLicense {
  readonly arn: string;
  readonly productSku: string;
  readonly issuerAccountId: string;
  readonly version: string;
  readonly status: LicenseStatus;
  readonly end: number | undefined;
  /** Units drawn down for good, by entitlement name. */
  readonly drawn: Readonly<Record<string, number>>;
  /** The accounts it was granted to, whatever happened to the grant. */
  readonly grantees: readonly string[];
}

export function seatsHeld(world: World, now: number, accountId?: string): number {
  return everyOpen(world, now)
    .filter((checkout) => accountId === undefined || checkout.accountId === accountId)
    .flatMap(({ taken }) => [...taken.values()])
    .reduce((sum, units) => sum + units, 0);
}

export function shownCheckouts(world: World, now: number): readonly ShownCheckout[] {
  return everyOpen(world, now).map(({ token, license, accountId, taken, issuedAt, expiresAt }) => ({
    token,
    licenseArn: license.arn,
    accountId,
    taken: Object.fromEntries(taken),
    issuedAt,
    expiresAt,
  }));
}

export function shownLicenses(world: World, now: number): readonly ShownLicense[] {
  return [...world.licenses.values()].map((license) => {
    const current = currentVersion(license);
    return {
      arn: license.arn,
      productSku: license.productSku,
      issuerAccountId: license.issuerAccountId,
      version: current.version,
      status: shownStatus(license, current, now, world.switches),
      end: current.end,
      drawn: Object.fromEntries(license.drawn),
      grantees: grantees(world, license),
    };
  });
}

function everyOpen(world: World, now: number): readonly Checkout[] {
  return [...world.licenses.values()].flatMap((license) => openCheckouts(license, now));
}

function grantees(world: World, license: License): readonly string[] {
  const granted = [...world.grants.values()].filter((grant) => grant.license === license);
  return [...new Set(granted.map(({ granteeAccountId }) => granteeAccountId))];
}
