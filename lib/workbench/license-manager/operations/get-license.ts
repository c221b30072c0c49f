import { licenseAnswer, versionRead } from '../license-answer.ts';
import { operation } from '../operation.ts';
import { readableLicense, unknownArn } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN } from '../shapes.ts';

/** For the issuer and for grantees. Tells nothing of the grant: ReceivedMetadata is only in ListReceivedLicenses. */
export const getLicense = operation({
  name: 'GetLicense',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN, Version: STRING }),
  run: (input, call) => {
    const license = readableLicense(input.LicenseArn, call);
    const version =
      input.Version === undefined
        ? versionRead(license, call)
        : license.versions.find(({ version }) => version === input.Version);
    if (version === undefined)
      return unknownArn(`${license.arn} version ${input.Version ?? ''}`, call);
    return { License: licenseAnswer(license, version, call) };
  },
});
