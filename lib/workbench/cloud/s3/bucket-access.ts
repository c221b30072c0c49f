import type { Access } from '../access.ts';
import type { Caller } from '../call.ts';
import { AccessDenied, AwsFault } from '../fault.ts';
import type { Bucket, StoredObject, Buckets } from './buckets.ts';

/** Decides who may do what with buckets and objects, and refuses in S3's words. */
export class BucketAccess {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** Throws unless the caller may do the action. `key` is the object of the action; without it the action concerns the bucket. */
  async require(
    caller: Caller,
    bucket: Bucket,
    action: `s3:${string}`,
    key?: string,
  ): Promise<void> {
    const resource = key === undefined ? bucket.arn : `${bucket.arn}/${key}`;
    const isStranger = caller.accountId !== bucket.accountId;
    if (isStranger && caller.kind !== 'service' && isRestricted(bucket)) throw accessDenied();
    try {
      await this.#access.require(
        { caller },
        action,
        resource,
        bucket.accountId,
        bucket.policy?.document,
      );
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      // AWS gives the reason only to callers in the bucket's own account.
      throw isStranger
        ? accessDenied()
        : accessDenied(error.message.replace(resource, `"${resource}"`));
    }
  }

  /** Reads an object. Only a caller who may list the bucket learns that an object does not exist. */
  async read(
    buckets: Buckets,
    caller: Caller,
    bucketName: string,
    key: string,
  ): Promise<StoredObject> {
    const bucket = buckets.existing(bucketName);
    await this.require(caller, bucket, 's3:GetObject', key);
    const object = bucket.objects.get(key);
    if (object !== undefined) return object;
    await this.require(caller, bucket, 's3:ListBucket');
    throw new AwsFault('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
}

export function accessDenied(message = 'Access Denied'): AwsFault {
  return new AwsFault('AccessDenied', message, 403);
}

function isRestricted({ policy, publicAccess }: Bucket): boolean {
  return policy?.isPublic === true && publicAccess.restrictPublicBuckets;
}
