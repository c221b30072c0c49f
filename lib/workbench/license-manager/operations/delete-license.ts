import { redirect, refuse } from '../errors.ts';
import { operation } from '../operation.ts';
import { issuedLicense } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN } from '../shapes.ts';
import { currentVersion } from '../state.ts';
import { isoTime } from '../times.ts';

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
