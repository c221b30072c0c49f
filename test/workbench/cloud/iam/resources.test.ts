import { beforeEach, describe, expect, test } from 'vitest';
import { managedPolicyResource } from '../../../../lib/workbench/cloud/iam/policy-resources.ts';
import { roleResource } from '../../../../lib/workbench/cloud/iam/role-resource.ts';
import {
  allow,
  bareCloud,
  BUYER,
  putResource,
  resourceContext,
  SELLER,
  trust,
  type BareCloud,
} from '../../../support/bare-cloud.ts';

const context = resourceContext('Role');
const TRUST = trust({ Service: 'lambda.amazonaws.com' });
const ROLE = { AssumeRolePolicyDocument: TRUST, RoleName: 'reader', Path: '/watcher/' };
const ARN = `arn:aws:iam::${SELLER}:role/watcher/reader`;
const BOUNDARY = `arn:aws:iam::${SELLER}:policy/boundary`;

let bare: BareCloud;
let handler: ReturnType<typeof roleResource>;
beforeEach(() => {
  bare = bareCloud();
  handler = roleResource(bare.iam);
  bare.iam.createPolicy({ arn: BOUNDARY, document: allow('*', '*') });
});

function inline(PolicyName: string) {
  return { Policies: [{ PolicyName, PolicyDocument: allow('sns:Publish', '*') }] };
}
function policies() {
  const { identity, boundary } = bare.iam.policiesOf(ARN);
  return [...identity.map(({ name }) => name), boundary?.name];
}

describe('AWS::IAM::Role', () => {
  test('answers Ref with its name, and its ARN with the path; without a name it gets one of at most 64 characters', async () => {
    const created = await putResource(handler, ROLE, context);
    expect(created).toMatchObject({ physicalId: 'reader', attributes: { Arn: ARN } });
    expect(created.attributes['RoleId']).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(bare.iam.role(ARN)).toMatchObject({ trustPolicy: TRUST, maxSessionSeconds: 3600 });
    const { physicalId } = await putResource(handler, { ...ROLE, RoleName: undefined }, context);
    expect(physicalId).toBe(context.generatedName(64));
  });

  test('refuses a name that exists in whatever case and path, in the same account only', async () => {
    const created = await putResource(handler, ROLE, context);
    const same = { ...ROLE, RoleName: 'READER', Path: '/' };
    for (const current of [undefined, created])
      await expect(putResource(handler, same, context, current)).rejects.toThrow(
        'Role with name READER already exists.',
      );
    await putResource(handler, ROLE, resourceContext('Role', BUYER));
  });

  test('takes inline and bounding policies along, changes them, and lets go of them', async () => {
    const created = await putResource(
      handler,
      { ...ROLE, ...inline('own'), PermissionsBoundary: BOUNDARY },
      context,
    );
    expect(policies()).toEqual(['own', BOUNDARY]);
    const changed = await putResource(handler, { ...ROLE, ...inline('other') }, context, created);
    expect(changed.attributes).toEqual(created.attributes);
    expect(policies()).toEqual(['other', undefined]);
    await handler.remove(changed, context);
    expect(bare.iam.role(ARN)).toBeUndefined();
  });

  test('is left as it was by what fails', async () => {
    const broken = { ...ROLE, ...inline('new'), PermissionsBoundary: `${BOUNDARY}-2` };
    await expect(putResource(handler, broken, context)).rejects.toThrow('does not exist');
    expect(bare.iam.role(ARN)).toBeUndefined();
    const created = await putResource(handler, { ...ROLE, ...inline('own') }, context);
    await expect(putResource(handler, broken, context, created)).rejects.toThrow('does not exist');
    expect(policies()).toEqual(['own', undefined]);
  });

  test('is another role by another name, made again under its own with another ID', async () => {
    const created = await putResource(handler, ROLE, context);
    const moved = await putResource(handler, { ...ROLE, RoleName: 'second' }, context, created);
    expect(moved.physicalId).toBe('second');
    await handler.remove(created, context);
    const again = await putResource(handler, ROLE, context);
    expect(again.attributes['Arn']).toBe(ARN);
    expect(again.attributes['RoleId']).not.toBe(created.attributes['RoleId']);
  });

  test('is not deleted while somebody else’s policy is on it, inline or attached', async () => {
    const created = await putResource(handler, ROLE, context);
    bare.iam.attach(ARN, BOUNDARY);
    expect(() => handler.remove(created, context)).toThrow('must detach all policies first');
    bare.iam.putRolePolicy(ARN, 'p', allow('*', '*'));
    expect(() => handler.remove(created, context)).toThrow('must delete policies first');
  });
});

test('AWS::IAM::ManagedPolicy is its ARN, changes in place, and is not deleted while somebody uses it', async () => {
  const managed = managedPolicyResource(bare.iam);
  const before = { Path: '/watcher/', PolicyDocument: allow('sns:Publish', '*') };
  const created = await putResource(managed, before, context);
  const { physicalId: arn } = created;
  expect(arn).toBe(`arn:aws:iam::${SELLER}:policy/watcher/${context.generatedName(128)}`);
  const role = await putResource(handler, { ...ROLE, PermissionsBoundary: arn }, context);
  const after = { ...before, PolicyDocument: allow('sqs:*', '*') };
  const changed = await putResource(managed, after, context, created);
  expect(bare.iam.policiesOf(ARN).boundary).toEqual({ name: arn, policy: after.PolicyDocument });
  expect(() => managed.remove(changed, context)).toThrow('Cannot delete a policy attached');
  await expect(putResource(managed, before, context)).rejects.toThrow('already exists');
  await handler.remove(role, context);
  await managed.remove(changed, context);
  expect(() => {
    bare.iam.requirePolicy(arn);
  }).toThrow('does not exist');
});
