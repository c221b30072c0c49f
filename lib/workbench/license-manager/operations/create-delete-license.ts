import { once } from '../client-token.ts';
import { redirect, refuse } from '../errors.ts';
import { shownStatus } from '../license-status.ts';
import { licenseVersion } from '../license-terms.ts';
import { operation } from '../operation.ts';
import { list, STRING, structure } from '../shape.ts';
import {
  CLIENT_TOKEN,
  CONSUMPTION_CONFIGURATION,
  ENTITLEMENT,
  ISSUER,
  LICENSE_METADATA,
  TAGS,
  VALIDITY,
  ARN,
} from '../shapes.ts';
import { currentVersion, type License } from '../state.ts';
import { issuedLicense } from '../visibility.ts';
import { isoTime } from '../times.ts';

export const createLicense = operation({
  name: 'CreateLicense',
  input: structure(
    [
      'LicenseName',
      'ProductName',
      'ProductSKU',
      'Issuer',
      'HomeRegion',
      'Validity',
      'Entitlements',
      'Beneficiary',
      'ConsumptionConfiguration',
      'ClientToken',
    ],
    {
      LicenseName: STRING,
      ProductName: STRING,
      ProductSKU: STRING,
      Issuer: ISSUER,
      HomeRegion: STRING,
      Validity: VALIDITY,
      Entitlements: list(ENTITLEMENT),
      Beneficiary: STRING,
      ConsumptionConfiguration: CONSUMPTION_CONFIGURATION,
      LicenseMetadata: LICENSE_METADATA,
      ClientToken: CLIENT_TOKEN,
      Tags: TAGS,
    },
  ),
  run: (input, call) =>
    once('CreateLicense', input, call, () => {
      const { accountId, now, region, world } = call;
      if (region !== input.HomeRegion) redirect(input.HomeRegion);
      const first = licenseVersion(input, { status: 'AVAILABLE', version: '1', now });
      const license: License = {
        arn: `arn:aws:license-manager::${accountId}:license:l-${world.ids('license')}`,
        issuerAccountId: accountId,
        productSku: input.ProductSKU,
        homeRegion: input.HomeRegion,
        beneficiary: input.Beneficiary,
        createdAt: now,
        versions: [first],
        open: new Set(),
        drawn: new Map(),
        deletedAt: undefined,
        reads: 0,
      };
      world.licenses.set(license.arn, license);
      const { version } = currentVersion(license);
      return {
        LicenseArn: license.arn,
        Status: shownStatus(license, first, now, world.switches),
        Version: version,
      };
    }),
});

/** A deleted license stays readable for six months. Whether its grants change with it is unknown: they stay as they are. */
export const deleteLicense = operation({
  name: 'DeleteLicense',
  resource: 'LicenseArn',
  input: structure(['LicenseArn', 'SourceVersion'], { LicenseArn: ARN, SourceVersion: STRING }),
  run: (input, call) => {
    const { now, region, world } = call;
    const license = issuedLicense(input.LicenseArn, call, 'by-switch');
    if (region !== license.homeRegion) redirect(license.homeRegion);
    const { version } = currentVersion(license);
    if (input.SourceVersion !== version) {
      refuse(
        'ConflictException',
        `SourceVersion '${input.SourceVersion}' is not the current version '${version}'`,
      );
    }
    if (license.deletedAt !== undefined)
      refuse('ConflictException', `${license.arn} is deleted already`);
    license.deletedAt = now;
    return { Status: world.switches.deletion, DeletionDate: isoTime(now) };
  },
});
