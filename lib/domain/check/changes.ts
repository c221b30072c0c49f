import type { Bought } from '../license/purchase.ts';
import type { BlindCause } from './observation.ts';
import type { CanonicalLicense, End, Standing } from '../license/contract.ts';
import type { Reachability, Unreachable } from '../notice/reachability.ts';
import type { Instant } from '../time.ts';

/** What a change of terms compares: the end of the license(s) that carry the contract. */
export interface Term {
  readonly licenseArn: string;
  readonly end: End;
}

interface Difference<Type extends string, Value> {
  readonly type: Type;
  readonly before: Value;
  readonly after: Value;
  /** In words, for the audit table. */
  readonly reason: string;
}

/** One license, or more, of several that stand side by side, while the others go on as they were. By ARN. */
export interface Part {
  readonly licenses: readonly CanonicalLicense['licenseArn'][];
  readonly others: readonly CanonicalLicense['licenseArn'][];
}

/** How a license stands; `part`: not all that the contract has. */
type StandingDifference<Type extends string> = Difference<Type, { standing: Standing }> & {
  readonly part?: Part;
};

/** What a license allows; `licenseArn`: which one it is, where several stand side by side. */
type PurchaseDifference<Type extends string> = Difference<Type, Bought> & {
  readonly licenseArn?: CanonicalLicense['licenseArn'];
};

/** A named difference. The names and their meaning are rule 9 of the design. */
export type Change =
  | Difference<'WatchStarted', { standing: null } | { standing: Standing }>
  | Difference<'WatchEnded', { watched: boolean }>
  | (Difference<'WatchLost', { lastSeen: Instant | null; seen: boolean }> & {
      readonly cause: BlindCause | 'trouble';
    })
  | Difference<'WatchRestored', { lastSeen: Instant | null; seen: boolean }>
  /** Of the buyer, not of the contract; null: it was reached, or nobody had looked. */
  | (Omit<Difference<'BuyerUnreachable', { reachability: Unreachable | null }>, 'after'> & {
      readonly after: { readonly reachability: Unreachable };
    })
  | Difference<'BuyerReachable', { reachability: Reachability }>
  | Difference<'LicenseGranted', { standing: Standing }>
  | Difference<'LicenseBegan', { standing: Standing }>
  | Difference<'LicenseNotActivated', { standing: Standing | null }>
  | StandingDifference<'GrantActivated'>
  | StandingDifference<'GrantDeactivated'>
  | (Difference<'LicenseRenewed', Term> & {
      /** The later end was seen before the old one had passed. */
      readonly early: boolean;
      /** How long no license was in force between the two; null: no gap. */
      readonly gapMilliseconds: number | null;
    })
  | Difference<'LicenseShortened', Term>
  | StandingDifference<'LicenseExpired'>
  | StandingDifference<'LicenseCanceled'>
  | StandingDifference<'LicenseRemoved'>
  | StandingDifference<'LicenseSuspended'>
  | StandingDifference<'LicenseDeactivated'>
  | StandingDifference<'LicenseReinstated'>
  | PurchaseDifference<'LicenseUpgraded'>
  | PurchaseDifference<'LicenseDowngraded'>
  | (PurchaseDifference<'EntitlementsChanged'> & {
      readonly unknownTiers: readonly string[];
      /** The unknown tiers were found, whatever was there before: compared with nothing. */
      readonly found?: true;
    })
  /** Of the same SKU and issuer, in force side by side. */
  | Difference<'AnotherLicenseFound', { licenses: readonly CanonicalLicense['licenseArn'][] }>
  /** Of the same SKU and another issuer. */
  | Difference<'ForeignLicenseFound', { licenses: readonly CanonicalLicense['licenseArn'][] }>
  | Difference<'CheckoutRefused', { refused: boolean }>
  | Difference<'CheckoutAccepted', { refused: boolean }>
  | (Difference<'UsageThresholdCrossed', { percent: number }> & {
      readonly entitlementName: string;
      readonly unit: string;
      readonly threshold: UsageThreshold;
    });

/** In percent of the maximum; `over`: above it. */
export type UsageThreshold = 80 | 90 | 100 | 'over';

export type ChangeType = Change['type'];

export const CHANGE_TYPES = [
  'WatchStarted',
  'WatchEnded',
  'WatchLost',
  'WatchRestored',
  'BuyerUnreachable',
  'BuyerReachable',
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
  'AnotherLicenseFound',
  'ForeignLicenseFound',
  'CheckoutRefused',
  'CheckoutAccepted',
  'UsageThresholdCrossed',
] as const satisfies readonly ChangeType[];
