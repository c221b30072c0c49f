import { operation, type Call } from '../operation.ts';
import { structure } from '../shape.ts';
import { ARN } from '../shapes.ts';
import { refuse } from '../errors.ts';
import { changedGrant, setGrantStatus, shownGrantStatus } from '../grant-answer.ts';
import { atHome, readableGrant } from '../visibility.ts';

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

/** The grantee's answer to a grant offered. An accepted grant is DISABLED: activating it is a second step (A). */
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
