import { refuse } from '../errors.ts';
import { licenseAnswer, versionRead } from '../license-answer.ts';
import { operation, type Call } from '../operation.ts';
import { FILTERED, page, PAGED } from '../paging.ts';
import { readableLicense, existingLicense } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN, ARNS, type Entitlement } from '../shapes.ts';
import { currentVersion, type License } from '../state.ts';
import { consumed, openCheckouts } from '../pool.ts';

/** For the issuer and for grantees. Says nothing about the grant: ReceivedMetadata is only in ListReceivedLicenses. */
export const getLicense = operation({
  name: 'GetLicense',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN, Version: STRING }),
  notBuilt: ['Version'],
  run: ({ LicenseArn }, call) => {
    const license = readableLicense(LicenseArn, call);
    return { License: licenseAnswer(license, versionRead(license, call), call) };
  },
});

export const listLicenseVersions = operation({
  name: 'ListLicenseVersions',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN, ...PAGED }),
  run: (input, call) => {
    const license = readableLicense(input.LicenseArn, call);
    const mine = license.issuerAccountId === call.accountId;
    if (!mine && call.world.switches.granteeListsVersions !== 'allowed') {
      refuse('AccessDeniedException', `Access to resource denied: ${license.arn}`);
    }
    // The list lags, too: a read that gets the version before knows none after it.
    const read = versionRead(license, call);
    const known = license.versions.slice(0, license.versions.indexOf(read) + 1);
    const { members, NextToken } = page(known, input, call);
    return { Licenses: members.map((version) => licenseAnswer(license, version, call)), NextToken };
  },
});

/** The licenses that the caller issued. */
export const listLicenses = operation({
  name: 'ListLicenses',
  input: structure([], { LicenseArns: ARNS, ...FILTERED }),
  notBuilt: ['LicenseArns'],
  run: (input, call) => {
    const mine = [...call.world.licenses.values()].filter(
      ({ arn, issuerAccountId }) =>
        issuerAccountId === call.accountId && existingLicense(arn, call) !== undefined,
    );
    const { members, NextToken } = page(mine, input, call, {
      Beneficiary: ({ beneficiary }) => beneficiary,
      ProductSKU: ({ productSku }) => productSku,
    });
    return {
      Licenses: members.map((license) => licenseAnswer(license, currentVersion(license), call)),
      NextToken,
    };
  },
});

export const getLicenseUsage = operation({
  name: 'GetLicenseUsage',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN }),
  run: (input, call) => {
    const license = readableLicense(input.LicenseArn, call);
    const mine = license.issuerAccountId === call.accountId;
    const { granteeReadsUsage, noneInUsage } = call.world.switches;
    if (!mine && granteeReadsUsage !== 'allowed') {
      refuse('AccessDeniedException', `Access to resource denied: ${license.arn}`);
    }
    const usages = currentVersion(license)
      .entitlements.filter(({ Unit }) => Unit !== 'None' || noneInUsage !== 'not-listed')
      .map((entitlement) => usage(license, entitlement, call));
    return { LicenseUsage: { EntitlementUsages: usages } };
  },
});

/** All numbers are strings (A). */
function usage(
  license: License,
  { Name, Unit, MaxCount }: Entitlement,
  call: Call,
): Record<string, unknown> {
  const { noneInUsage, unlimitedShape } = call.world.switches;
  if (Unit === 'None') {
    const open = openCheckouts(license, call.now).filter(({ taken }) => taken.has(Name)).length;
    return { Name, Unit, ConsumedValue: noneInUsage === 'counted' ? String(open) : '0' };
  }
  const max = MaxCount ?? (unlimitedShape === 'MaxCount-zero' ? 0 : undefined);
  return {
    Name,
    Unit,
    ConsumedValue: String(consumed(license, Name, call.now)),
    MaxCount: max === undefined ? undefined : String(max),
  };
}
