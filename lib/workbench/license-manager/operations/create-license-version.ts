import { once } from '../client-token.ts';
import { redirect, refuse } from '../errors.ts';
import { shownStatus } from '../license-status.ts';
import { licenseVersion, nextVersion } from '../license-terms.ts';
import { operation } from '../operation.ts';
import { issuedLicense } from '../visibility.ts';
import { BOOLEAN, list, STRING, structure } from '../shape.ts';
import {
  ARN,
  CLIENT_TOKEN,
  CONSUMPTION_CONFIGURATION,
  ENTITLEMENT,
  ISSUER,
  LICENSE_METADATA,
  LICENSE_STATUS,
  VALIDITY,
} from '../shapes.ts';
import { currentVersion } from '../state.ts';

/** Amends a license, renews it, or changes its status. `ResetUsage` is in AWS's model since botocore 1.43.107 at the latest. */
export const createLicenseVersion = operation({
  name: 'CreateLicenseVersion',
  resource: 'LicenseArn',
  notBuilt: ['ResetUsage'],
  input: structure(
    [
      'LicenseArn',
      'LicenseName',
      'ProductName',
      'Issuer',
      'HomeRegion',
      'Validity',
      'Entitlements',
      'ConsumptionConfiguration',
      'Status',
      'ClientToken',
    ],
    {
      LicenseArn: ARN,
      LicenseName: STRING,
      ProductName: STRING,
      Issuer: ISSUER,
      HomeRegion: STRING,
      Validity: VALIDITY,
      LicenseMetadata: LICENSE_METADATA,
      Entitlements: list(ENTITLEMENT),
      ConsumptionConfiguration: CONSUMPTION_CONFIGURATION,
      Status: LICENSE_STATUS,
      ClientToken: CLIENT_TOKEN,
      SourceVersion: STRING,
      ResetUsage: BOOLEAN,
    },
  ),
  run: (input, call) =>
    once('CreateLicenseVersion', input, call, () => {
      const { now, region, world } = call;
      const license = issuedLicense(input.LicenseArn, call, 'ResourceNotFoundException');
      if (region !== license.homeRegion) redirect(license.homeRegion);
      if (input.HomeRegion !== license.homeRegion) {
        refuse(
          'ValidationException',
          `HomeRegion of ${license.arn} is ${license.homeRegion} and stays it`,
        );
      }
      if (license.deletedAt !== undefined) refuse('ConflictException', `${license.arn} is deleted`);
      if (input.Status === 'DELETED' || input.Status === 'PENDING_DELETE') {
        refuse('ValidationException', `Status ${input.Status} comes by DeleteLicense only`);
      }
      const source = input.SourceVersion;
      const { version: current } = currentVersion(license);
      if (source !== undefined && source !== current) {
        refuse(
          'ConflictException',
          `SourceVersion '${source}' is not the current version '${current}'`,
        );
      }
      const next = licenseVersion(input, {
        status: input.Status,
        version: nextVersion(license.versions, call),
        now,
      });
      license.versions.push(next);
      return {
        LicenseArn: license.arn,
        Version: next.version,
        Status: shownStatus(license, next, now, world.switches),
      };
    }),
});
