import { filtered } from '../filters.ts';
import { fingerprint, licenseAnswer } from '../license-answer.ts';
import { shownStatus } from '../license-status.ts';
import { operation } from '../operation.ts';
import { page } from '../paging.ts';
import { existingLicense } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARNS, FILTERS, MAX_RESULTS } from '../shapes.ts';
import { currentVersion } from '../state.ts';

/** The licenses that the caller issued. */
export const listLicenses = operation({
  name: 'ListLicenses',
  input: structure([], {
    LicenseArns: ARNS,
    Filters: FILTERS,
    NextToken: STRING,
    MaxResults: MAX_RESULTS,
  }),
  run: (input, call) => {
    const { accountId, now, world } = call;
    const mine = [...world.licenses.values()].filter(
      (license) =>
        license.issuerAccountId === accountId &&
        existingLicense(license.arn, call) !== undefined &&
        (input.LicenseArns?.includes(license.arn) ?? true),
    );
    const wanted = filtered(mine, input.Filters, {
      Beneficiary: ({ beneficiary }) => beneficiary,
      ProductSKU: ({ productSku }) => productSku,
      Fingerprint: (license) => fingerprint(license),
      Status: (license) => shownStatus(license, currentVersion(license), now, world.switches),
    });
    const { members, NextToken } = page(wanted, input, call);
    return {
      Licenses: members.map((license) => licenseAnswer(license, currentVersion(license), call)),
      NextToken,
    };
  },
});
