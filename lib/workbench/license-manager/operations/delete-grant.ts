import { refuse } from '../errors.ts';
import { changedGrant, setGrantStatus } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { atHome, readableGrant } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN, STATUS_REASON } from '../shapes.ts';
import { currentGrant } from '../state.ts';

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
