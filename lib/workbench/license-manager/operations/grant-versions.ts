import { once } from '../client-token.ts';
import { refuse } from '../errors.ts';
import { changedGrant, shownGrantStatus, setGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { atHome, readableGrant } from '../visibility.ts';
import { oneOf, STRING, structure } from '../shape.ts';
import { ALLOWED_OPERATIONS, ARN, CLIENT_TOKEN, GRANT_STATUS, STATUS_REASON } from '../shapes.ts';
import { currentGrant } from '../state.ts';

/** Activates and deactivates a grant (Status ACTIVE and DISABLED). */
export const createGrantVersion = operation({
  name: 'CreateGrantVersion',
  resource: 'GrantArn',
  notBuilt: ['AllowedOperations', 'GrantName', 'Options', 'SourceVersion'],
  input: structure(['ClientToken', 'GrantArn'], {
    ClientToken: CLIENT_TOKEN,
    GrantArn: ARN,
    GrantName: STRING,
    AllowedOperations: ALLOWED_OPERATIONS,
    Status: GRANT_STATUS,
    StatusReason: STATUS_REASON,
    SourceVersion: STRING,
    Options: structure([], {
      ActivationOverrideBehavior: oneOf(
        'DISTRIBUTED_GRANTS_ONLY',
        'ALL_GRANTS_PERMITTED_BY_ISSUER',
      ),
    }),
  }),
  run: (input, call) =>
    once('CreateGrantVersion', input, call, () => {
      const grant = readableGrant(input.GrantArn, call);
      atHome(grant.license, call, 'modified');
      const { Status: status, StatusReason: statusReason } = input;
      if (status !== 'ACTIVE' && status !== 'DISABLED') {
        return refuse(
          'InvalidParameterValueException',
          `Status '${status ?? ''}' can not be set: use ACTIVE or DISABLED`,
        );
      }
      const shown = shownGrantStatus(grant, call.now);
      if (shown !== 'ACTIVE' && shown !== 'DISABLED') {
        refuse(
          'ValidationException',
          `Grant ${grant.arn} is ${shown}: it must be accepted before its status is changed`,
        );
      }
      const version = String(grant.versions.length + 1);
      grant.versions.push({ ...currentGrant(grant), version, status, statusReason });
      return changedGrant(grant, call.now);
    }),
});

/** Accepts an offered grant. It is DISABLED then: activating it is a second step (A). */
export const acceptGrant = operation({
  name: 'AcceptGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN }),
  run: ({ GrantArn: arn }, call) => {
    const grant = readableGrant(arn, call);
    if (grant.granteeAccountId !== call.accountId) {
      // AWS's words for this (C: terraform-provider-aws 34977).
      refuse(
        'ValidationException',
        `Caller ${call.accountId} is not allowed to accept this grant.`,
      );
    }
    atHome(grant.license, call, 'modified');
    const status = shownGrantStatus(grant, call.now);
    if (status !== 'PENDING_ACCEPT') {
      refuse(
        'ValidationException',
        `Grant ${arn} is ${status}: only a grant that is PENDING_ACCEPT can be accepted`,
      );
    }
    setGrantStatus(grant, { status: 'DISABLED' });
    return changedGrant(grant, call.now);
  },
});
