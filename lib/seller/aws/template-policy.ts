import { TEMPLATE_PREFIX } from '../../messages/names.ts';

/** S3's limit for a bucket policy, which counts the JSON as it is put, without the whitespace. */
export const MOST_POLICY_BYTES = 20_480;

interface Place {
  readonly partition: string;
  readonly bucket: string;
}

/**
 * The whole policy of the bucket: whoever it does not name has nothing. Accounts by their bare IDs, which leaves room for
 * over 1,300; S3 gives them back as the ARNs of their roots.
 */
export function templatePolicy(
  { partition, bucket }: Place,
  accountIds: readonly string[],
): string {
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

/** Whether two policies are the same but for what S3 changes when it keeps one: order, lists of one, accounts as ARNs. */
export function isSamePolicy(one: string, other: string): boolean {
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
