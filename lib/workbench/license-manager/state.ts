import type { Ids } from './ids.ts';
import type {
  AllowedOperation,
  ConsumptionConfiguration,
  Entitlement,
  GrantStatus,
  LicenseMetadata,
  LicenseStatus,
} from './shapes.ts';
import type { Switches } from './switches.ts';

/** The account that issues the licenses of AWS Marketplace. */
export const MARKETPLACE_ACCOUNT = '294406891311';

/** One immutable version of a license. */
export interface LicenseVersion {
  readonly version: string;
  readonly licenseName: string;
  readonly productName: string;
  readonly issuer: { readonly name: string; readonly signKey: string | undefined };
  /** As the issuer set it; what a reader sees also depends on the time. */
  readonly status: LicenseStatus;
  readonly begin: number;
  /** Undefined: no end. */
  readonly end: number | undefined;
  readonly entitlements: readonly Entitlement[];
  readonly consumption: ConsumptionConfiguration;
  readonly metadata: LicenseMetadata | undefined;
  readonly since: number;
}

export interface License {
  readonly arn: string;
  readonly issuerAccountId: string;
  readonly productSku: string;
  readonly homeRegion: string;
  readonly beneficiary: string;
  readonly createdAt: number;
  /** Oldest first, at least one. */
  readonly versions: LicenseVersion[];
  /** Checkouts that hold something. One that ran out stays here until somebody looks. */
  readonly open: Set<Checkout>;
  /** Drawn down for good, by entitlement name. */
  readonly drawn: Map<string, number>;
  deletedAt: number | undefined;
  /** Counts reads, for the switch of stale reads. */
  reads: number;
}

export interface GrantVersion {
  readonly version: string;
  readonly name: string;
  readonly status: GrantStatus;
  readonly statusReason: string | undefined;
  readonly operations: readonly AllowedOperation[];
}

export interface Grant {
  readonly arn: string;
  readonly granterAccountId: string;
  readonly granteeAccountId: string;
  readonly granteePrincipalArn: string;
  readonly license: License;
  readonly createdAt: number;
  /** The grant shows PENDING_WORKFLOW until then. */
  readonly settledAt: number;
  /** Oldest first, at least one. */
  readonly versions: GrantVersion[];
}

export interface Checkout {
  readonly token: string;
  readonly license: License;
  readonly grant: Grant;
  readonly accountId: string;
  readonly type: 'PROVISIONAL' | 'PERPETUAL';
  /** Units by entitlement name; unit None takes 0. */
  readonly taken: ReadonlyMap<string, number>;
  readonly issuedAt: number;
  readonly expiresAt: number;
  returned: boolean;
}

/** The question and the answer of an earlier call with a client token. */
export interface Remembered {
  readonly at: number;
  readonly question: string;
  readonly answer: Record<string, unknown>;
}

/** Everything the stand-in knows. */
export interface World {
  readonly switches: Switches;
  readonly ids: Ids;
  readonly licenses: Map<string, License>;
  readonly grants: Map<string, Grant>;
  readonly grantsByGrantee: Map<string, Grant[]>;
  /** By consumption token, oldest first. */
  readonly checkouts: Map<string, Checkout>;
  /** By account, operation and client token, oldest first. */
  readonly remembered: Map<string, Remembered>;
}

export function newWorld(switches: Switches, ids: Ids): World {
  return {
    switches,
    ids,
    licenses: new Map(),
    grants: new Map(),
    grantsByGrantee: new Map(),
    checkouts: new Map(),
    remembered: new Map(),
  };
}

export function currentVersion(license: License): LicenseVersion {
  return latest(license.versions);
}

export function currentGrant(grant: Grant): GrantVersion {
  return latest(grant.versions);
}

function latest<T>(versions: readonly T[]): T {
  const last = versions.at(-1);
  if (last === undefined) throw new Error('the stand-in lost the versions of a license or grant');
  return last;
}
