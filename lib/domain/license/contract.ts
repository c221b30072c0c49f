import type { EntitlementUsage, LicenseStatus, ReceivedStatus, Validity } from './licenses.ts';
import type { Quantity } from './quantity.ts';
import type { Instant } from '../time.ts';

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

export interface CanonicalEntitlement {
  readonly name: string;
  readonly unit: string;
  readonly value: string | null;
  readonly maxCount: Quantity | null;
  readonly overage: boolean;
}

export interface CanonicalLicense {
  readonly licenseArn: string;
  readonly version: string;
  readonly status: LicenseStatus;
  readonly receivedStatus: ReceivedStatus;
  readonly validity: Validity;
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
