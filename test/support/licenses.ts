import {
  type CanonicalState,
  type Entitlement,
  type License,
  MARKETPLACE_USAGE,
} from '../../lib/domain/license/contract.ts';
import { canonicalState } from '../../lib/domain/license/canonical-state.ts';
import {
  type Dimension,
  type Dimensions,
  MARKETPLACE_FINGERPRINT,
} from '../../lib/domain/license/product.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';

/** An instant in UTC: `at('2027-02-01')`, `at('2027-02-01T10:15')`, `at('2027-02-01T10:15:30')`. */
export function at(text: string): Instant {
  return `${(text.length === 10 ? `${text}T00:00` : text).padEnd(19, ':00')}Z` as Instant;
}

/** The ARN of a license such as `l-a`, in AWS Marketplace's account. */
export function arnOf(name: string): string {
  return `arn:aws:license-manager::294406891311:license:l-${name}`;
}

export const USAGE: Entitlement = {
  name: MARKETPLACE_USAGE,
  unit: 'None',
  value: 'Enabled',
  maxCount: null,
  overage: false,
};

export function seats(maxCount: number | null, name = 'ReadOnly'): Entitlement {
  return {
    name,
    unit: 'Count',
    value: null,
    maxCount: maxCount === null ? null : quantity(maxCount),
    overage: false,
  };
}

/** The seller's words for the dimension that these buyers bought: seats. */
export const SEAT: Dimension = {
  ...{ name: null, singular: 'seat', plural: 'seats' },
  ...{ covers: null, neededToStart: false, usedUp: null },
};
export const DIMENSIONS: Dimensions = { ReadOnly: SEAT, Admin: SEAT, Author: SEAT };

export function tier(name: string): Entitlement {
  return { name, unit: 'None', value: null, maxCount: null, overage: false };
}

/** The usage of an entitlement, as AWS reports it. */
export function inUse(name: string, consumed: number, maxCount: number, unit = 'Count') {
  return { name, unit, consumed: quantity(consumed), maxCount: quantity(maxCount) };
}

export function gigabytes(maxCount: number): Entitlement {
  return {
    name: 'DataConsumption',
    unit: 'Gigabytes',
    value: null,
    maxCount: quantity(maxCount),
    overage: false,
  };
}

/** The traits of a license in tests: the tail of its ARN, and its dates as days. */
export interface LicenseTraits extends Partial<Omit<License, 'licenseArn' | 'validity'>> {
  readonly arn?: string;
  readonly begin?: string;
  /** Null: no end. */
  readonly end?: string | null;
}

/** Five seats from 2026-02-01 to 2027-02-01, available and active. */
export function license({
  arn = 'a',
  begin = '2026-02-01',
  end = '2027-02-01',
  ...traits
}: LicenseTraits = {}): License {
  return {
    licenseArn: arnOf(arn),
    version: '1',
    productSku: 'prod-example',
    issuerFingerprint: MARKETPLACE_FINGERPRINT,
    licenseName: 'Example',
    productName: 'Example',
    status: 'AVAILABLE',
    receivedStatus: 'ACTIVE',
    allowedOperations: null,
    validity: { begin: at(begin), end: end === null ? null : at(end) },
    entitlements: [USAGE, seats(5)],
    ...traits,
  };
}

export function stateOf(licenses: readonly License[], now: Instant): CanonicalState {
  return canonicalState(licenses, now);
}
