import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { allow, BUYER, clientOf, NOON, policy, SELLER } from '../../../support/bare-cloud.ts';
import { BUCKET, BUCKET_ARN, s3Fixture } from '../../../support/s3-fixture.ts';

const OBJECT = { Bucket: BUCKET, Key: 'buyer-template/ü 1.json' };
const STRANGER = '333333333333';

function open(principal: unknown, condition?: object): object {
  const statement = {
    Effect: 'Allow',
    Principal: principal,
    Action: 's3:GetObject',
    Resource: `${BUCKET_ARN}/*`,
  };
  return policy({ ...statement, ...(condition && { Condition: condition }) });
}

function put(client: S3Client, document: unknown): Promise<unknown> {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: text }));
}

async function read(client: S3Client): Promise<string | undefined> {
  const { Body: body } = await client.send(new GetObjectCommand(OBJECT));
  return body?.transformToString();
}

async function s3WithObject() {
  const here = await s3Fixture();
  await here
    .client()
    .send(new PutObjectCommand({ ...OBJECT, Body: '{"ü":1}', ContentType: 'application/json' }));
  return here;
}

it('is in one Region, and says so to who signs for another', async () => {
  await using here = await s3Fixture();
  const elsewhere = new S3Client({
    ...clientOf(here, here.credentials.root(SELLER)),
    region: 'eu-west-1',
  });
  await expect(elsewhere.send(new GetObjectCommand(OBJECT))).rejects.toMatchObject({
    name: 'AuthorizationHeaderMalformed',
    message: expect.stringContaining(
      "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
    ) as unknown,
  });
});

describe('an object', () => {
  it('comes back as it was put, with its checksum and the cloud’s time', async () => {
    await using here = await s3WithObject();
    const answer = await here.client().send(new GetObjectCommand(OBJECT));
    expect(await answer.Body?.transformToString()).toBe('{"ü":1}');
    const facts = {
      ContentType: 'application/json',
      ContentLength: 8,
      LastModified: new Date(NOON),
    };
    expect(answer).toMatchObject({ ...facts, ETag: '"f9452f311659294528a8a76492a0ef0b"' });
    expect(answer.ChecksumCRC32).toMatch(/^.{6}==$/);
    expect(here.front.calls()).toEqual(
      new Map([
        ['s3:PutObject', 1],
        ['s3:GetObject', 1],
      ]),
    );
  });

  it('that was damaged on its way is refused', async () => {
    await using here = await s3Fixture();
    const wrong = new PutObjectCommand({
      ...OBJECT,
      Body: 'text',
      ChecksumSHA256: Buffer.alloc(32).toString('base64'),
    });
    await expect(here.client().send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    expect(here.bucket.objects.size).toBe(0);
  });

  it('is not written over where the caller asks for that', async () => {
    await using here = await s3WithObject();
    const again = new PutObjectCommand({ ...OBJECT, Body: 'other', IfNoneMatch: '*' });
    await expect(here.client().send(again)).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await read(here.client())).toBe('{"ü":1}');
  });

  it.each([
    [
      'a header',
      new PutObjectCommand({ ...OBJECT, Body: 'text', Tagging: 'a=b' }),
      'x-amz-tagging',
    ],
    ['an ACL', new PutObjectCommand({ ...OBJECT, Body: 'text', ACL: 'public-read' }), 'x-amz-acl'],
    [
      'a parameter',
      new PutObjectCommand({ ...OBJECT, Body: 'text', ChecksumAlgorithm: 'SHA1' }),
      'SHA1',
    ],
  ])('with %s that is not reproduced is refused by its name', async (_what, command, named) => {
    await using here = await s3Fixture();
    const refused = here.client().send(command);
    await expect(refused).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining(named) as string,
    });
  });

  it('in a bucket that says whose it is goes nowhere else', async () => {
    await using here = await s3Fixture();
    const command = (ExpectedBucketOwner: string) =>
      new PutObjectCommand({ ...OBJECT, Body: 'text', ExpectedBucketOwner });
    await expect(here.client().send(command(STRANGER))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(here.client().send(command(SELLER))).resolves.toBeDefined();
  });

  it('that is too much to list is no operation here', async () => {
    await using here = await s3Fixture();
    await expect(here.client().send(new ListObjectsV2Command({ Bucket: BUCKET }))).rejects.toThrow(
      'it has GetBucketPolicy, GetObject, PutBucketPolicy, PutObject',
    );
  });
});

