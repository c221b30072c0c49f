import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  GetObjectCommand,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { templateHosting, type BucketConnection } from '../../../lib/seller/aws/template-bucket.ts';
import { allow, BUYER, policy, SELLER } from '../../support/bare-cloud.ts';
import { BUCKET, BUCKET_ARN, s3Fixture } from '../../support/s3-fixture.ts';
import { sha256 } from '../../../lib/aws/text.ts';

const OTHER = '333333333333';
const TEMPLATE = JSON.stringify({
  Description: 'für Käufer',
  Resources: { B: { Type: 'AWS::S3::Bucket' } },
});
const SHA256 = sha256(TEMPLATE);
const PLACE: BucketConnection = {
  bucket: BUCKET,
  access: 'invited',
  partition: 'aws',
  ownerAccountId: SELLER,
  region: 'us-east-1',
  endpoint: undefined,
};

async function seat(place: Partial<BucketConnection> = {}) {
  const here = await s3Fixture();
  const hosting = templateHosting(here.client(), { ...PLACE, endpoint: here.front.url, ...place });
  return {
    ...here,
    hosting,
    calls: (operation: string) => here.front.calls().get(`s3:${operation}`) ?? 0,
  };
}

/** A client that answers with these, one after the other: an error is thrown. */
function scripted(...answers: unknown[]): {
  readonly client: Pick<S3Client, 'send'>;
  readonly sent: object[];
} {
  const sent: object[] = [];
  const send = ({ input }: { readonly input: object }) => {
    sent.push(input);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { client: { send: send as S3Client['send'] }, sent };
}

function refusal(name: string, message: string, more: object = {}): S3ServiceException {
  return Object.assign(
    new S3ServiceException({ name, message, $fault: 'client', $metadata: {} }),
    more,
  );
}

describe('a template that is published', () => {
  it('lies where its content says, as it is', async () => {
    await using here = await seat();
    const { url, key, sha256 } = await here.hosting.publish(TEMPLATE);
    expect(sha256).toBe(SHA256);
    expect(key).toBe(`buyer-template/${SHA256.slice(0, 16)}.json`);
    expect(url).toBe(`${here.front.url}/${BUCKET}/${key}`);
    const { Body: body, ContentType } = await here
      .client()
      .send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    expect([await body?.transformToString(), ContentType]).toStrictEqual([
      TEMPLATE,
      'application/json',
    ]);
  });

  it('has the address that CloudFormation takes in AWS', async () => {
    const { client } = scripted({});
    const { url, key } = await templateHosting(client, {
      ...PLACE,
      region: 'eu-central-1',
    }).publish(TEMPLATE);
    expect(url).toBe(`https://templates.s3.eu-central-1.amazonaws.com/${key}`);
  });

  it('again is there already; another one lies beside it', async () => {
    await using here = await seat();
    const first = await here.hosting.publish(TEMPLATE);
    const before = here.bucket.objects.get(first.key);
    expect(await here.hosting.publish(TEMPLATE)).toStrictEqual(first);
    expect(here.bucket.objects.get(first.key)).toBe(before);
    await here.hosting.publish(`${TEMPLATE}\n`);
    expect(here.bucket.objects.size).toBe(2);
  });

  it('is refused where somebody has put something else in its place', async () => {
    await using here = await seat();
    const { key } = await here.hosting.publish(TEMPLATE);
    await here.client().send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: 'evil' }));
    await expect(here.hosting.publish(TEMPLATE)).rejects.toThrow(
      `s3://${BUCKET}/${key} is not the template that was put there`,
    );
    expect(here.bucket.objects.get(key)?.body).toBe('evil');
  });

  it('goes to no bucket of a stranger, who may have taken the name', async () => {
    await using here = await seat({ ownerAccountId: OTHER });
    await expect(here.hosting.publish(TEMPLATE)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(here.hosting.openTo([BUYER])).rejects.toMatchObject({ name: 'AccessDenied' });
    expect([here.bucket.objects.size, here.bucket.policy]).toStrictEqual([0, undefined]);
  });

  it('says what to do where the bucket is gone', async () => {
    await using here = await seat();
    here.buckets.remove(BUCKET);
    const gone =
      /^the bucket templates, which the watcher stack has .* gone: make it again with "aws s3 mb s3:\/\/templates --region us-east-1"/;
    await expect(here.hosting.publish(TEMPLATE)).rejects.toThrow(gone);
    await expect(here.hosting.openTo([BUYER])).rejects.toThrow(gone);
  });
});

