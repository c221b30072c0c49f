import { beforeEach, describe, expect, test } from 'vitest';
import {
  managedPolicyResource,
  policyResource,
} from '../../../../lib/workbench/cloud/iam/policy-resources.ts';
import { roleResource } from '../../../../lib/workbench/cloud/iam/role-resource.ts';
import {
  allow,
  bareCloud,
  resourceContext,
  SELLER,
  trust,
  type BareCloud,
} from '../../../support/bare-cloud.ts';

const context = resourceContext({ logicalId: 'Role' });
const TRUST = trust({ Service: 'lambda.amazonaws.com' });
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const names = ({ iam }: BareCloud, arn: string) =>
  iam.policiesOf(arn).identity.map(({ name }) => name);

let bare: BareCloud;
beforeEach(() => {
  bare = bareCloud();
});

describe('AWS::IAM::Role', () => {
  const role = { AssumeRolePolicyDocument: TRUST, RoleName: 'reader', Path: '/watcher/' };

  test('answers Ref with its name, and its ARN with the path', async () => {
    const created = await roleResource(bare.iam).create(role, context);
    const arn = `arn:aws:iam::${SELLER}:role/watcher/reader`;
    expect(created).toMatchObject({ physicalId: 'reader', attributes: { Arn: arn } });
    expect(created.attributes['RoleId']).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(bare.iam.role(arn)).toMatchObject({ trustPolicy: TRUST, maxSessionSeconds: 3600 });
  });

  test('generates a name of at most 64 characters', async () => {
    const created = await roleResource(bare.iam).create(
      { AssumeRolePolicyDocument: TRUST },
      context,
    );
    expect(created.physicalId).toBe(context.generatedName(64));
  });

  test('refuses a name that exists in whatever case and path, in the same account only', async () => {
    const handler = roleResource(bare.iam);
    await handler.create(role, context);
    await expect(
      handler.create({ ...role, RoleName: 'READER', Path: '/' }, context),
    ).rejects.toThrow('Role with name READER already exists.');
    await handler.create(role, resourceContext({ accountId: '222222222222' }));
  });

  test('takes inline, attached and bounding policies along, and lets go of them', async () => {
    const handler = roleResource(bare.iam);
    const boundary = `arn:aws:iam::${SELLER}:policy/boundary`;
    bare.iam.createPolicy({ arn: boundary, document: allow('*', '*') });
    const dressed = {
      ...role,
      Policies: [{ PolicyName: 'own', PolicyDocument: allow('sns:Publish', '*') }],
      ManagedPolicyArns: [BASIC],
      PermissionsBoundary: boundary,
    };
    const created = await handler.create(dressed, context);
    const arn = String(created.attributes['Arn']);
    expect(names(bare, arn)).toEqual(['own', BASIC]);
    expect(bare.iam.policiesOf(arn).boundary?.name).toBe(boundary);
    const changed = {
      ...role,
      Policies: [{ PolicyName: 'other', PolicyDocument: allow('sqs:*', '*') }],
    };
    expect(await handler.update(changed, created, dressed, context)).toEqual(created);
    expect(names(bare, arn)).toEqual(['other']);
    expect(bare.iam.policiesOf(arn).boundary).toBeUndefined();
    await handler.remove(created, changed, context);
    expect(bare.iam.role(arn)).toBeUndefined();
  });

  test('a failed update leaves the role as it was', async () => {
    const handler = roleResource(bare.iam);
    const before = { ...role, ManagedPolicyArns: [BASIC] };
    const created = await handler.create(before, context);
    const unknown = {
      ...role,
      AssumeRolePolicyDocument: trust({ AWS: '*' }),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nothing'],
    };
    await expect(handler.update(unknown, created, before, context)).rejects.toThrow(
      "Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable. (of AWS's own",
    );
    const arn = String(created.attributes['Arn']);
    expect(names(bare, arn)).toEqual([BASIC]);
    expect(bare.iam.role(arn)?.trustPolicy).toEqual(TRUST);
  });

  test('a failed creation leaves no role', async () => {
    const broken = { ...role, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nothing'] };
    await expect(roleResource(bare.iam).create(broken, context)).rejects.toThrow('does not exist');
    await roleResource(bare.iam).create(role, context);
  });

  test('another path is another role: the name stands in its way', async () => {
    const handler = roleResource(bare.iam);
    const created = await handler.create(role, context);
    await expect(
      handler.update({ ...role, Path: '/other/' }, created, role, context),
    ).rejects.toThrow('already exists');
    const moved = await handler.update({ ...role, RoleName: 'second' }, created, role, context);
    expect(moved.physicalId).toBe('second');
  });

  test('is not deleted while a policy of somebody else’s is on it', async () => {
    const handler = roleResource(bare.iam);
    const created = await handler.create(role, context);
    const policies = policyResource(bare.iam);
    const policy = {
      PolicyName: 'p',
      PolicyDocument: allow('sns:Publish', '*'),
      Roles: ['reader'],
    };
    const attached = await policies.create(policy, context);
    await expect(handler.remove(created, role, context)).rejects.toThrow(
      'must delete policies first',
    );
    await policies.remove(attached, policy, context);
    await handler.remove(created, role, context);
  });

  test('a role made again under its name has another ID', async () => {
    const handler = roleResource(bare.iam);
    const first = await handler.create(role, context);
    await handler.remove(first, role, context);
    const second = await handler.create(role, context);
    expect(second.attributes['Arn']).toBe(first.attributes['Arn']);
    expect(second.attributes['RoleId']).not.toBe(first.attributes['RoleId']);
  });
});

describe('AWS::IAM::Policy', () => {
  test('moves between roles with an update, or not at all', async () => {
    const roles = roleResource(bare.iam);
    const arns: Record<string, string> = {};
    for (const name of ['a', 'b']) {
      const created = await roles.create(
        { AssumeRolePolicyDocument: TRUST, RoleName: name },
        context,
      );
      arns[name] = String(created.attributes['Arn']);
    }
    const handler = policyResource(bare.iam);
    const before = { PolicyName: 'p', PolicyDocument: allow('sns:Publish', '*'), Roles: ['a'] };
    const created = await handler.create(before, context);
    const shown = () => [names(bare, arns['a']!), names(bare, arns['b']!)];
    expect(shown()).toEqual([['p'], []]);
    await handler.update({ ...before, Roles: ['b'] }, created, before, context);
    expect(shown()).toEqual([[], ['p']]);
    await expect(
      handler.update({ ...before, Roles: ['c'] }, created, { ...before, Roles: ['b'] }, context),
    ).rejects.toThrow('The role with name c cannot be found.');
    expect(shown()).toEqual([[], ['p']]);
  });
});

describe('AWS::IAM::ManagedPolicy', () => {
  test('is its ARN, attaches itself, and changes in place', async () => {
    const role = await roleResource(bare.iam).create(
      { AssumeRolePolicyDocument: TRUST, RoleName: 'a' },
      context,
    );
    const handler = managedPolicyResource(bare.iam);
    const before = {
      ManagedPolicyName: 'm',
      PolicyDocument: allow('sns:Publish', '*'),
      Roles: ['a'],
    };
    const created = await handler.create(before, context);
    const arn = `arn:aws:iam::${SELLER}:policy/m`;
    expect(created.physicalId).toBe(arn);
    const attached = () => bare.iam.policiesOf(String(role.attributes['Arn'])).identity;
    expect(attached()).toEqual([{ name: arn, policy: before.PolicyDocument }]);
    const after = { ...before, PolicyDocument: allow('sqs:*', '*') };
    expect(await handler.update(after, created, before, context)).toEqual(created);
    expect(attached()).toEqual([{ name: arn, policy: after.PolicyDocument }]);
    await handler.remove(created, after, context);
    expect(attached()).toEqual([]);
  });

  test('is not deleted while somebody else uses it', async () => {
    const handler = managedPolicyResource(bare.iam);
    const policy = { ManagedPolicyName: 'm', PolicyDocument: allow('sns:Publish', '*') };
    const created = await handler.create(policy, context);
    await roleResource(bare.iam).create(
      { AssumeRolePolicyDocument: TRUST, RoleName: 'a', PermissionsBoundary: created.physicalId },
      context,
    );
    await expect(handler.remove(created, policy, context)).rejects.toThrow(
      'Cannot delete a policy attached to entities.',
    );
    await expect(handler.create(policy, context)).rejects.toThrow(
      'A policy called m already exists.',
    );
  });
});
