import type { Access } from '../access.ts';
import type { PolicyDocument } from '../authorizer.ts';
import type { Credentials, SessionCredentials } from '../credentials.ts';
import { textProperty, type Properties, type ResourceHandler } from '../resource.ts';
import type { IamRegistry } from './registry.ts';

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: PolicyDocument;
}

/** AWS::IAM::Role: `Ref` is its name. `Description` has no effect and is not kept. */
export function roleResource(iam: IamRegistry): ResourceHandler {
  return {
    type: 'AWS::IAM::Role',
    properties: 'AssumeRolePolicyDocument Description Path PermissionsBoundary Policies RoleName',
    put: (properties, context, current) => {
      const { accountId, partition } = context;
      const boundary = properties['PermissionsBoundary'];
      const identity = {
        accountId,
        partition,
        path: textProperty(properties, 'Path', '/'),
        name: textProperty(properties, 'RoleName', context.generatedName(64)),
      };
      const terms = {
        trustPolicy: properties['AssumeRolePolicyDocument'] as PolicyDocument,
        boundaryArn: typeof boundary === 'string' ? boundary : undefined,
      };
      const existing = current && iam.role(arnOf(current));
      const role =
        current !== undefined && existing?.path === identity.path && existing.name === identity.name
          ? iam.updateRole(existing.arn, terms)
          : iam.createRole({ ...identity, ...terms, maxSessionSeconds: 3600 });
      if (role.arn === existing?.arn) strip(iam, role.arn, current?.properties ?? {});
      for (const { PolicyName: name, PolicyDocument: document } of inlineOf(properties))
        iam.putRolePolicy(role.arn, name, document);
      return { physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.roleId } };
    },
    remove: (current) => {
      const arn = arnOf(current);
      if (iam.role(arn) === undefined) return;
      strip(iam, arn, current.properties);
      iam.deleteRole(arn);
    },
  };
}

/** Removes what the role's own declaration gave it. */
function strip(iam: IamRegistry, arn: string, properties: Properties): void {
  for (const { PolicyName: name } of inlineOf(properties))
    if (iam.role(arn)?.inline.has(name) === true) iam.deleteRolePolicy(arn, name);
}

function inlineOf(properties: Properties): readonly InlinePolicy[] {
  return (properties['Policies'] ?? []) as readonly InlinePolicy[];
}

function arnOf({ attributes }: { readonly attributes: Properties }): string {
  return String(attributes['Arn']);
}

interface ServiceRolesOptions {
  readonly iam: IamRegistry;
  readonly access: Access;
  readonly credentials: Credentials;
}

/**
 * Ten years; at AWS, Lambda's sessions last for hours and end with their sandbox. Otherwise every function in a scenario of a year would
 * start again at each sweep: 65 starts instead of 5, and 12 seconds more, in the three-buyers scenario (measured).
 */
const SESSION_SECONDS = 10 * 365 * 86_400;

/** Lets AWS services assume the roles that are passed to them. Unlike other callers, they need not wait until a new role has propagated. */
export class ServiceRoles {
  readonly #options: ServiceRolesOptions;

  constructor(options: ServiceRolesOptions) {
    this.#options = options;
  }

  /**
   * Credentials of the role for a service, e.g. `lambda.amazonaws.com`, acting for `sourceArn` (the function, the schedule).
   * Throws `AccessDenied` if the trust policy does not name the service, or the role does not exist.
   */
  async session(
    service: string,
    roleArn: string,
    sessionName: string,
    sourceArn: string,
  ): Promise<SessionCredentials> {
    const { iam, access, credentials } = this.#options;
    const role = iam.role(roleArn);
    const accountId = roleArn.split(':')[4] ?? '';
    const caller = { kind: 'service', service, accountId, sourceArn } as const;
    // A missing role counts as one that trusts nobody: the refusal reads the same.
    const trust = role?.trustPolicy ?? { Version: '2012-10-17', Statement: [] };
    await access.require({ caller }, 'sts:AssumeRole', roleArn, accountId, trust);
    if (role === undefined)
      throw new Error(`the role ${roleArn} does not exist, and yet may be assumed`);
    return credentials.session(role, sessionName, SESSION_SECONDS);
  }
}
