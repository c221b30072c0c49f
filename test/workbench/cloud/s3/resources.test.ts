import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { BUYER, SELLER } from '../../../support/bare-cloud.ts';
import { s3Fixture } from '../../../support/s3-fixture.ts';

const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

function bucket(properties: object = {}, more: object = {}) {
  return { Type: 'AWS::S3::Bucket', Properties: properties, ...more };
}

function bucketPolicy(principal: unknown) {
  const statement = {
    Effect: 'Allow',
    Principal: principal,
    Action: 's3:GetObject',
    Resource: { 'Fn::Sub': '${Templates.Arn}/*' },
  };
  const document = { Version: '2012-10-17', Statement: [statement] };
  return {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: { Ref: 'Templates' }, PolicyDocument: document },
  };
}

/** The one that a stack made. */
function made(here: Awaited<ReturnType<typeof s3Fixture>>) {
  const name =
    here.cloudFormation.find(SELLER, 'Watcher')?.resources.get('Templates')?.physicalId ?? '';
  return here.buckets.existing(name);
}

it('a bucket has a generated name, belongs to the account, and is closed where the template says nothing', async () => {
  await using here = await s3Fixture();
  const stack = await here.deployed({ Templates: bucket() });
  expect(stack.status).toBe('CREATE_COMPLETE');
  expect(made(here)).toMatchObject({
    name: expect.stringMatching(/^watcher-templates-[a-z0-9]{12}$/) as string,
    accountId: SELLER,
    publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
  });
  expect(stack.resources.get('Templates')?.attributes).toStrictEqual({
    Arn: made(here).arn,
    DomainName: `${made(here).name}.s3.amazonaws.com`,
    RegionalDomainName: `${made(here).name}.s3.us-east-1.amazonaws.com`,
  });
});

it('what a template leaves out of its public access block is open; an update changes it in place', async () => {
  await using here = await s3Fixture();
  await here.deployed({
    Templates: bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
  });
  const { name } = made(here);
  expect(made(here).publicAccess).toStrictEqual({
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  });
  await here.deployed({ Templates: bucket({ PublicAccessBlockConfiguration: BLOCKED }) });
  expect(made(here)).toMatchObject({
    name,
    publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
  });
});

it('a retained bucket outlives its stack with all that is in it; another one goes, if it is empty', async () => {
  await using here = await s3Fixture();
  const put = (name: string) =>
    here.client().send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'text' }));
  await here.deployed({ Templates: bucket({}, { DeletionPolicy: 'Retain' }), Others: bucket() });
  const stack = here.cloudFormation.find(SELLER, 'Watcher')!;
  const [templates = '', others = ''] = ['Templates', 'Others'].map(
    (id) => stack.resources.get(id)?.physicalId,
  );
  await put(templates);
  await put(others);
  here.cloudFormation.deleteStack(SELLER, 'Watcher');
  await here.cloudFormation.done(stack);
  expect([stack.status, stack.statusReason]).toStrictEqual([
    'DELETE_FAILED',
    'Others: The bucket you tried to delete is not empty',
  ]);
  here.buckets.existing(others).objects.clear();
  here.cloudFormation.deleteStack(SELLER, 'Watcher');
  await here.cloudFormation.done(stack);
  expect(stack.status).toBe('DELETE_COMPLETE');
  expect(here.buckets.byName(others)).toBeUndefined();
  expect(here.buckets.existing(templates).objects.size).toBe(1);
});

it('a policy of the template is put, changed and taken away', async () => {
  await using here = await s3Fixture();
  await here.deployed({ Templates: bucket(), Policy: bucketPolicy({ AWS: BUYER }) });
  expect(made(here).policy?.text).toContain(`"arn:aws:iam::${BUYER}:root"`);
  await here.deployed({ Templates: bucket(), Policy: bucketPolicy({ AWS: SELLER }) });
  expect(made(here).policy?.text).not.toContain(BUYER);
  await here.deployed({ Templates: bucket() });
  expect(made(here).policy).toBeUndefined();
});

it('a policy does not replace one that somebody else has put', async () => {
  await using here = await s3Fixture();
  await here.deployed({ Templates: bucket() });
  const resources = { Templates: bucket(), Policy: bucketPolicy({ AWS: BUYER }) };
  const root = { kind: 'root', accountId: SELLER, arn: '' } as const;
  const open = {
    Effect: 'Allow',
    Principal: { AWS: BUYER },
    Action: 's3:GetObject',
    Resource: `${made(here).arn}/x`,
  };
  here.buckets.setPolicy(made(here), JSON.stringify({ Statement: [open] }), root);
  const stack = await here.deployed(resources);
  expect(stack.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain(
    `The bucket policy already exists on bucket ${made(here).name}.`,
  );
});

it('a public policy for a bucket that blocks it undoes the stack', async () => {
  await using here = await s3Fixture();
  const stack = await here.deployed({ Templates: bucket(), Policy: bucketPolicy('*') });
  expect(stack.status).toBe('ROLLBACK_COMPLETE');
  expect(stack.statusReason).toContain('public policies are blocked');
});

it.each([
  [
    'encryption',
    { BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true }] } },
    'AES256 only',
  ],
  [
    'ACLs',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } },
    'BucketOwnerEnforced',
  ],
  ['a property', { WebsiteConfiguration: {} }, 'does not know the property WebsiteConfiguration'],
])('a bucket with %s that is not reproduced is refused', async (_what, properties, message) => {
  await using here = await s3Fixture();
  expect((await here.deployed({ Templates: bucket(properties) })).statusReason).toContain(message);
});

it('a bucket that was left behind is not found again: the same resource makes another', async () => {
  await using here = await s3Fixture();
  const retained = { Templates: bucket({}, { DeletionPolicy: 'Retain' }), Others: bucket() };
  await here.deployed(retained);
  const { name } = made(here);
  await here.deployed({ Others: bucket() });
  expect((await here.deployed(retained)).status).toBe('UPDATE_COMPLETE');
  expect(made(here).name).not.toBe(name);
  expect(made(here).name).toMatch(/^watcher-templates-[a-z0-9]{12}$/);
});
