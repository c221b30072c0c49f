import type { Access } from '../access.ts';
import type { AwsAnswer, AwsCall, AwsRequest, AwsService } from '../call.ts';
import type { CloudClock } from '../clock.ts';
import { AwsFault } from '../fault.ts';
import type { PlainRoute } from '../front.ts';
import { escapeXml } from '../query-protocol.ts';
import type { Bucket, StoredObject, Buckets } from './buckets.ts';
import { accessDenied, BucketAccess } from './bucket-access.ts';
import { putObject } from './put-object.ts';
import { notImplemented, requireKnownHeaders, requireKnownQuery, targetOf } from './request.ts';

export interface S3Options {
  readonly buckets: Buckets;
  readonly access: Access;
  readonly clock: CloudClock;
}

interface Operation {
  readonly method: 'GET' | 'PUT';
  readonly on: 'object' | 'policy';
  readonly perform: (bucket: Bucket, key: string, call: AwsCall) => Promise<AwsAnswer>;
}

/** The part of S3 that hosting a template needs: text objects, path style, and the bucket's policy. */
export function s3Service(options: S3Options): AwsService {
  const operations = operationsOf(options);
  const find = ({ method, path }: AwsRequest) => {
    const { key, query } = targetOf(path);
    const on = key !== undefined ? 'object' : query.has('policy') ? 'policy' : 'bucket';
    return Object.entries(operations).find(([, each]) => each.method === method && each.on === on);
  };
  return {
    name: 's3',
    operationOf: (request) => find(request)?.[0] ?? '',
    refuse: (request, fault) => restXmlFault(request, inWordsOfS3(fault)),
    handle: async (call) => {
      try {
        const found = find(call);
        if (found === undefined)
          throw notImplemented(
            `the local cloud has no S3 operation at ${call.method} ${call.path}; it has ${Object.keys(operations).sort().join(', ')}`,
          );
        const [, { on, perform }] = found;
        const target = targetOf(call.path);
        requireKnownHeaders(call);
        requireKnownQuery(target, on === 'policy' ? ['policy'] : []);
        const bucket = options.buckets.existing(target.bucket);
        requireOwner(call, bucket);
        return await perform(bucket, target.key ?? '', call);
      } catch (error) {
        if (error instanceof AwsFault) return restXmlFault(call, error);
        throw error;
      }
    },
  };
}

/** Answers requests to a bucket without a signature, such as a browser's. */
export function unsignedS3({
  service,
  buckets,
}: {
  readonly service: AwsService;
  readonly buckets: Buckets;
}): PlainRoute {
  return (request) => {
    const isOurs =
      request.method === 'GET' && buckets.byName(targetOf(request.path).bucket) !== undefined;
    if (!isOurs) return undefined;
    return service.handle({
      ...request,
      service: 's3',
      region: '',
      caller: { kind: 'anonymous', accountId: '', arn: '' },
    });
  };
}

function operationsOf({ buckets, access, clock }: S3Options): Readonly<Record<string, Operation>> {
  const gate = new BucketAccess(access);
  const read = async (bucket: Bucket, key: string, { caller }: AwsCall): Promise<AwsAnswer> =>
    objectAnswer(await gate.read(buckets, caller, bucket.name, key));
  const policy = (
    action: `s3:${string}BucketPolicy`,
    work: (bucket: Bucket, call: AwsCall) => AwsAnswer,
  ): Operation['perform'] => {
    return async (bucket, _key, call) => {
      await gate.require(call.caller, bucket, action);
      // Only the bucket's own account may do this, whatever the policy says.
      if (call.caller.accountId !== bucket.accountId)
        throw new AwsFault(
          'MethodNotAllowed',
          'The specified method is not allowed against this resource.',
          405,
        );
      return work(bucket, call);
    };
  };
  return {
    GetObject: { method: 'GET', on: 'object', perform: read },
    PutObject: {
      method: 'PUT',
      on: 'object',
      perform: async (bucket, key, call) => {
        await gate.require(call.caller, bucket, 's3:PutObject', key);
        const { etag, checksums } = putObject(bucket, key, call, clock.now());
        return answer(200, '', { ...checksums, etag, 'x-amz-server-side-encryption': 'AES256' });
      },
    },
    GetBucketPolicy: {
      method: 'GET',
      on: 'policy',
      perform: policy('s3:GetBucketPolicy', ({ name, policy: kept }) => {
        if (kept !== undefined)
          return answer(200, kept.text, { 'content-type': 'application/json' });
        throw new AwsFault('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
          BucketName: name,
        });
      }),
    },
    PutBucketPolicy: {
      method: 'PUT',
      on: 'policy',
      perform: policy('s3:PutBucketPolicy', (bucket, { body, caller }) => {
        buckets.setPolicy(bucket, body, caller);
        return answer(204);
      }),
    },
  };
}

function objectAnswer({ body, contentType, etag, modifiedAt, checksums }: StoredObject): AwsAnswer {
  return answer(200, body, {
    ...checksums,
    etag,
    'content-type': contentType,
    'last-modified': new Date(modifiedAt).toUTCString(),
    'x-amz-server-side-encryption': 'AES256',
  });
}

function answer(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): AwsAnswer {
  return { status, headers, body };
}

/** Refuses a bucket that is not owned by the account the caller expects: a stranger may have taken its name. */
function requireOwner({ headers }: AwsRequest, { accountId }: Bucket): void {
  if ((headers['x-amz-expected-bucket-owner'] ?? accountId) !== accountId) throw accessDenied();
}

/** The front's refusals under S3's own names. */
function inWordsOfS3(fault: AwsFault): AwsFault {
  switch (fault.code) {
    case 'UnrecognizedClientException':
      return new AwsFault(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        403,
      );
    case 'ExpiredTokenException':
      return new AwsFault('ExpiredToken', 'The provided token has expired.', 400);
    case 'InternalFailure':
      return new AwsFault('InternalError', fault.message, 500);
    default:
      return fault;
  }
}

/** A fault as S3 writes it. */
function restXmlFault({ requestId = '' }: AwsRequest, fault: AwsFault): AwsAnswer {
  const { code, message, status, members } = fault;
  const fields = {
    Code: code,
    Message: message,
    ...(members as Record<string, string>),
    RequestId: requestId,
  };
  const inner = Object.entries(fields).map(
    ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
  );
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner.join('')}</Error>`,
  };
}
