import type { BucketPolicy } from './bucket-policy.ts';

/** S3 Block Public Access, of one bucket: there is none for whole accounts here. */
export interface PublicAccessBlock {
  /** Refuses public policies that are put from now on. */
  readonly blockPublicPolicy: boolean;
  /** While the policy is public, nobody of another account has what it gives. */
  readonly restrictPublicBuckets: boolean;
}

export interface StoredObject {
  readonly key: string;
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Those that came with it, by header: `x-amz-checksum-sha256`. */
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
