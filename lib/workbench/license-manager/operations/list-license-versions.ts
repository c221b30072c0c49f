import { refuse } from '../errors.ts';
import { licenseAnswer } from '../license-answer.ts';
import { operation } from '../operation.ts';
import { page } from '../paging.ts';
import { readableLicense } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN, MAX_RESULTS } from '../shapes.ts';

export const listLicenseVersions = operation({
  name: 'ListLicenseVersions',
  resource: 'LicenseArn',
  input: structure(['LicenseArn'], { LicenseArn: ARN, NextToken: STRING, MaxResults: MAX_RESULTS }),
  run: (input, call) => {
    const license = readableLicense(input.LicenseArn, call);
    const mine = license.issuerAccountId === call.accountId;
    if (!mine && call.world.switches.granteeListsVersions !== 'allowed') {
      refuse('AccessDeniedException', `Access to resource denied: ${license.arn}`);
    }
    const { members, NextToken } = page(license.versions, input, call);
    return { Licenses: members.map((version) => licenseAnswer(license, version, call)), NextToken };
  },
});
