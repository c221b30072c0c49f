import { shownGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { FILTERED, page } from '../paging.ts';
import { structure } from '../shape.ts';
import { ARNS } from '../shapes.ts';
import { currentGrant, type Grant } from '../state.ts';

/** The grants that the caller gave. */
export const listDistributedGrants = operation({
  name: 'ListDistributedGrants',
  input: structure([], { GrantArns: ARNS, ...FILTERED }),
  notBuilt: ['GrantArns'],
  run: (input, call) => {
    const given = [...call.world.grants.values()].filter(
      ({ granterAccountId }) => granterAccountId === call.accountId,
    );
    const { members, NextToken } = page(given, input, call, {
      LicenseArn: ({ license }) => license.arn,
    });
    return { Grants: members.map((grant) => grantAnswer(grant, call.now)), NextToken };
  },
});

function grantAnswer(grant: Grant, now: number): Record<string, unknown> {
  const { version, name, statusReason, operations } = currentGrant(grant);
  return {
    GrantArn: grant.arn,
    GrantName: name,
    ParentArn: grant.license.arn,
    LicenseArn: grant.license.arn,
    GranteePrincipalArn: grant.granteePrincipalArn,
    HomeRegion: grant.license.homeRegion,
    GrantStatus: shownGrantStatus(grant, now),
    StatusReason: statusReason,
    Version: version,
    GrantedOperations: operations,
  };
}
