import { answerGrant } from '../answer-grant.ts';
import { operation } from '../operation.ts';
import { structure } from '../shape.ts';
import { ARN } from '../shapes.ts';

export const rejectGrant = operation({
  name: 'RejectGrant',
  resource: 'GrantArn',
  input: structure(['GrantArn'], { GrantArn: ARN }),
  run: ({ GrantArn }, call) => answerGrant(GrantArn, 'reject', call),
});
