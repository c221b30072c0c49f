import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  textProperty,
  type Properties,
  type ResourceContext,
  type ResourceHandler,
} from '../resource.ts';
import type { Buckets, PublicAccessBlock } from './buckets.ts';
import type { Access } from '../access.ts';
import type { Caller } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { BucketAccess } from './bucket-access.ts';
import { targetOf } from './request.ts';

/** AWS::S3::Bucket with a generated name. */
export function bucketHandler(buckets: Buckets): ResourceHandler {
  return {
    type: 'AWS::S3::Bucket',
    properties: 'BucketEncryption OwnershipControls PublicAccessBlockConfiguration',
    put: (properties, context, current) => {
      requireTheUsual(properties);
      const { partition, region, accountId } = context;
      const name = current?.physicalId ?? freshName(buckets, context);
      const arn = `arn:${partition}:s3:::${name}`;
      const publicAccess = publicAccessOf(properties);
      if (current === undefined) buckets.create({ name, arn, accountId, publicAccess });
      else buckets.existing(name).publicAccess = publicAccess;
      const RegionalDomainName = `${name}.s3.${region}.amazonaws.com`;
      const attributes = { Arn: arn, DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName };
      return { physicalId: name, attributes };
    },
    remove: ({ physicalId }) => {
      buckets.remove(physicalId);
    },
  };
}

/** AWS::S3::BucketPolicy, which the setting `publicTemplate` adds. It does not replace a policy from another source. */
export function bucketPolicyHandler(buckets: Buckets): ResourceHandler {
  return {
    type: 'AWS::S3::BucketPolicy',
    properties: 'Bucket PolicyDocument',
    put: (properties, { accountId }, current) => {
      const bucket = buckets.existing(textProperty(properties, 'Bucket'));
      if (bucket.policy !== undefined && bucket.name !== current?.physicalId)
        throw new Error(`The bucket policy already exists on bucket ${bucket.name}.`);
      const caller = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` } as const;
      buckets.setPolicy(bucket, JSON.stringify(properties['PolicyDocument']), caller);
      return { physicalId: bucket.name, attributes: {} };
    },
    remove: ({ physicalId }) => {
      const bucket = buckets.byName(physicalId);
      if (bucket !== undefined) bucket.policy = undefined;
    },
  };
}

/** A generated name that no bucket has, not even one that the same resource created earlier and left behind. */
function freshName(buckets: Buckets, context: ResourceContext): string {
  const first = context.generatedName(63).toLowerCase();
  let name = first;
  for (let again = 1; buckets.byName(name) !== undefined; again += 1) {
    const suffix = createHash('sha256').update(`${first}|${again}`).digest('hex').slice(0, 12);
    name = `${first.slice(0, -suffix.length)}${suffix}`;
  }
  return name;
}

/** Requires the settings of every new bucket. Others would change what is read and by whom, and are not reproduced. */
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

/** Everything is blocked if a template has no block; a setting that its block leaves out is off. */
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

interface TemplateUrls {
  readonly buckets: Buckets;
  readonly access: Access;
  /** The local cloud's own address. */
  readonly endpoint: () => string;
}

/** CloudFormation's limit for a template in S3. */
const MAX_TEMPLATE_BYTES = 1_000_000;

/** Reads the template of a `TemplateURL` with the permissions of the caller that deploys it. */
export function templateReader({ buckets, access, endpoint }: TemplateUrls) {
  const gate = new BucketAccess(access);
  return async (url: string, caller: Caller): Promise<string> => {
    const place = placeOf(url, endpoint());
    if (place === undefined) throw refused('TemplateURL must be a supported URL.');
    try {
      const { body } = await gate.read(buckets, caller, place.bucket, place.key);
      if (Buffer.byteLength(body) <= MAX_TEMPLATE_BYTES) return body;
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      // CloudFormation says no more than this, not even to the bucket's owner.
      const what = error.code === 'AccessDenied' ? 'Access Denied' : error.message;
      throw refused(
        `S3 error: ${what}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`,
      );
    }
    throw refused(`Template may not exceed ${MAX_TEMPLATE_BYTES} bytes in size.`);
  };
}

interface Place {
  readonly bucket: string;
  readonly key: string;
}

const S3_HOST = /^(?:(?<bucket>.+)\.)?s3(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/;

/** Reads bucket and key from the local cloud's address or one of S3's own, in path style or with the bucket in the host name. */
function placeOf(text: string, endpoint: string): Place | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol, hostname, pathname, search } = new URL(text);
  const s3 = protocol === 'https:' ? S3_HOST.exec(hostname) : null;
  if (search !== '' || (s3 === null && origin !== endpoint)) return undefined;
  const named = s3?.groups?.['bucket'];
  const { bucket, key } = targetOf(named === undefined ? pathname : `/${named}${pathname}`);
  return key === undefined ? undefined : { bucket, key };
}

function refused(message: string): AwsFault {
  return new AwsFault('ValidationError', message);
}
