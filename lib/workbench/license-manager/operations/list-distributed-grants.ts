import { filtered } from '../filters.ts';
import { grantAnswer, shownGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { page } from '../paging.ts';
import { STRING, structure } from '../shape.ts';
import { ARNS, FILTERS, MAX_RESULTS } from '../shapes.ts';
import { currentVersion } from '../state.ts';

/** The grants that the caller gave. */
export const listDistributedGrants = operation({
  name: 'ListDistributedGrants',
  input: structure([], {
    GrantArns: ARNS,
    Filters: FILTERS,
    NextToken: STRING,
    MaxResults: MAX_RESULTS,
  }),
  run: (input, call) => {
    const { accountId, now, world } = call;
    const given = [...world.grants.values()].filter(
      (grant) =>
        grant.granterAccountId === accountId && (input.GrantArns?.includes(grant.arn) ?? true),
    );
    const wanted = filtered(given, input.Filters, {
      LicenseArn: ({ license }) => license.arn,
      GrantStatus: (grant) => shownGrantStatus(grant, now),
      GranteePrincipalARN: ({ granteePrincipalArn }) => granteePrincipalArn,
      ProductSKU: ({ license }) => license.productSku,
      LicenseIssuerName: ({ license }) => currentVersion(license).issuer.name,
    });
    const { members, NextToken } = page(wanted, input, call);
    return { Grants: members.map((grant) => grantAnswer(grant, now)), NextToken };
  },
});
