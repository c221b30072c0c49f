import type { BlindCause } from './sighting.ts';
import type { CanonicalLicense, End, Standing } from './contract.ts';
import type { Quantity } from './quantity.ts';
import type { Instant } from './time.ts';

/** What a change of terms compares: the end of the license(s) that carry the contract. */
export interface Term {
  readonly licenseArn: string;
  readonly end: End;
}

/** What was bought: the tier for tiered products, counts by entitlement name otherwise. `null` count: unlimited. */
export interface Bought {
  readonly tier: string | null;
  readonly counts: readonly { readonly name: string; readonly unit: string; readonly maxCount: Quantity | null }[];
}

interface Difference<Type extends string, Value> {
  readonly type: Type;
  readonly before: Value;
  readonly after: Value;
  /** In words, for the audit table. */
  readonly reason: string;
}

/** A named difference. The names and their meaning are rule 9 of the design. */
export type Change =
  | Difference<'WatchStarted', { standing: null } | { standing: Standing }>
  | Difference<'WatchEnded', { watched: boolean }>
  | (Difference<'WatchLost', { lastConfirmed: Instant | null; seen: boolean }> & {
      readonly cause: BlindCause | 'trouble';
    })
  | Difference<'WatchRestored', { lastConfirmed: Instant | null; seen: boolean }>
  | Difference<'LicenseGranted', { standing: Standing }>
  | Difference<'LicenseBegan', { standing: Standing }>
  | Difference<'LicenseNotActivated', { standing: Standing | null }>
  | Difference<'GrantActivated', { standing: Standing }>
  | Difference<'GrantDeactivated', { standing: Standing }>
  | (Difference<'LicenseRenewed', Term> & {
      /** The later end was seen before the old one had passed. */
      readonly early: boolean;
      /** How long no license was in force between the two; null: no gap. */
      readonly gapMilliseconds: number | null;
    })
  | Difference<'LicenseShortened', Term>
  | Difference<'LicenseExpired', { standing: Standing }>
  | Difference<'LicenseCanceled', { standing: Standing }>
  | Difference<'LicenseRemoved', { standing: Standing }>
  | Difference<'LicenseSuspended', { standing: Standing }>
  | Difference<'LicenseDeactivated', { standing: Standing }>
  | Difference<'LicenseReinstated', { standing: Standing }>
  | Difference<'LicenseUpgraded', Bought>
  | Difference<'LicenseDowngraded', Bought>
  | (Difference<'EntitlementsChanged', Bought> & { readonly unknownTiers: readonly string[] })
  | Difference<'SeveralLicensesFound', { licenses: readonly CanonicalLicense['licenseArn'][] }>
  | Difference<'CheckoutRefused', { refused: boolean }>
  | Difference<'CheckoutAccepted', { refused: boolean }>
  | (Difference<'UsageThresholdCrossed', { percent: number }> & {
      readonly entitlementName: string;
      readonly threshold: 80 | 90 | 100;
    });

export type ChangeType = Change['type'];

export const CHANGE_TYPES = [
  'WatchStarted',
  'WatchEnded',
  'WatchLost',
  'WatchRestored',
  'LicenseGranted',
  'LicenseBegan',
  'LicenseNotActivated',
  'GrantActivated',
  'GrantDeactivated',
  'LicenseRenewed',
  'LicenseShortened',
  'LicenseExpired',
  'LicenseCanceled',
  'LicenseRemoved',
  'LicenseSuspended',
  'LicenseDeactivated',
  'LicenseReinstated',
  'LicenseUpgraded',
  'LicenseDowngraded',
  'EntitlementsChanged',
  'SeveralLicensesFound',
  'CheckoutRefused',
  'CheckoutAccepted',
  'UsageThresholdCrossed',
] as const satisfies readonly ChangeType[];
