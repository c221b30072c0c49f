import type { PolicyDocument } from '../authorizer.ts';
import { immediate } from '../immediate-resource.ts';
import type { Properties, ResourceHandler } from '../resource.ts';
import type { IamRegistry } from './registry.ts';

/** AWS::IAM::Policy: one inline policy on each of the roles it lists. Users and groups do not exist here. */
export function policyResource(iam: IamRegistry): ResourceHandler {
  return immediate({
    type: 'AWS::IAM::Policy',
    properties: ['PolicyDocument', 'PolicyName', 'Roles'],
    create: (properties, context) => {
      put(iam, context.accountId, properties);
      return { physicalId: context.generatedName(128), attributes: {} };
    },
    update: (properties, current, previous, context) => {
      // All roles must exist before the first is touched: a failed update leaves everything as it was.
      for (const role of rolesOf(properties)) iam.roleNamed(context.accountId, role);
      remove(iam, context.accountId, previous);
      put(iam, context.accountId, properties);
      return current;
    },
    remove: (_current, properties, context) => {
      remove(iam, context.accountId, properties);
    },
  });
}

function put(iam: IamRegistry, accountId: string, properties: Properties): void {
  for (const role of rolesOf(properties)) {
    iam.putRolePolicy(
      iam.roleNamed(accountId, role).arn,
      nameOf(properties),
      properties['PolicyDocument'] as PolicyDocument,
    );
  }
}

/** A role that went before its policy took the policy along. */
function remove(iam: IamRegistry, accountId: string, properties: Properties): void {
  for (const name of rolesOf(properties)) {
    const role = iam.findRole(accountId, name);
    if (role?.inline.has(nameOf(properties)) === true)
      iam.deleteRolePolicy(role.arn, nameOf(properties));
  }
}

function rolesOf(properties: Properties): readonly string[] {
  return (properties['Roles'] ?? []) as readonly string[];
}

function nameOf(properties: Properties): string {
  return String(properties['PolicyName']);
}
