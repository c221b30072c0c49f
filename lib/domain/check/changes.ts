import type {
  AgreedTerms,
  AgreementStatus,
  Disagreement,
  EndedStatus,
} from '../agreement/agreement.ts';
import type { RenewalIntent, RenewalParty } from '../agreement/renewal-intent.ts';
import type { Bought } from '../license/purchase.ts';
import type { BlindCause } from './observation.ts';
import type { CanonicalLicense, End, Standing } from '../license/contract.ts';
import type { Reachability, Unreachable } from '../notice/reachability.ts';
import type { Quantity } from '../license/quantity.ts';
import type { Instant } from '../time.ts';

/** What a change of terms compares: the end of the license(s) that carry the contract. */
export interface Term {
  readonly licenseArn: string;
  readonly end: End;
}

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
  'RenewalIntentChanged',
  'AgreementAmended',
  'AgreementEnded',
  'AgreementDisagreed',
] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

interface Difference<Type extends ChangeType, Value> {
  readonly type: Type;
  readonly before: Value;
  readonly after: Value;
  /** In words, for the audit table. */
  readonly reason: string;
}

/** One or more of several licenses that stand side by side, while the others go on as they were. By ARN. */
export interface LicenseSubset {
  readonly licenses: readonly CanonicalLicense['licenseArn'][];
  readonly others: readonly CanonicalLicense['licenseArn'][];
}

/** A change of how a license stands; `part`: it concerns only some of the contract's licenses. */
type StandingDifference<Type extends ChangeType> = Difference<Type, { standing: Standing }> & {
  readonly part?: LicenseSubset;
};

/** The license is gone; `cause`: how AWS says that its agreement ended, where that is known. */
type Gone<Type extends ChangeType> = StandingDifference<Type> & { readonly cause?: EndedStatus };

/** What AWS tells the seller about an agreement, not about a license. */
interface OfAgreement {
  readonly agreementId: string;
  /** When AWS last changed the agreement; null: AWS does not say. */
  readonly updatedAt: Instant | null;
}

/** What a license allows; `licenseArn`: which one it is, where several stand side by side. */
type PurchaseDifference<Type extends ChangeType> = Difference<Type, Bought> & {
  readonly licenseArn?: CanonicalLicense['licenseArn'];
};

/** A named difference. Rule 9. */
export type Change =
  | Difference<'WatchStarted', { standing: null } | { standing: Standing }>
  | Difference<'WatchEnded', { watched: boolean }>
  | (Difference<'WatchLost', { lastSeen: Instant | null; seen: boolean }> & {
      readonly cause: BlindCause | 'trouble';
    })
  | Difference<'WatchRestored', { lastSeen: Instant | null; seen: boolean }>
  /** About the buyer, not the contract. Null: the buyer was reached, or nobody had looked. */
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
  | Gone<'LicenseExpired'>
  | Gone<'LicenseCanceled'>
  | Gone<'LicenseRemoved'>
  | StandingDifference<'LicenseSuspended'>
  | StandingDifference<'LicenseDeactivated'>
  | StandingDifference<'LicenseReinstated'>
  | PurchaseDifference<'LicenseUpgraded'>
  | PurchaseDifference<'LicenseDowngraded'>
  | (PurchaseDifference<'EntitlementsChanged'> & {
      readonly unknownTiers: readonly string[];
      /** The unknown tiers were found, and are not compared with what was there before. */
      readonly found?: true;
    })
  /** Licenses of the same SKU and issuer are in force side by side. */
  | Difference<'AnotherLicenseFound', { licenses: readonly CanonicalLicense['licenseArn'][] }>
  /** Licenses of the same SKU by another issuer. */
  | Difference<'ForeignLicenseFound', { licenses: readonly CanonicalLicense['licenseArn'][] }>
  | Difference<'CheckoutRefused', { refused: boolean }>
  | Difference<'CheckoutAccepted', { refused: boolean }>
  | (Difference<'UsageThresholdCrossed', { percent: number }> & {
      readonly entitlementName: string;
      readonly unit: string;
      readonly threshold: UsageThreshold;
      /** How much was in use, for what is held and comes back. What is used up of a pool stands beside the state. */
      readonly held?: { readonly consumed: Quantity; readonly maxCount: Quantity };
    })
  /** What AWS says happens at the end; `party`: who switched the renewal off, or on again. */
  | (Difference<'RenewalIntentChanged', { intent: RenewalIntent }> &
      OfAgreement & {
        readonly party: RenewalParty | null;
        readonly end: Instant | null;
        /** Until when either party can change it; null: there is no deadline, or it is not known. */
        readonly decideBy: Instant | null;
      })
  | (Difference<'AgreementAmended', AgreedTerms> & OfAgreement)
  | (Difference<'AgreementEnded', { status: AgreementStatus }> &
      OfAgreement & { readonly end: Instant | null })
  /** License and agreement have said different things for a day. None left: they say the same again. */
  | (Difference<'AgreementDisagreed', { differs: readonly Disagreement[] }> & OfAgreement);

/** In percent of the maximum; `over`: above it. */
export type UsageThreshold = 80 | 90 | 100 | 'over';
