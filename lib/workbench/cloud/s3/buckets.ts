import type { Caller } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { acceptedPolicy, type BucketPolicy } from './bucket-policy.ts';

/** S3 Block Public Access of one bucket. The local cloud has none for whole accounts. */
export interface PublicAccessBlock {
  /** Refuses public policies that are put from now on. */
  readonly blockPublicPolicy: boolean;
  /** While the policy is public, it gives nothing to other accounts. */
  readonly restrictPublicBuckets: boolean;
}

export interface StoredObject {
  readonly key: string;
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** The checksums that came with the object, by header: `x-amz-checksum-sha256`. */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  publicAccess: PublicAccessBlock;
  policy: BucketPolicy | undefined;
  readonly objects: Map<string, StoredObject>;
}

/** The buckets of all accounts; a name is unique among all of them. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  /** A switch: accounts that AWS does not know, or no longer. A policy that names one is refused as a whole. */
  readonly unknownAccounts = new Set<string>();

  create(identity: Pick<Bucket, 'name' | 'arn' | 'accountId' | 'publicAccess'>): Bucket {
    if (this.#buckets.has(identity.name))
      throw new AwsFault('BucketAlreadyExists', `${identity.name} already exists`, 409);
    const bucket: Bucket = { ...identity, policy: undefined, objects: new Map() };
    this.#buckets.set(bucket.name, bucket);
    return bucket;
  }

  byName(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  existing(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsFault('NoSuchBucket', 'The specified bucket does not exist', 404, {
      BucketName: name,
    });
  }

  remove(name: string): void {
    const bucket = this.existing(name);
    if (bucket.objects.size > 0)
      throw new AwsFault('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    this.#buckets.delete(name);
  }

  setPolicy(bucket: Bucket, text: string, caller: Caller): void {
    const policy = acceptedPolicy(
      text,
      bucket.arn,
      (accountId) => !this.unknownAccounts.has(accountId),
    );
    if (policy.isPublic && bucket.publicAccess.blockPublicPolicy)
      throw new AwsFault(
        'AccessDenied',
        `User: ${caller.kind === 'role' ? caller.sessionArn : caller.accountId} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucket.arn}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
        403,
      );
    bucket.policy = policy;
  }
}
