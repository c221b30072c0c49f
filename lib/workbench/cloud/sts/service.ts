import { AccessDenied } from '../access.ts';
import type { AwsCall, AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { queryService, type QueryOutput } from '../query-protocol.ts';
import { assumeRole, type AssumeRoleDependencies } from './assume-role.ts';

/** STS: who am I, and may I be somebody else? */
export function stsService(dependencies: AssumeRoleDependencies): AwsService {
  return queryService({
    name: 'sts',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      AssumeRole: (input, call) => assumeRole(input, call, dependencies),
      // Needs no permission, and no policy can deny it.
      GetCallerIdentity: (_input, call) => callerIdentity(call, dependencies),
    },
    faultOf: (error) => {
      if (error instanceof AccessDenied) return new AwsFault('AccessDenied', error.message, 403);
      throw error;
    },
  });
}

function callerIdentity({ caller }: AwsCall, { iam }: AssumeRoleDependencies): QueryOutput {
  switch (caller.kind) {
    case 'root':
      return { Arn: caller.arn, UserId: caller.accountId, Account: caller.accountId };
    case 'role': {
      const sessionName = caller.sessionArn.slice(caller.sessionArn.lastIndexOf('/') + 1);
      const userId = `${iam.role(caller.arn)?.roleId ?? 'AROA'}:${sessionName}`;
      return { Arn: caller.sessionArn, UserId: userId, Account: caller.accountId };
    }
    case 'service':
    case 'anonymous':
      throw new Error(`no ${caller.kind} caller speaks to STS over HTTP`);
  }
}
