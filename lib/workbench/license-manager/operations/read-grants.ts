import { filtered } from '../filters.ts';
import { grantAnswer, shownGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { page } from '../paging.ts';
import { STRING, structure } from '../shape.ts';
import { ARNS, FILTERS, MAX_RESULTS, ARN } from '../shapes.ts';
import { currentVersion, currentGrant } from '../state.ts';
import { readableGrant, unknownArn, receivedGrants } from '../visibility.ts';

export const getGrant = operation({
  name: 'GetGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN, Version: STRING }),
  run: (input, call) => {
    const grant = readableGrant(input.GrantArn, call);
    const version =
      input.Version === undefined
        ? currentGrant(grant)
        : grant.versions.find(({ version }) => version === input.Version);
    if (version === undefined)
      return unknownArn(`${grant.arn} version ${input.Version ?? ''}`, call);
    return { Grant: grantAnswer(grant, call.now, version) };
  },
});

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
