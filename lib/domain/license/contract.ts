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

/** Carried by Marketplace licenses beside what was bought: proves that the agreement is active, and says nothing else. */
export const MARKETPLACE_USAGE = 'AWS::Marketplace::Usage';

export interface Entitlement {
  readonly name: string;
  /** AWS's EntitlementUnit. `None`: no quantity, possibly a `value`; every other unit has a `maxCount`. */
  readonly unit: string;
  readonly value: string | null;
  /** Null: unlimited, or unit `None`. */
  readonly maxCount: Quantity | null;
  /** More than `maxCount` may be checked out. */
  readonly overage: boolean;
  /** Only where AWS says so: what is checked out cannot be returned before its time to live is over. */
  readonly allowCheckIn?: false;
  /** Only where name or unit were altered to be kept (too long, not well-formed): such a one cannot be asked for. */
  readonly asWritten?: false;
}

/**
 * Unit `None` has no quantity, and may have a value: `Enabled` where it is set at all (field reports). Whatever else stands
 * there is not read as owned: `Disabled` is no tier.
 */
export function isOwned({ unit, value }: Pick<Entitlement, 'unit' | 'value'>): boolean {
  if (unit !== 'None' || value === null) return true;
  return ['', 'enabled'].includes(value.trim().toLowerCase());
}

/** Owned by number: there is something to use up, or to hold. */
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
  /** Opaque, unless it and another one are decimal integers: then the lower one is older (rule 4). */
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
  /** What the list says of it, where GetLicense says something else; absent: both say the same, or only one was asked. */
  readonly listed?: ListedTerms;
}

/** What both ListReceivedLicenses and GetLicense say of a license. */
export type ListedTerms = Pick<License, 'version' | 'status' | 'validity' | 'entitlements'>;

/** What GetLicenseUsage says of one entitlement, in the entitlement's unit. */
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

/** What a contract's key is made of. */
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
  /** So many more entitlements of it are not kept: a contract fits one item of the store. Absent: none. */
  readonly moreEntitlements?: number;
  /** Of the last license of a state: so many more licenses of the contract are not kept. Absent: none. */
  readonly moreLicenses?: number;
}

/** The usable and upcoming licenses sorted by ARN; where there is none, the one that ended last; or nothing at all. */
export type CanonicalState = readonly CanonicalLicense[];

/** Usage belongs to no version: it is shown beside one. */
export type Usage = readonly EntitlementUsage[];

/** `null` where an end does not exist. */
export type End = Instant | null;

/** A contract as it was or is. */
export interface Side {
  readonly state: CanonicalState;
  /** As `Head.knownBefore`; absent: null there. */
  readonly known?: CanonicalState;
  readonly standing: Standing;
  /** ARNs that the read shows as deleted: a state holds none of them beside one that is left. Absent: not known. */
  readonly deleted?: readonly string[];
  /** What AWS says of the purchases that its licenses come from. Absent: not known. */
  readonly agreements?: readonly Agreement[];
  /** When it was read. */
  readonly at: Instant;
}
