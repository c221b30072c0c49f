import { shownStatus } from './license-status.ts';
import type { Call } from './operation.ts';
import type { Entitlement } from './shapes.ts';
import { currentVersion } from './state.ts';
import type { License, LicenseVersion } from './state.ts';
import type { Switches } from './switches.ts';
import { epochTime, isoTime, MINUTE, validityTime } from './times.ts';

const STALE_FOR = 20 * MINUTE;

/** The trusted issuer's ID: `aws:<issuer account>:<issuer name>:issuer-fingerprint` (A). */
export function fingerprint(license: License, version = currentVersion(license)): string {
  return `aws:${license.issuerAccountId}:${version.issuer.name}:issuer-fingerprint`;
}

/** The version that a read of the current one gets: under the switch, sometimes still the one before. */
export function versionRead(license: License, { now, world }: Call): LicenseVersion {
  const current = currentVersion(license);
  const before = license.versions.at(-2);
  license.reads += 1;
  const settled = world.switches.readsAfterUpdate === 'fresh' || now - current.since >= STALE_FOR;
  if (before === undefined || settled) return current;
  // Neither always stale nor in step with a client that makes two reads per look: v1, v1, v2, v1, v2, v2, ...
  return [true, true, false, true, false, false][license.reads % 6] === true ? before : current;
}

/** The version that the list of received licenses shows: under the switch, a different one than GetLicense shows. */
export function versionListed(license: License, call: Call): LicenseVersion {
  const { listAfterUpdate } = call.world.switches;
  const [current, before] = [currentVersion(license), license.versions.at(-2)];
  if (
    listAfterUpdate === 'as-GetLicense' ||
    before === undefined ||
    call.now - current.since >= STALE_FOR
  ) {
    return versionRead(license, call);
  }
  return listAfterUpdate === 'version-behind-for-20-minutes'
    ? before
    : { ...before, version: current.version };
}

/** A license as GetLicense and the lists write it. */
export function licenseAnswer(
  license: License,
  version: LicenseVersion,
  { now, world }: Call,
): Record<string, unknown> {
  const { switches } = world;
  return {
    LicenseArn: license.arn,
    LicenseName: version.licenseName,
    ProductName: version.productName,
    ProductSKU: license.productSku,
    Issuer: {
      Name: version.issuer.name,
      SignKey: version.issuer.signKey,
      KeyFingerprint: fingerprint(license, version),
    },
    HomeRegion: license.homeRegion,
    Status: shownStatus(license, version, now, switches),
    Validity: {
      Begin: validityTime(version.begin, switches.validityFormat),
      End:
        version.end === undefined ? undefined : validityTime(version.end, switches.validityFormat),
    },
    Beneficiary: license.beneficiary,
    Entitlements: version.entitlements.map((entitlement) =>
      entitlementAnswer(entitlement, switches),
    ),
    ConsumptionConfiguration: version.consumption,
    LicenseMetadata: version.metadata,
    CreateTime:
      switches.createTimeFormat === 'iso-z'
        ? isoTime(license.createdAt)
        : epochTime(license.createdAt),
    Version: version.version,
  };
}

function entitlementAnswer(
  entitlement: Entitlement,
  { unlimitedShape }: Switches,
): Record<string, unknown> {
  const unlimited = entitlement.Unit !== 'None' && entitlement.MaxCount === undefined;
  return unlimited && unlimitedShape === 'MaxCount-zero'
    ? { ...entitlement, MaxCount: 0 }
    : entitlement;
}