describe('a bucket that is opened', () => {
  const launch = async (
    here: Awaited<ReturnType<typeof seat>>,
    accountId: string,
    TemplateURL: string,
  ) =>
    here
      .cloudFormationClient(accountId)
      .send(new CreateStackCommand({ StackName: 'license-watcher', TemplateURL }));

  it('lets the invited accounts launch the template and nobody else, until it is closed for them', async () => {
    await using here = await seat();
    const { url } = await here.hosting.publish(TEMPLATE);
    await expect(launch(here, BUYER, url)).rejects.toThrow('S3 error: Access Denied');

    expect(await here.hosting.openTo([OTHER, BUYER])).toStrictEqual({ unknownAccounts: [] });
    await expect(launch(here, BUYER, url)).resolves.toHaveProperty('StackId');
    await expect(launch(here, '444444444444', url)).rejects.toThrow('S3 error: Access Denied');

    await here.hosting.openTo([BUYER]);
    await expect(launch(here, OTHER, url)).rejects.toThrow('S3 error: Access Denied');
    await here.hosting.openTo([]);
    await here.cloudFormation.done(here.cloudFormation.find(BUYER, 'license-watcher')!);
    await expect(
      here
        .cloudFormationClient(BUYER)
        .send(new CreateStackCommand({ StackName: 'again', TemplateURL: url })),
    ).rejects.toThrow('S3 error: Access Denied');
  });

  it('shows them templates only, and demands TLS of all', async () => {
    await using here = await seat();
    await here.hosting.openTo([BUYER]);
    await here.client().send(new PutObjectCommand({ Bucket: BUCKET, Key: 'other', Body: 'text' }));
    const other = here.client(BUYER).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'other' }));
    await expect(other).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(here.bucket.policy?.document['Statement']).toMatchObject([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET_ARN}/buyer-template/*` },
    ]);
  });

  it('is left alone where it is open as it should be, whatever the order', async () => {
    await using here = await seat();
    await here.hosting.openTo([BUYER, OTHER]);
    await here.hosting.openTo([OTHER, BUYER, BUYER]);
    await here.hosting.openTo([OTHER]);
    await here.hosting.openTo([OTHER]);
    await here.hosting.openTo([]);
    await here.hosting.openTo([]);
    expect(here.calls('PutBucketPolicy')).toBe(3);
  });

  it('is put right where somebody has opened it further', async () => {
    await using here = await seat();
    await here.hosting.openTo([BUYER]);
    const wide = policy({
      Effect: 'Allow',
      Principal: { AWS: OTHER },
      Action: 's3:*',
      Resource: BUCKET_ARN,
    });
    here.buckets.setPolicy(here.bucket, JSON.stringify(wide), {
      kind: 'root',
      accountId: SELLER,
      arn: '',
    });
    await here.hosting.openTo([BUYER]);
    expect(here.bucket.policy?.text).not.toContain(OTHER);
  });

  it('is opened to all others where AWS does not know some accounts, which are named', async () => {
    await using here = await seat();
    here.buckets.unknownAccounts.add(OTHER).add('555555555555');
    const opening = await here.hosting.openTo([OTHER, BUYER, '555555555555']);
    expect([...opening.unknownAccounts].sort()).toStrictEqual([OTHER, '555555555555']);
    expect(here.bucket.policy?.text).toContain(BUYER);
    expect(here.bucket.policy?.text).not.toMatch(/333333333333|555555555555/);
  });

  it('says what to do where S3 names no account that it refuses', async () => {
    const malformed = refusal('MalformedPolicy', 'Invalid principal in policy', {
      Detail: '"AWS" : "999999999999"',
    });
    const { client, sent } = scripted(
      refusal('NoSuchBucketPolicy', 'The bucket policy does not exist'),
      malformed,
    );
    await expect(templateHosting(client, PLACE).openTo([BUYER])).rejects.toThrow(
      'S3 refuses the policy that opens the template bucket (Invalid principal in policy): an account in it may not exist; revoke the buyers whose accounts are closed, or send buyers the command with the file',
    );
    expect(sent).toHaveLength(2);
  });

  it('has room for more than 1,300 accounts; more are refused before anything is changed', async () => {
    await using here = await seat();
    const accounts = (count: number) =>
      Array.from({ length: count }, (_, at) => String(100_000_000_000 + at));
    await here.hosting.openTo(accounts(1_310));
    await expect(here.hosting.openTo(accounts(1_400))).rejects.toThrow(
      /^the policy that opens the template bucket to 1400 accounts would have \d+ bytes; S3 takes 20480: set "publicTemplate": true/,
    );
    expect(here.calls('PutBucketPolicy')).toBe(1);
  });

  it('is not touched where everyone may read it anyway', async () => {
    await using here = await seat({ access: 'public' });
    expect(await here.hosting.openTo([BUYER])).toStrictEqual({ unknownAccounts: [] });
    expect(here.front.calls().size).toBe(0);
  });

  it('needs four permissions of the seller’s people, on this bucket alone', async () => {
    await using here = await seat();
    const permissions = allow(
      ['s3:PutObject', 's3:GetObject', 's3:GetBucketPolicy', 's3:PutBucketPolicy'],
      [BUCKET_ARN, `${BUCKET_ARN}/buyer-template/*`],
    );
    const hosting = templateHosting(here.member('desk', permissions), {
      ...PLACE,
      endpoint: here.front.url,
    });
    await hosting.publish(TEMPLATE);
    await hosting.publish(TEMPLATE);
    await hosting.openTo([BUYER]);
    const less = templateHosting(here.member('less', allow('s3:GetBucketPolicy', '*')), PLACE);
    await expect(less.openTo([OTHER])).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
