import { answerGrant } from '../answer-grant.ts';
import { operation } from '../operation.ts';
import { structure } from '../shape.ts';
import { ARN } from '../shapes.ts';

export const acceptGrant = operation({
  name: 'AcceptGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN }),
  run: ({ GrantArn }, call) => answerGrant(GrantArn, 'accept', call),
});
