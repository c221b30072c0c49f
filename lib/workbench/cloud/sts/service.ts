import { AccessDenied, type Access } from '../access.ts';
import type { AwsCall, AwsService } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { queryService, type QueryOutput, type QueryInput } from '../query-protocol.ts';
import type { Credentials } from '../credentials.ts';
import type { IamRegistry } from '../iam/registry.ts';
import { checkedAssumeRole, type AssumeRoleInput } from './assume-role-input.ts';

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

export interface AssumeRoleDependencies {
  readonly iam: IamRegistry;
  readonly access: Access;
  readonly credentials: Credentials;
}

/** AWS's limit for a role that assumes a role. */
const CHAINED_SESSION_SECONDS = 3600;

async function assumeRole(
  parameters: QueryInput,
  call: AwsCall,
  { iam, access, credentials }: AssumeRoleDependencies,
): Promise<QueryOutput> {
  const input = checkedAssumeRole(parameters);
  const role = iam.role(input.roleArn);
  const accountId = input.roleArn.split(':')[4] ?? '';
  // An unknown role is refused in the words of one that trusts nobody, as is one that has not propagated yet.
  const trusted = role !== undefined && iam.isPropagated(role);
  const trust = trusted ? role.trustPolicy : { Version: '2012-10-17', Statement: [] };
  await access.require(call, 'sts:AssumeRole', input.roleArn, accountId, trust, contextOf(input));
  if (role === undefined) throw new AccessDenied(`the role ${input.roleArn} does not exist`);
  requireDuration(input.durationSeconds, role.maxSessionSeconds, call);
  const session = credentials.session(role, input.roleSessionName, input.durationSeconds);
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${input.roleSessionName}`,
      Arn: session.sessionArn,
    },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiration).toISOString(),
    },
  };
}

function contextOf({ externalId, roleSessionName }: AssumeRoleInput): Record<string, string> {
  return {
    'sts:RoleSessionName': roleSessionName,
    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
  };
}

function requireDuration(seconds: number, maximum: number, { caller }: AwsCall): void {
  if (caller.kind === 'role' && seconds > CHAINED_SESSION_SECONDS)
    throw new AwsFault(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  if (seconds > maximum)
    throw new AwsFault(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
}
