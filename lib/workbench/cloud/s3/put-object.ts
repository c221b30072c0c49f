import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AwsRequest } from '../call.ts';
import { AwsFault } from '../fault.ts';
import type { Bucket, StoredObject } from './buckets.ts';
import { notImplemented } from './request.ts';

/** Stores the object of a request in place of an older one, and returns it. */
export function putObject(
  bucket: Bucket,
  key: string,
  request: AwsRequest,
  now: number,
): StoredObject {
  const { headers, body } = request;
  requireWholeText(request);
  requireAbsent(bucket, key, headers['if-none-match']);
  const object: StoredObject = {
    key,
    body,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    modifiedAt: now,
    checksums: checkedChecksums(headers, body),
  };
  bucket.objects.set(key, object);
  return object;
}

function requireWholeText({ headers, body }: AwsRequest): void {
  if (headers['content-encoding']?.includes('aws-chunked') === true)
    throw notImplemented(
      'the local cloud takes an object in one piece, not in chunks (aws-chunked)',
    );
  if (Number(headers['content-length'] ?? 0) !== Buffer.byteLength(body))
    throw notImplemented('the local cloud keeps objects of UTF-8 text only');
}

function requireAbsent(bucket: Bucket, key: string, condition: string | undefined): void {
  if (condition === undefined) return;
  if (condition !== '*')
    throw notImplemented(
      'A header you provided implies functionality that is not implemented: If-None-Match',
    );
  if (bucket.objects.has(key))
    throw new AwsFault(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
      {
        Condition: 'If-None-Match',
      },
    );
}

const CHECKSUMS: Readonly<Record<string, (body: string) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  },
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest('base64'),
};

function checkedChecksums(headers: AwsRequest['headers'], body: string): Record<string, string> {
  const given = Object.entries(headers).filter(([name]) => /^x-amz-checksum-(?!mode$)/.test(name));
  for (const [name, value] of given) {
    const algorithm = name.replace('x-amz-checksum-', '').toUpperCase();
    const sum = CHECKSUMS[name];
    if (sum === undefined)
      throw notImplemented(
        `the local cloud knows the checksums CRC32 and SHA256, not ${algorithm}`,
      );
    if (sum(body) !== value)
      throw new AwsFault(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
  }
  return Object.fromEntries(given);
}
