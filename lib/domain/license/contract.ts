import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../time.ts';
import type { Quantity } from './quantity.ts';

export const LICENSE_STATUSES = [
  'AVAILABLE',
  'PENDING_AVAILABLE',
  'DEACTIVATED',
  'SUSPENDED',
  'EXPIRED',
  'PENDING_DELETE',
  'DELETED',
] as const;
export type LicenseStatus = (typeof LICENSE_STATUSES)[number];

export const RECEIVED_STATUSES = [
  'PENDING_WORKFLOW',
  'PENDING_ACCEPT',
  'REJECTED',
  'ACTIVE',
  'FAILED_WORKFLOW',
  'DELETED',
  'DISABLED',
  'WORKFLOW_COMPLETED',
] as const;
export type ReceivedStatus = (typeof RECEIVED_STATUSES)[number];

/** The entitlement that Marketplace licenses carry beside what was bought. It proves that the agreement is active, and nothing else. */
export const MARKETPLACE_USAGE = 'AWS::Marketplace::Usage';

export interface Entitlement {
  readonly name: string;
  /** AWS's EntitlementUnit. `None`: no quantity, possibly a `value`; every other unit has a `maxCount`. */
  readonly unit: string;
  readonly value: string | null;
  /** Null: unlimited, or unit `None`. */
  readonly maxCount: Quantity | null;
  /** True if more than `maxCount` may be checked out. */
  readonly overage: boolean;
  /** Present only where AWS says so: what is checked out cannot be returned before its time to live is over. */
  readonly allowCheckIn?: false;
  /** Present only where name or unit had to be altered (too long, not well-formed), so that the entitlement cannot be checked out. */
  readonly asWritten?: false;
}

/**
 * True if the entitlement is owned. Unit `None` has no quantity but may have a value, which is `Enabled` where it is set at all (field
 * reports). Any other value is not read as owned: `Disabled` is not a tier.
 */
export function isOwned({ unit, value }: Pick<Entitlement, 'unit' | 'value'>): boolean {
  if (unit !== 'None' || value === null) return true;
  return ['', 'enabled'].includes(value.trim().toLowerCase());
}

/** True if the entitlement has a number to use up or to hold. */
export function isCounted({ unit }: Pick<Entitlement, 'unit'>): boolean {
  return unit !== 'None';
}

export function notAmong<Each extends { readonly licenseArn: string }>(
  some: readonly Each[],
  others: readonly { readonly licenseArn: string }[],
): readonly Each[] {
  return some.filter(({ licenseArn }) => !others.some((other) => other.licenseArn === licenseArn));
}

export interface Validity {
  readonly begin: Instant;
  /** Null: no end. The year 9999 and beyond is read as no end. */
  readonly end: Instant | null;
}

/** A received license: what ListReceivedLicenses and GetLicense say of it, parsed. */
export interface License {
  readonly licenseArn: string;
  /** Opaque, except that of two decimal integers the lower one is older (rule 4). */
  readonly version: string;
  readonly productSku: string;
  readonly issuerFingerprint: string;
  readonly licenseName: string;
  readonly productName: string;
  readonly status: LicenseStatus;
  readonly receivedStatus: ReceivedStatus;
  /** Null: AWS did not say. */
  readonly allowedOperations: readonly string[] | null;
  readonly validity: Validity;
  readonly entitlements: readonly Entitlement[];
  /** What ListReceivedLicenses says, where GetLicense says something else; absent: both say the same, or only one was asked. */
  readonly listed?: ListedTerms;
}

/** What both ListReceivedLicenses and GetLicense say about a license. */
export type ListedTerms = Pick<License, 'version' | 'status' | 'validity' | 'entitlements'>;

/** What GetLicenseUsage says about one entitlement, in the entitlement's unit. */
export interface EntitlementUsage {
  readonly name: string;
  readonly unit: string;
  readonly consumed: Quantity;
  readonly maxCount: Quantity | null;
}

/** `<buyerAccountId>#<product id>`: one buyer's standing with one product. */
export type ContractKey = `${string}#${string}`;

export function contractKey(buyerAccountId: string, productId: string): ContractKey {
  return `${buyerAccountId}#${productId}`;
}

/** The parts of a contract's key. */
export function contractOf(key: ContractKey): { buyerAccountId: string; productId: string } {
  const at = key.indexOf('#');
  return { buyerAccountId: key.slice(0, at), productId: key.slice(at + 1) };
}

export const STANDINGS = [
  'none',
  'not-activated',
  'upcoming',
  'in-force',
  'suspended',
  'deactivated',
  'canceled',
  'ended',
] as const;
export type Standing = (typeof STANDINGS)[number];

export type Verdict = 'entitled' | 'not-entitled' | 'unknown';

export type CanonicalEntitlement = Omit<Entitlement, 'asWritten'>;

export interface CanonicalLicense extends Pick<
  License,
  'licenseArn' | 'version' | 'status' | 'receivedStatus' | 'validity'
> {
  /** Sorted by name, then unit. */
  readonly entitlements: readonly CanonicalEntitlement[];
  /** How many more entitlements the license has that are not kept, so that a contract fits in one item of the store. Absent: none. */
  readonly moreEntitlements?: number;
  /** On the last license of a state: how many more licenses of the contract are not kept. Absent: none. */
  readonly moreLicenses?: number;
}

/** The licenses that are or may become usable, sorted by ARN; where there is none, those that ended last; or nothing at all. */
export type CanonicalState = readonly CanonicalLicense[];

/** Usage, which is shown beside an entitlement version but is not part of it. */
export type Usage = readonly EntitlementUsage[];

/** The end of a term. Null: there is none. */
export type End = Instant | null;

/** A contract as it was or is: one side of a comparison. */
export interface Side {
  readonly state: CanonicalState;
  /** The same as `Head.knownBefore`; absent: null there. */
  readonly known?: CanonicalState;
  readonly standing: Standing;
  /** ARNs that the read shows as deleted, which a state omits while another license is left. Absent: not known. */
  readonly deleted?: readonly string[];
  /** What AWS says about the purchases that the licenses come from. Absent: not known. */
  readonly agreements?: readonly Agreement[];
  /** When the contract was read. */
  readonly at: Instant;
}
