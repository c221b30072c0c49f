import { filtered } from '../filters.ts';
import { grantAnswer, shownGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { page } from '../paging.ts';
import { receivedGrants } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARNS, FILTERS, MAX_RESULTS } from '../shapes.ts';
import { currentGrant, currentVersion } from '../state.ts';

export const listReceivedGrants = operation({
  name: 'ListReceivedGrants',
  input: structure([], {
    GrantArns: ARNS,
    Filters: FILTERS,
    NextToken: STRING,
    MaxResults: MAX_RESULTS,
  }),
  run: (input, call) => {
    const { now, world } = call;
    const listed = receivedGrants(call).filter(
      (grant) =>
        (input.GrantArns?.includes(grant.arn) ?? true) &&
        (world.switches.deletedInLists === 'listed' || currentGrant(grant).status !== 'DELETED'),
    );
    const wanted = filtered(listed, input.Filters, {
      ProductSKU: ({ license }) => license.productSku,
      LicenseIssuerName: ({ license }) => currentVersion(license).issuer.name,
      LicenseArn: ({ license }) => license.arn,
      GrantStatus: (grant) => shownGrantStatus(grant, now),
      GranterAccountId: ({ granterAccountId }) => granterAccountId,
    });
    const { members, NextToken } = page(wanted, input, call);
    return { Grants: members.map((grant) => grantAnswer(grant, now)), NextToken };
  },
});
