import { once } from '../client-token.ts';
import { refuse } from '../errors.ts';
import { changedGrant, setGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { atHome, existingLicense, readableGrant, unknownArn } from '../visibility.ts';
import { list, STRING, structure } from '../shape.ts';
import { ALLOWED_OPERATIONS, ARN, CLIENT_TOKEN, TAGS, STATUS_REASON } from '../shapes.ts';
import { currentGrant, MARKETPLACE_ACCOUNT, type Grant } from '../state.ts';
import { MINUTE } from '../times.ts';

/**
 * Grants a license to an account. A grant is PENDING_ACCEPT until its grantee accepts it. What AWS Marketplace issues (here: what account
 * 294406891311 grants from its own license) is a purchase by the grantee, and is accepted and activated at once (A). Neither grants to
 * organizations nor grants that a grantee passes on are built.
 */
export const createGrant = operation({
  name: 'CreateGrant',
  resource: 'LicenseArn',
  input: structure(
    ['ClientToken', 'GrantName', 'LicenseArn', 'Principals', 'HomeRegion', 'AllowedOperations'],
    {
      ClientToken: CLIENT_TOKEN,
      GrantName: STRING,
      LicenseArn: ARN,
      Principals: list(ARN, { min: 1, max: 1 }),
      HomeRegion: STRING,
      AllowedOperations: ALLOWED_OPERATIONS,
      Tags: TAGS,
    },
  ),
  run: (input, call) =>
    once('CreateGrant', input, call, () => {
      const { accountId, now, world } = call;
      const license = existingLicense(input.LicenseArn, call);
      if (license === undefined) return unknownArn(input.LicenseArn, call);
      if (license.issuerAccountId !== accountId)
        refuse(
          'NotImplemented',
          `passing on ${license.arn} is not built here: its issuer grants it`,
        );
      atHome(license, call, 'created');
      if (input.HomeRegion !== license.homeRegion) {
        refuse(
          'ValidationException',
          `Grant can only be created in resource home AWS region: ${license.homeRegion}`,
        );
      }
      if (license.deletedAt !== undefined)
        refuse('InvalidParameterValueException', `${license.arn} is deleted`);
      const [principal = ''] = input.Principals;
      const purchase = accountId === MARKETPLACE_ACCOUNT;
      const grant: Grant = {
        arn: `arn:aws:license-manager::${accountId}:grant:g-${world.ids('grant')}`,
        granterAccountId: accountId,
        granteeAccountId: granteeAccount(principal),
        granteePrincipalArn: principal,
        license,
        createdAt: now,
        settledAt: now + (world.switches.grantWorkflow === 'at-once' ? 0 : MINUTE),
        versions: [
          {
            version: '1',
            name: input.GrantName,
            status: purchase ? 'ACTIVE' : 'PENDING_ACCEPT',
            statusReason: undefined,
            operations: input.AllowedOperations,
          },
        ],
      };
      world.grants.set(grant.arn, grant);
      const received = world.grantsByGrantee.get(grant.granteeAccountId) ?? [];
      world.grantsByGrantee.set(grant.granteeAccountId, [...received, grant]);
      return changedGrant(grant, now);
    }),
});

function granteeAccount(principal: string): string {
  const account = /^arn:aws[a-z-]*:iam::(\d{12}):root$/.exec(principal)?.[1];
  return (
    account ??
    refuse(
      'ValidationException',
      `Principal '${principal}' is not an account: the stand-in grants to arn:aws:iam::<account>:root only`,
    )
  );
}

export const deleteGrant = operation({
  name: 'DeleteGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn', 'Version'], {
    GrantArn: ARN,
    StatusReason: STATUS_REASON,
    Version: STRING,
  }),
  run: (input, call) => {
    const grant = readableGrant(input.GrantArn, call);
    if (grant.granterAccountId !== call.accountId) {
      refuse('AccessDeniedException', `Only the granter of ${grant.arn} deletes it`);
    }
    atHome(grant.license, call, 'modified');
    const { status, version } = currentGrant(grant);
    if (input.Version !== version) {
      refuse(
        'ValidationException',
        `Version '${input.Version}' is not the current version '${version}'`,
      );
    }
    if (status === 'DELETED')
      refuse('ValidationException', `Grant ${grant.arn} is deleted already`);
    setGrantStatus(grant, { status: 'DELETED', statusReason: input.StatusReason });
    return changedGrant(grant, call.now);
  },
});
