import { refuse } from './errors.ts';
import { changedGrant, setGrantStatus, shownGrantStatus } from './grant-answer.ts';
import type { Call } from './operation.ts';
import { atHome, readableGrant } from './visibility.ts';

/** The grantee's answer to a grant offered. An accepted grant is DISABLED: activating it is a second step (A). */
export function answerGrant(
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
