import type { Access } from '../access.ts';
import type { AwsCall, AwsService } from '../call.ts';
import { AccessDenied, AwsFault } from '../fault.ts';
import { queryService, type QueryOutput, type QueryInput } from '../query-protocol.ts';
import type { Credentials } from '../credentials.ts';
import type { IamRegistry } from '../iam/registry.ts';
import { structure } from '../../license-manager/shape.ts';
import { constraints, detected } from '../../license-manager/validate.ts';

/** The endpoint `sts`. */
export function stsService(dependencies: AssumeRoleDependencies): AwsService {
  return queryService({
    name: 'sts',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      AssumeRole: (input, call) => assumeRole(input, call, dependencies),
      // Needs no permission, and no policy can deny it.
      GetCallerIdentity: (_input, call) => callerIdentity(call, dependencies),
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
  // A role that is unknown or has not propagated yet is refused like one that trusts nobody.
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

interface AssumeRoleInput {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly durationSeconds: number;
  readonly externalId: string | undefined;
}

/** The rules of the service model (sts 2011-06-15), for the parameters that are honored. */
const INPUT = structure(['RoleArn', 'RoleSessionName'], {
  RoleArn: {
    ...{ kind: 'string', min: 20, max: 2048 },
    pattern: String.raw`[\t\n\r\x20-\x7E\x85\xA0-\uFFFF]+`,
  },
  RoleSessionName: { kind: 'string', min: 2, max: 64, pattern: String.raw`[\w+=,.@-]*` },
  ExternalId: { kind: 'string', min: 2, max: 1224, pattern: String.raw`[\w+=,.@:/-]*` },
  DurationSeconds: { kind: 'integer', min: 900, max: 43_200 },
});
const HONORED = Object.keys(INPUT.members);

/** Throws `ValidationError` in AWS's words; refuses parameters that would narrow the session's rights and are not reproduced here. */
function checkedAssumeRole(parameters: QueryInput): AssumeRoleInput {
  const unknown = Object.keys(parameters).filter(
    (name) => !HONORED.includes(name) && parameters[name] !== '',
  );
  if (unknown.length > 0)
    throw new AwsFault(
      'NotImplemented',
      `the local cloud's AssumeRole knows ${HONORED.join(', ')}; it cannot honor ${unknown.join(', ')}`,
      501,
    );
  const given: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    HONORED.map((name) => [name, text(parameters, name)]),
  );
  const {
    RoleArn: roleArn = '',
    RoleSessionName: roleSessionName = '',
    ExternalId: externalId,
    DurationSeconds: seconds = '3600',
  } = given;
  if (!/^\d+$/.test(seconds))
    throw new AwsFault('MalformedInput', `DurationSeconds must be a whole number, got ${seconds}`);
  const violations = [...constraints(INPUT, given, '')];
  if (violations.length > 0) throw new AwsFault('ValidationError', detected(violations));
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn))
    throw new AwsFault('ValidationError', `${roleArn} is invalid`);
  return { roleArn, roleSessionName, durationSeconds: Number(seconds), externalId };
}

function text(parameters: QueryInput, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new AwsFault('MalformedInput', `${name} must be one value, got ${JSON.stringify(value)}`);
}
