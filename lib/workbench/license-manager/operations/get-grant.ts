import { grantAnswer } from '../grant-answer.ts';
import { operation } from '../operation.ts';
import { readableGrant, unknownArn } from '../visibility.ts';
import { STRING, structure } from '../shape.ts';
import { ARN } from '../shapes.ts';
import { currentGrant } from '../state.ts';

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
