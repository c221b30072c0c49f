import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { BUYER, policy } from '../../../support/bare-cloud.ts';
import { BUCKET, BUCKET_ARN, s3Fixture } from '../../../support/s3-fixture.ts';

const KEY = 'buyer-template/abc.json';

function template(Description = ''): string {
  return JSON.stringify({ Description, Resources: { B: { Type: 'AWS::S3::Bucket' } } });
}

async function hosting(text = template()) {
  const here = await s3Fixture();
  const put = (body: string) =>
    here.client().send(new PutObjectCommand({ Bucket: BUCKET, Key: KEY, Body: body }));
  await put(text);
  return {
    ...here,
    put,
    open: (accountId: string) => {
      const read = {
        Effect: 'Allow',
        Principal: { AWS: accountId },
        Action: 's3:GetObject',
        Resource: `${BUCKET_ARN}/*`,
      };
      return here
        .client()
        .send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: JSON.stringify(policy(read)) }));
    },
    create: (TemplateURL: string) =>
      here
        .cloudFormationClient(BUYER)
        .send(new CreateStackCommand({ StackName: 'stack', TemplateURL })),
    done: async () => {
      const stack = here.cloudFormation.find(BUYER, 'stack')!;
      await here.cloudFormation.done(stack);
      return stack;
    },
  };
}

it('is read by whoever deploys: from an open bucket, whatever of S3’s addresses it has', async () => {
  for (const prefix of [
    undefined,
    `https://${BUCKET}.s3.us-east-1.amazonaws.com`,
    `https://${BUCKET}.s3.amazonaws.com`,
    `https://s3.us-east-1.amazonaws.com/${BUCKET}`,
    `https://s3.amazonaws.com/${BUCKET}`,
  ]) {
    await using here = await hosting();
    await here.open(BUYER);
    await here.create(`${prefix ?? `${here.front.url}/${BUCKET}`}/${KEY}`);
    expect(await here.done()).toMatchObject({ accountId: BUYER, status: 'CREATE_COMPLETE' });
  }
});

it('changes a stack too', async () => {
  await using here = await hosting();
  await here.open(BUYER);
  const TemplateURL = `${here.front.url}/${BUCKET}/${KEY}`;
  await here.create(TemplateURL);
  await here.done();
  await here.put(template('the second'));
  await here
    .cloudFormationClient(BUYER)
    .send(new UpdateStackCommand({ StackName: 'stack', TemplateURL }));
  expect(await here.done()).toMatchObject({
    status: 'UPDATE_COMPLETE',
    template: { Description: 'the second' },
  });
});

it('is refused where the caller may not read it, whether it is there or not', async () => {
  await using here = await hosting();
  const refused = {
    name: 'ValidationError',
    message:
      'S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
  };
  await expect(here.create(`${here.front.url}/${BUCKET}/${KEY}`)).rejects.toMatchObject(refused);
  await here.open(BUYER);
  await expect(here.create(`${here.front.url}/${BUCKET}/absent`)).rejects.toMatchObject(refused);
  await expect(here.create(`${here.front.url}/nowhere/${KEY}`)).rejects.toThrow(
    'The specified bucket does not exist',
  );
});

it.each([
  'https://example.com/template.json',
  'http://s3.amazonaws.com/templates/k',
  'no-url',
  'https://s3.amazonaws.com/templates',
])('is an address in S3: %s is none', async (url) => {
  await using here = await hosting();
  await expect(here.create(url)).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'TemplateURL must be a supported URL.',
  });
});

it('may be longer than a body, up to a megabyte', async () => {
  const url = (here: Awaited<ReturnType<typeof hosting>>) => `${here.front.url}/${BUCKET}/${KEY}`;
  await using here = await hosting();
  await here.open(BUYER);
  await here.put(template('x'.repeat(1_000_000)));
  await expect(here.create(url(here))).rejects.toThrow(
    'Template may not exceed 1000000 bytes in size.',
  );
  await here.put(template('x'.repeat(999_000)));
  await here.create(url(here));
  expect(await here.done()).toMatchObject({ status: 'CREATE_COMPLETE' });
});
