import type { Access } from '../access.ts';
import type { AwsCall, AwsService } from '../call.ts';
import { AccessDenied, AwsFault } from '../fault.ts';
import { queryService, type QueryOutput, type QueryInput } from '../query-protocol.ts';
import type { Credentials } from '../credentials.ts';
import type { IamRegistry } from '../iam/registry.ts';

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

interface TextRule {
  readonly member: string;
  readonly least: number;
  readonly most: number;
  readonly pattern: RegExp;
}

/** The rules of the service model (sts 2011-06-15). */
const RULES = {
  RoleArn: {
    member: 'roleArn',
    least: 20,
    most: 2048,
    pattern: /^[\t\n\r\x20-\x7E\x85\xA0-\uFFFF]+$/u,
  },
  RoleSessionName: { member: 'roleSessionName', least: 2, most: 64, pattern: /^[\w+=,.@-]*$/ },
  ExternalId: { member: 'externalId', least: 2, most: 1224, pattern: /^[\w+=,.@:/-]*$/ },
} as const satisfies Record<string, TextRule>;
const LEAST_SECONDS = 900;
const MOST_SECONDS = 43_200;

const HONORED = ['DurationSeconds', 'ExternalId', 'RoleArn', 'RoleSessionName'];

/** Throws `ValidationError` in AWS's words; refuses parameters that would narrow the session's rights and are not reproduced here. */
function checkedAssumeRole(parameters: QueryInput): AssumeRoleInput {
  const unknown = Object.entries(parameters).filter(
    ([name, value]) => !HONORED.includes(name) && value !== '',
  );
  if (unknown.length > 0)
    throw new AwsFault(
      'NotImplemented',
      `the local cloud's AssumeRole knows ${HONORED.join(', ')}; it cannot honor ${unknown.map(([name]) => name).join(', ')}`,
      501,
    );
  const roleArn = text(parameters, 'RoleArn');
  const roleSessionName = text(parameters, 'RoleSessionName');
  const violations = [
    ...violationsOf(roleArn, RULES.RoleArn),
    ...violationsOf(roleSessionName, RULES.RoleSessionName),
    ...violationsOf(text(parameters, 'ExternalId'), RULES.ExternalId, false),
    ...durationViolations(text(parameters, 'DurationSeconds')),
  ];
  if (violations.length > 0) throw validationError(violations);
  if (roleArn === undefined || roleSessionName === undefined)
    throw new Error('unreachable: both were checked');
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn))
    throw new AwsFault('ValidationError', `${roleArn} is invalid`);
  return {
    roleArn,
    roleSessionName,
    durationSeconds: Number(text(parameters, 'DurationSeconds') ?? 3600),
    externalId: text(parameters, 'ExternalId'),
  };
}

function text(parameters: QueryInput, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new AwsFault('MalformedInput', `${name} must be one value, got ${JSON.stringify(value)}`);
}

function violationsOf(value: string | undefined, rule: TextRule, required = true): string[] {
  const at = `at '${rule.member}' failed to satisfy constraint: Member must`;
  if (value === undefined) return required ? [`Value null ${at} not be null`] : [];
  const violations: string[] = [];
  if (value.length > rule.most)
    violations.push(`Value '${value}' ${at} have length less than or equal to ${rule.most}`);
  if (value.length < rule.least)
    violations.push(`Value '${value}' ${at} have length greater than or equal to ${rule.least}`);
  if (!rule.pattern.test(value))
    violations.push(
      `Value '${value}' ${at} satisfy regular expression pattern: ${rule.pattern.source.slice(1, -1)}`,
    );
  return violations;
}

function durationViolations(value: string | undefined): string[] {
  if (value === undefined) return [];
  if (!/^\d+$/.test(value))
    throw new AwsFault('MalformedInput', `DurationSeconds must be a whole number, got ${value}`);
  const at = `Value '${value}' at 'durationSeconds' failed to satisfy constraint: Member must have value`;
  if (Number(value) < LEAST_SECONDS) return [`${at} greater than or equal to ${LEAST_SECONDS}`];
  return Number(value) > MOST_SECONDS ? [`${at} less than or equal to ${MOST_SECONDS}`] : [];
}

function validationError(violations: readonly string[]): AwsFault {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return new AwsFault('ValidationError', `${count}: ${violations.join('; ')}`);
}