describe('who asks for what is not there', () => {
  const absent = { Bucket: BUCKET, Key: 'absent' };
  const reading = allow('s3:GetObject', `${BUCKET_ARN}/*`);
  const listing = policy(
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET_ARN}/*` },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: BUCKET_ARN },
  );

  it('learns it only if the bucket is open to be listed', async () => {
    await using here = await s3Fixture();
    const [reader, lister] = [here.member('reader', reading), here.member('lister', listing)];
    await expect(reader.send(new GetObjectCommand(absent))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(lister.send(new GetObjectCommand(absent))).rejects.toMatchObject({
      name: 'NoSuchKey',
      Key: 'absent',
    });
  });

  it('learns of a bucket that there is none, and of a key that AWS does not know it', async () => {
    await using here = await s3Fixture();
    const nowhere = new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' });
    await expect(here.client().send(nowhere)).rejects.toMatchObject({
      name: 'NoSuchBucket',
      BucketName: 'nowhere',
    });
    const nobody = new S3Client(
      clientOf(here, { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }),
    );
    await expect(read(nobody)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

describe('a role of the bucket’s account', () => {
  const key = `${BUCKET_ARN}/${OBJECT.Key}`;
  it.each([
    ['the action and the key', allow('s3:GetObject', key), true],
    ['another action', allow('s3:PutObject', key), false],
    ['another key', allow('s3:GetObject', `${key}.bak`), false],
  ])('that may do %s', async (_what, document, allowed) => {
    await using here = await s3WithObject();
    const work = read(here.member('reader', document));
    if (allowed) {
      await expect(work).resolves.toBe('{"ü":1}');
      return;
    }
    await expect(work).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${SELLER}:assumed-role/reader/session is not authorized to perform: s3:GetObject on resource: "${key}" because no identity-based policy allows the s3:GetObject action`,
    });
  });

  it('writes the policy with the permission for it, and not without', async () => {
    await using here = await s3Fixture();
    const document = open({ AWS: BUYER });
    await expect(put(here.member('writer', allow('s3:PutObject', '*')), document)).rejects.toThrow(
      's3:PutBucketPolicy',
    );
    await put(here.member('opener', allow('s3:PutBucketPolicy', BUCKET_ARN)), document);
    expect(here.bucket.policy?.document).toMatchObject({
      Statement: [{ Principal: { AWS: `arn:aws:iam::${BUYER}:root` } }],
    });
  });
});

describe('another account', () => {
  it.each([
    ['is named', open({ AWS: BUYER }), true],
    ['is one of those named', open({ AWS: [STRANGER, `arn:aws:iam::${BUYER}:root`] }), true],
    ['is not named', open({ AWS: STRANGER }), false],
    [
      'is named for requests without TLS',
      open({ AWS: BUYER }, { Bool: { 'aws:SecureTransport': 'false' } }),
      false,
    ],
  ])('reads where it %s', async (_what, document, allowed) => {
    await using here = await s3WithObject();
    await put(here.client(), document);
    const work = read(here.client(BUYER));
    if (allowed) await expect(work).resolves.toBe('{"ü":1}');
    else
      await expect(work).rejects.toMatchObject({ name: 'AccessDenied', message: 'Access Denied' });
  });

  it('lets its own roles read only with a permission of their own', async () => {
    await using here = await s3WithObject();
    await put(here.client(), open({ AWS: BUYER }));
    const reader = here.member('reader', allow('s3:GetObject', '*'), BUYER);
    const other = here.member('other', allow('s3:PutObject', '*'), BUYER);
    await expect(read(reader)).resolves.toBe('{"ü":1}');
    await expect(read(other)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Access Denied',
    });
  });

  it('never writes the policy, whatever that says', async () => {
    await using here = await s3Fixture();
    await expect(put(here.client(BUYER), open({ AWS: BUYER }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await put(
      here.client(),
      policy({ Effect: 'Allow', Principal: { AWS: BUYER }, Action: 's3:*', Resource: BUCKET_ARN }),
    );
    await expect(put(here.client(BUYER), open({ AWS: BUYER }))).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    });
  });
});

describe('everyone', () => {
  const unblocked = { blockPublicPolicy: false, restrictPublicBuckets: false };
  const fetched = async (here: Awaited<ReturnType<typeof s3Fixture>>) => {
    const response = await fetch(`${here.front.url}/${BUCKET}/${encodeURIComponent(OBJECT.Key)}`);
    return [response.status, await response.text()] as const;
  };

  it('reads a public object without a signature', async () => {
    await using here = await s3WithObject();
    here.bucket.publicAccess = unblocked;
    await put(here.client(), open('*'));
    expect(await fetched(here)).toStrictEqual([200, '{"ü":1}']);
    await expect(read(here.client(STRANGER))).resolves.toBe('{"ü":1}');
  });

  it('reads nothing else', async () => {
    await using here = await s3WithObject();
    await put(here.client(), open({ AWS: BUYER }));
    const [status, body] = await fetched(here);
    expect([status, body]).toStrictEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code><Message>Access Denied<'),
    ]);
  });

  it.each([
    ['*', undefined],
    [{ AWS: '*' }, undefined],
    [{ AWS: [BUYER, '*'] }, undefined],
    ['*', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*' } }],
    ['*', { Bool: { 'aws:SecureTransport': 'true' } }],
  ])(
    'is not let in by a policy for %j where public access is blocked',
    async (principal, condition) => {
      await using here = await s3WithObject();
      await expect(put(here.client(), open(principal, condition))).rejects.toThrow(
        'because public policies are blocked by the BlockPublicPolicy block public access setting',
      );
      expect(here.bucket.policy).toBeUndefined();
    },
  );

  it('is no public policy: everyone from one account’s services, or a deny for everyone', async () => {
    await using here = await s3WithObject();
    await put(here.client(), open('*', { StringEquals: { 'aws:SourceAccount': BUYER } }));
    await put(
      here.client(),
      policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `${BUCKET_ARN}/*` }),
    );
  });

  it('and accounts that are named lose a public bucket that is restricted afterwards', async () => {
    await using here = await s3WithObject();
    here.bucket.publicAccess = unblocked;
    await put(here.client(), open({ AWS: ['*', BUYER] }));
    here.bucket.publicAccess = { blockPublicPolicy: true, restrictPublicBuckets: true };
    expect((await fetched(here))[0]).toBe(403);
    await expect(read(here.client(BUYER))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(read(here.client())).resolves.toBe('{"ü":1}');
  });
});

describe('a policy', () => {
  const elsewhere = { Effect: 'Allow', Principal: { AWS: BUYER }, Action: 's3:*' };
  const notOurs = policy({ ...elsewhere, Resource: 'arn:aws:s3:::other/*' });
  const nobodys = allow('s3:GetObject', `${BUCKET_ARN}/*`);
  it.each([
    ['is no JSON', 'no', 'Policies must be valid JSON'],
    ['has no statement', policy(), 'Missing required field Statement'],
    ['has no principal', nobodys, 'Missing required field Principal'],
    ['is about another bucket', notOurs, 'Policy has invalid resource'],
    ['names no account', open({ AWS: 'somebody' }), 'Invalid principal in policy'],
    ['names none that exists', open({ AWS: [BUYER, STRANGER] }), 'Invalid principal in policy'],
  ])('that %s is refused', async (_what, document, message) => {
    await using here = await s3Fixture();
    here.buckets.unknownAccounts.add(STRANGER);
    await expect(put(here.client(), document)).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message: expect.stringContaining(message) as string,
    });
  });

  it('names the account that does not exist beside the message', async () => {
    await using here = await s3Fixture();
    here.buckets.unknownAccounts.add(STRANGER);
    await expect(put(here.client(), open({ AWS: [BUYER, STRANGER] }))).rejects.toMatchObject({
      Detail: `"AWS" : "${STRANGER}"`,
    });
  });

  it('has at most 20 KB, counted without whitespace', async () => {
    await using here = await s3Fixture();
    const accounts = (count: number) =>
      Array.from({ length: count }, (_, at) => String(100_000_000_000 + at));
    const written = (count: number) =>
      JSON.stringify(open({ AWS: accounts(count) }), undefined, 20);
    await put(here.client(), written(1_300));
    await expect(put(here.client(), written(1_400))).rejects.toMatchObject({
      name: 'PolicyTooLarge',
    });
  });

  it('with what the local cloud could not decide is refused', async () => {
    await using here = await s3Fixture();
    const bySource = open({ AWS: BUYER }, { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } });
    await expect(put(here.client(), bySource)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('aws:SourceIp') as string,
    });
  });
});
