import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { immediate, textProperty } from '../immediate-resource.ts';
import type { CreatedResource, Properties, ResourceContext, ResourceHandler } from '../resource.ts';
import type { Bucket, PublicAccessBlock, Buckets } from './buckets.ts';

export function bucketHandlers(buckets: Buckets): ResourceHandler[] {
  return [bucketHandler(buckets), bucketPolicyHandler(buckets)];
}

function bucketHandler(buckets: Buckets): ResourceHandler {
  const create = (properties: Properties, context: ResourceContext): CreatedResource => {
    const { partition, accountId } = context;
    const name = textProperty(properties, 'BucketName', freshName(buckets, context));
    const publicAccess = publicAccessOf(properties);
    requireTheUsual(properties);
    return shown(
      buckets.create({ name, arn: `arn:${partition}:s3:::${name}`, accountId, publicAccess }),
      context,
    );
  };
  return immediate({
    type: 'AWS::S3::Bucket',
    properties: [
      'BucketEncryption',
      'BucketName',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
    ],
    create,
    update: (properties, current, _previous, context) => {
      if (current.physicalId !== textProperty(properties, 'BucketName', current.physicalId))
        return create(properties, context);
      const bucket = buckets.existing(current.physicalId);
      requireTheUsual(properties);
      bucket.publicAccess = publicAccessOf(properties);
      return shown(bucket, context);
    },
    remove: ({ physicalId }) => {
      buckets.remove(physicalId);
    },
  });
}

/** Another one than that of a bucket which the same resource made before and left behind. */
function freshName(buckets: Buckets, context: ResourceContext): string {
  const first = context.generatedName(63).toLowerCase();
  let name = first;
  for (let again = 1; buckets.byName(name) !== undefined; again += 1) {
    const suffix = createHash('sha256').update(`${first}|${again}`).digest('hex').slice(0, 12);
    name = `${first.slice(0, -suffix.length)}${suffix}`;
  }
  return name;
}

function shown({ name, arn }: Bucket, { region }: ResourceContext): CreatedResource {
  return {
    physicalId: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
}

/** What every new bucket has. Other settings would change what is read and by whom: they are not reproduced. */
function requireTheUsual({
  BucketEncryption: encryption,
  OwnershipControls: ownership,
}: Properties): void {
  const usualEncryption = {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ],
  };
  const usualOwnership = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] };
  if (!isDeepStrictEqual(encryption ?? usualEncryption, usualEncryption))
    throw new Error(
      `the local cloud encrypts buckets with AES256 only, got ${JSON.stringify(encryption)}`,
    );
  if (!isDeepStrictEqual(ownership ?? usualOwnership, usualOwnership))
    throw new Error(
      `the local cloud has buckets without ACLs only (BucketOwnerEnforced), got ${JSON.stringify(ownership)}`,
    );
}

/** All is blocked where a template says nothing; what it leaves out of its block is not. */
function publicAccessOf({ PublicAccessBlockConfiguration: given }: Properties): PublicAccessBlock {
  const isOn = (name: string): boolean => {
    const value = given === undefined ? true : (given as Readonly<Record<string, unknown>>)[name];
    return value === true || value === 'true';
  };
  return {
    blockPublicPolicy: isOn('BlockPublicPolicy'),
    restrictPublicBuckets: isOn('RestrictPublicBuckets'),
  };
}

function bucketPolicyHandler(buckets: Buckets): ResourceHandler {
  const create = (properties: Properties, { accountId }: ResourceContext): CreatedResource => {
    const bucket = buckets.existing(textProperty(properties, 'Bucket'));
    if (bucket.policy !== undefined)
      throw new Error(`The bucket policy already exists on bucket ${bucket.name}.`);
    put(bucket, properties, accountId);
    return { physicalId: bucket.name, attributes: {} };
  };
  const put = (bucket: Bucket, properties: Properties, accountId: string): void => {
    const caller = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` } as const;
    buckets.setPolicy(bucket, JSON.stringify(properties['PolicyDocument']), caller);
  };
  return immediate({
    type: 'AWS::S3::BucketPolicy',
    properties: ['Bucket', 'PolicyDocument'],
    create,
    update: (properties, current, _previous, context) => {
      if (current.physicalId !== textProperty(properties, 'Bucket'))
        return create(properties, context);
      put(buckets.existing(current.physicalId), properties, context.accountId);
      return current;
    },
    remove: ({ physicalId }) => {
      const bucket = buckets.byName(physicalId);
      if (bucket !== undefined) bucket.policy = undefined;
    },
  });
}
