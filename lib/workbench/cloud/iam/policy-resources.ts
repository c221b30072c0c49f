import { isDeepStrictEqual } from 'node:util';
import type { PolicyDocument } from '../authorizer.ts';
import { immediate } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
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

function nameOf(properties: Properties): string {
  return String(properties['PolicyName']);
}

/** AWS::IAM::ManagedPolicy: `Ref` is its ARN. */
export function managedPolicyResource(iam: IamRegistry): ResourceHandler {
  return immediate({
    type: 'AWS::IAM::ManagedPolicy',
    properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    create: (properties, context) => create(iam, properties, context),
    update: (properties, current, previous, context) => {
      const replaced = ['ManagedPolicyName', 'Path', 'Description'].some(
        (name) => !isDeepStrictEqual(properties[name], previous[name]),
      );
      if (replaced) return create(iam, properties, context);
      // All roles must exist before the first is touched: a failed update leaves everything as it was.
      for (const role of rolesOf(properties)) iam.roleNamed(context.accountId, role);
      iam.setPolicyDocument(current.physicalId, documentOf(properties));
      detach(iam, current.physicalId, previous, context);
      attach(iam, current.physicalId, properties, context);
      return current;
    },
    remove: (current, properties, context) => {
      detach(iam, current.physicalId, properties, context);
      iam.deletePolicy(current.physicalId);
    },
  });
}

function create(
  iam: IamRegistry,
  properties: Properties,
  context: ResourceContext,
): CreatedResource {
  const { accountId, partition } = context;
  const { ManagedPolicyName: given, Path: path = '/' } = properties as {
    ManagedPolicyName?: string;
    Path?: string;
  };
  const arn = `arn:${partition}:iam::${accountId}:policy${path}${given ?? context.generatedName(128)}`;
  iam.createPolicy({ arn, document: documentOf(properties) });
  try {
    attach(iam, arn, properties, context);
  } catch (error) {
    detach(iam, arn, properties, context);
    iam.deletePolicy(arn);
    throw error;
  }
  return { physicalId: arn, attributes: { PolicyArn: arn } };
}

function attach(
  iam: IamRegistry,
  arn: string,
  properties: Properties,
  { accountId }: ResourceContext,
): void {
  for (const role of rolesOf(properties)) iam.attach(iam.roleNamed(accountId, role).arn, arn);
}

function detach(
  iam: IamRegistry,
  arn: string,
  properties: Properties,
  { accountId }: ResourceContext,
): void {
  for (const name of rolesOf(properties)) {
    const role = iam.findRole(accountId, name);
    if (role !== undefined) iam.detach(role.arn, arn);
  }
}

function documentOf(properties: Properties): PolicyDocument {
  return properties['PolicyDocument'] as PolicyDocument;
}

function rolesOf(properties: Properties): readonly string[] {
  return (properties['Roles'] ?? []) as readonly string[];
}
