import * as fc from './property.ts';
import {
  type Entitlement,
  type License,
  LICENSE_STATUSES,
  RECEIVED_STATUSES,
} from '../../lib/domain/license/contract.ts';
import { gigabytes, license, seats, tier, USAGE } from './licenses.ts';

/** How often a property is tried; less often in runs that test thousands of mutants. */
export function runs(often: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(often * Number(process.env['PART_OF_RUNS'] ?? 1)) };
}

export const TIERS = ['BasicTier', 'IntermediateTier', 'PremiumTier'] as const;

/** Few values each, so that licenses share ends, counts and versions. */
const DATES = [
  '2026-01-01',
  '2026-06-01',
  '2026-12-15',
  '2027-02-01',
  '2027-02-01T12:00',
  '2027-02-02',
  '2028-02-01',
];

const entitlement: fc.Arbitrary<Entitlement> = fc.oneof(
  fc.constantFrom(0, 1, 5, 10, null).map((count) => seats(count)),
  fc.constantFrom(5, 10).map((count) => seats(count, 'Admin')),
  fc.constantFrom(...TIERS, 'SecretTier').map(tier),
  fc.constantFrom(100, 500).map(gigabytes),
);

/** A license with any status, mostly a usable one. */
export const anyLicense: fc.Arbitrary<License> = fc
  .record({
    arn: fc.constantFrom('a', 'b', 'c'),
    version: fc.constantFrom('1', '2', '3'),
    status: fc.oneof(
      { weight: 4, arbitrary: fc.constant('AVAILABLE' as const) },
      fc.constantFrom(...LICENSE_STATUSES),
    ),
    receivedStatus: fc.oneof(
      { weight: 4, arbitrary: fc.constant('ACTIVE' as const) },
      fc.constantFrom(...RECEIVED_STATUSES),
    ),
    begin: fc.constantFrom(...DATES),
    end: fc.option(fc.constantFrom(...DATES)),
    entitlements: fc.uniqueArray(entitlement, {
      maxLength: 3,
      selector: ({ name, unit }) => `${name} ${unit}`,
    }),
  })
  .map(({ entitlements, ...traits }) =>
    license({ ...traits, entitlements: [USAGE, ...entitlements] }),
  );

/** The licenses of one read: each ARN occurs once. */
export const anyLicenses: fc.Arbitrary<readonly License[]> = fc.uniqueArray(anyLicense, {
  maxLength: 3,
  selector: ({ licenseArn }) => licenseArn,
});
