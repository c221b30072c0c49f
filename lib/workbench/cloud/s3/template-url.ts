import type { Access } from '../access.ts';
import type { Caller } from '../call.ts';
import { AwsFault } from '../fault.ts';
import { BucketAccess } from './bucket-access.ts';
import type { Buckets } from './buckets.ts';
import { targetOf } from './request.ts';

export interface TemplateUrls {
  readonly buckets: Buckets;
  readonly access: Access;
  /** The local cloud's own address. */
  readonly endpoint: () => string;
}

/** CloudFormation's limit for a template that lies in S3. */
const MAX_TEMPLATE_BYTES = 1_000_000;

/** Reads the template that a `TemplateURL` names, as whoever deploys it. */
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
      // CloudFormation tells no more than this, not even to the bucket's owner.
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

/** By the local cloud's address, or as S3's own addresses are, in path style or with the bucket in the name. */
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
