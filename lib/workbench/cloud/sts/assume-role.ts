import { AccessDenied, type Access } from '../access.ts';
import type { AwsCall } from '../call.ts';
import type { Credentials } from '../credentials.ts';
import { AwsFault } from '../fault.ts';
import type { IamRegistry } from '../iam/registry.ts';
import type { QueryInput, QueryOutput } from '../query-protocol.ts';
import { checkedAssumeRole, type AssumeRoleInput } from './assume-role-input.ts';

export interface AssumeRoleDependencies {
  readonly iam: IamRegistry;
  readonly access: Access;
  readonly credentials: Credentials;
}

/** AWS's limit for a role that assumes a role. */
const CHAINED_SESSION_SECONDS = 3600;

export async function assumeRole(
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
