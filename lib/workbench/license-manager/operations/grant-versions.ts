import { disableOthers, rivals } from '../activation.ts';
import { once } from '../client-token.ts';
import { refuse } from '../errors.ts';
import { changedGrant, shownGrantStatus, setGrantStatus } from '../grant-answer.ts';
import { operation, type Call } from '../operation.ts';
import { atHome, readableGrant } from '../visibility.ts';
import { oneOf, STRING, structure, type ValueOf } from '../shape.ts';
import { ALLOWED_OPERATIONS, ARN, CLIENT_TOKEN, GRANT_STATUS, STATUS_REASON } from '../shapes.ts';
import { currentGrant, MARKETPLACE_ACCOUNT, type Grant } from '../state.ts';

const INPUT = structure(['ClientToken', 'GrantArn'], {
  ClientToken: CLIENT_TOKEN,
  GrantArn: ARN,
  GrantName: STRING,
  AllowedOperations: ALLOWED_OPERATIONS,
  Status: GRANT_STATUS,
  StatusReason: STATUS_REASON,
  SourceVersion: STRING,
  Options: structure([], {
    ActivationOverrideBehavior: oneOf('DISTRIBUTED_GRANTS_ONLY', 'ALL_GRANTS_PERMITTED_BY_ISSUER'),
  }),
});
type Input = ValueOf<typeof INPUT>;

/** Activates and deactivates a grant (Status ACTIVE and DISABLED). For the granter, also changes its name and allowed operations. */
export const createGrantVersion = operation({
  name: 'CreateGrantVersion',
  resource: 'GrantArn',
  input: INPUT,
  run: (input, call) =>
    once('CreateGrantVersion', input, call, () => {
      const grant = readableGrant(input.GrantArn, call);
      atHome(grant.license, call, 'modified');
      const current = currentGrant(grant);
      if (input.SourceVersion !== undefined && input.SourceVersion !== current.version) {
        refuse(
          'ValidationException',
          `SourceVersion '${input.SourceVersion}' is not the current '${current.version}'`,
        );
      }
      checkTerms(grant, input, call);
      if (input.Status !== undefined) checkStatus(grant, input, call);
      if (input.Status === 'ACTIVE' && call.world.switches.activeLicensesPerProduct === 'one')
        activate(grant, input, call);
      grant.versions.push({
        version: String(grant.versions.length + 1),
        name: input.GrantName ?? current.name,
        status: input.Status ?? current.status,
        statusReason: input.StatusReason,
        operations: input.AllowedOperations ?? current.operations,
        override: input.Options?.ActivationOverrideBehavior,
      });
      return changedGrant(grant, call.now);
    }),
});

function checkTerms(
  grant: Grant,
  { AllowedOperations, GrantName, Options, Status }: Input,
  { accountId }: Call,
): void {
  if ((AllowedOperations ?? GrantName) !== undefined && accountId !== grant.granterAccountId) {
    refuse(
      'AccessDeniedException',
      `Only the granter of ${grant.arn} changes its name and operations`,
    );
  }
  const overrides = Options?.ActivationOverrideBehavior !== undefined;
  if (overrides && (Status !== 'ACTIVE' || grant.license.issuerAccountId !== MARKETPLACE_ACCOUNT)) {
    refuse(
      'ValidationException',
      'ActivationOverrideBehavior is for Marketplace grants, with Status ACTIVE',
    );
  }
}

function checkStatus(grant: Grant, { Status }: Input, { now }: Call): void {
  if (Status !== 'ACTIVE' && Status !== 'DISABLED') {
    refuse(
      'InvalidParameterValueException',
      `Status '${Status ?? ''}' can not be set: use ACTIVE or DISABLED`,
    );
  }
  const shown = shownGrantStatus(grant, now);
  if (shown !== 'ACTIVE' && shown !== 'DISABLED') {
    refuse(
      'ValidationException',
      `Grant ${grant.arn} is ${shown}: it must be accepted before its status is changed`,
    );
  }
}

function activate(grant: Grant, { Options }: Input, call: Call): void {
  const [rival] = rivals(grant, call);
  if (rival === undefined) return;
  if (Options?.ActivationOverrideBehavior !== 'ALL_GRANTS_PERMITTED_BY_ISSUER') {
    refuse('ValidationException', `Another grant for the same product is active: ${rival.arn}`);
  }
  disableOthers(grant, call);
}

export const acceptGrant = operation({
  name: 'AcceptGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN }),
  run: ({ GrantArn }, call) => answerGrant(GrantArn, 'accept', call),
});

export const rejectGrant = operation({
  name: 'RejectGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN }),
  run: ({ GrantArn }, call) => answerGrant(GrantArn, 'reject', call),
});

/** The grantee's answer to an offered grant. An accepted grant is DISABLED: activating it is a second step (A). */
function answerGrant(
  arn: string,
  answer: 'accept' | 'reject',
  call: Call,
): Record<string, unknown> {
  const grant = readableGrant(arn, call);
  if (grant.granteeAccountId !== call.accountId) {
    // AWS's words for this (C: terraform-provider-aws 34977).
    refuse(
      'ValidationException',
      `Caller ${call.accountId} is not allowed to ${answer} this grant.`,
    );
  }
  atHome(grant.license, call, 'modified');
  const status = shownGrantStatus(grant, call.now);
  if (status !== 'PENDING_ACCEPT') {
    refuse(
      'ValidationException',
      `Grant ${arn} is ${status}: only a grant that is PENDING_ACCEPT can be ${answer}ed`,
    );
  }
  setGrantStatus(grant, { status: answer === 'accept' ? 'DISABLED' : 'REJECTED' });
  return changedGrant(grant, call.now);
}
