import { createHash } from 'node:crypto';
import {
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { TEMPLATE_PREFIX, type TemplateAccess } from '../../messages/names.ts';

/** A template that CloudFormation can read. */
export interface HostedTemplate {
  /** For `--template-url` and quick-create links. */
  readonly url: string;
  readonly key: string;
  /** Lower-case hex, of the template's bytes. */
  readonly sha256: string;
}

/** Who can read the hosted templates after `openTo`. */
export interface ReadAccess {
  /** Those of the given accounts that AWS does not know (mistyped, closed). All the others can read. */
  readonly unknownAccounts: readonly string[];
}

/** The watcher stack's bucket of buyer templates. */
export interface TemplateBucket {
  readonly access: TemplateAccess;
  /** Puts the template under a name made from its content; one that is there already stays. */
  publish(template: string): Promise<HostedTemplate>;
  /** Opens to these accounts and to no other: name all of them at every call. Does nothing if everyone may read. */
  openTo(accountIds: readonly string[]): Promise<ReadAccess>;
}

export interface BucketConnection {
  readonly bucket: string;
  readonly access: TemplateAccess;
  readonly partition: string;
  /** Goes with every request, so that a stranger's bucket that took the name gets no template of ours. */
  readonly ownerAccountId: string;
  readonly region: string;
  /** Set for the local cloud only. */
  readonly endpoint: string | undefined;
}

/** The template cannot be hosted, or not for these accounts: the message says what to do instead. */
export class TemplateNotHosted extends Error {
  override readonly name = 'TemplateNotHosted';
}

type Client = Pick<S3Client, 'send'>;

export function templateHosting(client: Client, place: BucketConnection): TemplateBucket {
  return {
    access: place.access,
    publish: (template) => publishTemplate(client, place, template),
    openTo: (accountIds) => openTo(client, place, accountIds),
  };
}

async function publishTemplate(
  client: Client,
  place: BucketConnection,
  template: string,
): Promise<HostedTemplate> {
  const digest = createHash('sha256').update(template).digest();
  const sha256 = digest.toString('hex');
  const key = `${TEMPLATE_PREFIX}${sha256.slice(0, 16)}.json`;
  const object = { Bucket: place.bucket, Key: key, ExpectedBucketOwner: place.ownerAccountId };
  try {
    await client.send(
      new PutObjectCommand({
        ...object,
        Body: template,
        ContentType: 'application/json',
        ChecksumSHA256: digest.toString('base64'),
        IfNoneMatch: '*',
      }),
    );
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailed')) throw explained(error, place);
    const { Body: found } = await client.send(new GetObjectCommand(object));
    if ((await found?.transformToString()) !== template) throw altered(place, key);
  }
  return { url: addressOf(place, key), key, sha256 };
}

async function openTo(
  client: Client,
  place: BucketConnection,
  accountIds: readonly string[],
): Promise<ReadAccess> {
  if (place.access === 'public') return { unknownAccounts: [] };
  const bucket = { Bucket: place.bucket, ExpectedBucketOwner: place.ownerAccountId };
  const present = await presentPolicy(client, place);
  const unknownAccounts: string[] = [];
  for (;;) {
    const accounts = accountIds.filter((accountId) => !unknownAccounts.includes(accountId));
    const policy = templatePolicy(place, accounts);
    requireFits(policy, accounts.length);
    if (present !== undefined && isSamePolicy(policy, present)) return { unknownAccounts };
    try {
      await client.send(new PutBucketPolicyCommand({ ...bucket, Policy: policy }));
      return { unknownAccounts };
    } catch (error) {
      // S3 refuses the whole policy for one account that does not exist (any more), and names only the first.
      const unknown = refusedAccount(error, accounts);
      if (unknown === undefined) throw explained(error, place);
      unknownAccounts.push(unknown);
    }
  }
}

async function presentPolicy(client: Client, place: BucketConnection): Promise<string | undefined> {
  try {
    const { Policy: policy } = await client.send(
      new GetBucketPolicyCommand({
        Bucket: place.bucket,
        ExpectedBucketOwner: place.ownerAccountId,
      }),
    );
    return policy;
  } catch (error) {
    if (isNamed(error, 'NoSuchBucketPolicy')) return undefined;
    throw explained(error, place);
  }
}

function requireFits(policy: string, accounts: number): void {
  const bytes = Buffer.byteLength(policy);
  if (bytes <= MOST_POLICY_BYTES) return;
  throw new TemplateNotHosted(
    `the policy that opens the template bucket to ${accounts} accounts would have ${bytes} bytes; S3 takes ${MOST_POLICY_BYTES}: set "publicTemplate": true in cdk.json and deploy (the template holds no secret), or send buyers the command with the file`,
  );
}

/** S3's answer has a member `Detail` beside the message, which no service model declares. */
function refusedAccount(error: unknown, accounts: readonly string[]): string | undefined {
  if (!isNamed(error, 'MalformedPolicy')) return undefined;
  const { message, Detail: detail } = error as Error & { readonly Detail?: unknown };
  const named = `${message} ${typeof detail === 'string' ? detail : ''}`.match(/\d{12}/g) ?? [];
  return named.find((accountId) => accounts.includes(accountId));
}

function explained(error: unknown, { bucket, region }: BucketConnection): unknown {
  if (isNamed(error, 'NoSuchBucket')) {
    return new TemplateNotHosted(
      `the bucket ${bucket}, which the watcher stack has for templates, is gone: make it again with "aws s3 mb s3://${bucket} --region ${region}", or send buyers the command with the file`,
      { cause: error },
    );
  }
  if (isNamed(error, 'MalformedPolicy')) {
    return new TemplateNotHosted(
      `S3 refuses the policy that opens the template bucket (${(error as Error).message}): an account in it may not exist; revoke the buyers whose accounts are closed, or send buyers the command with the file`,
      { cause: error },
    );
  }
  return error;
}

function altered({ bucket }: BucketConnection, key: string): TemplateNotHosted {
  return new TemplateNotHosted(
    `s3://${bucket}/${key} is not the template that was put there: somebody has written over it. Find out who (CloudTrail), delete it, and run the command again`,
  );
}

function addressOf({ bucket, region, endpoint }: BucketConnection, key: string): string {
  return endpoint === undefined
    ? `https://${bucket}.s3.${region}.amazonaws.com/${key}`
    : `${endpoint}/${bucket}/${key}`;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** S3's limit for a bucket policy. It counts the JSON as it is put, without whitespace. */
const MOST_POLICY_BYTES = 20_480;

interface Place {
  readonly partition: string;
  readonly bucket: string;
}

/**
 * The whole policy of the bucket: an account that it does not name has no access. Accounts stand in it by their bare IDs, which leaves room
 * for over 1,300; S3 gives them back as the ARNs of their roots.
 */
function templatePolicy({ partition, bucket }: Place, accountIds: readonly string[]): string {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const insecure = {
    Sid: 'NeverWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const invited = {
    Sid: 'InvitedAccountsRead',
    Effect: 'Allow',
    Principal: { AWS: [...new Set(accountIds)].sort() },
    Action: 's3:GetObject',
    Resource: `${arn}/${TEMPLATE_PREFIX}*`,
  };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: accountIds.length === 0 ? [insecure] : [insecure, invited],
  });
}

/** True if two policies differ only in what S3 changes when it keeps one: order, lists of one, accounts as ARNs. */
function isSamePolicy(one: string, other: string): boolean {
  return JSON.stringify(plain(JSON.parse(one))) === JSON.stringify(plain(JSON.parse(other)));
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^arn:[^:]+:iam::(\d{12}):root$/, '$1');
  if (Array.isArray(value)) {
    const [first, ...others] = value.map(plain);
    if (others.length === 0) return first;
    return [first, ...others].map((each) => JSON.stringify(each)).sort();
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, plain(each)]),
  );
}
