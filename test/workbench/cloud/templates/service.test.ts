import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  DeleteStackCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { CloudFormation } from '../../../../lib/workbench/cloud/templates/cloudformation.ts';
import { CustomResources } from '../../../../lib/workbench/cloud/templates/custom-resources.ts';
import { cloudFormationService } from '../../../../lib/workbench/cloud/templates/service.ts';
import { allow, clientOf, member, NOON, openBareCloud } from '../../../support/bare-cloud.ts';

const ACCOUNT = '222222222222';
const TEMPLATE = JSON.stringify({
  Parameters: { Size: { Type: 'String', Default: '1' }, Kept: { Type: 'String', Default: 'k' } },
  Resources: {
    A: { Type: 'Test::A::Thing', Properties: { Size: { Ref: 'Size' }, Kept: { Ref: 'Kept' } } },
  },
  Outputs: { Size: { Value: { 'Fn::GetAtt': ['A', 'Size'] }, Description: 'how big' } },
});

async function cloud() {
  let cloudFormation!: CloudFormation;
  const bare = await openBareCloud(({ clock, access, region }) => {
    cloudFormation = new CloudFormation({
      clock,
      region,
      customResources: new CustomResources({ clock, publish: () => Promise.resolve() }),
      asset: (key) => key,
      ssm: {},
      handlers: [
        {
          type: 'Test::A::Thing',
          properties: 'Size Kept',
          put: (properties) => ({ physicalId: 'thing', attributes: properties }),
          remove: () => undefined,
        },
      ],
    });
    const readTemplate = () => Promise.reject(new Error('no template is read from S3 here'));
    return [cloudFormationService(cloudFormation, { readTemplate, access })];
  });
  const { clock, credentials, iam, front } = bare;
  const client = (key: Parameters<typeof clientOf>[1]) =>
    new CloudFormationClient(clientOf(bare, key));
  const done = async () => {
    for (const stack of cloudFormation.stacks(ACCOUNT)) await cloudFormation.done(stack);
  };
  return { clock, credentials, iam, client, done, [Symbol.asyncDispose]: () => front.close() };
}

it('serves a stack’s life to the SDK: create, describe, update with a previous value, delete', async () => {
  await using here = await cloud();
  const client = here.client(here.credentials.root(ACCOUNT));
  const StackName = 'stack';
  const Parameters = [{ ParameterKey: 'Kept', ParameterValue: 'once' }];
  const { StackId } = await client.send(
    new CreateStackCommand({ StackName, TemplateBody: TEMPLATE, Parameters }),
  );
  await here.done();
  const describe = async () =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
  expect(await describe()).toMatchObject({
    StackId,
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: new Date(NOON),
    Outputs: [{ OutputKey: 'Size', OutputValue: '1', Description: 'how big' }],
  });

  await client.send(
    new UpdateStackCommand({
      StackName,
      UsePreviousTemplate: true,
      Parameters: [
        { ParameterKey: 'Size', ParameterValue: '2' },
        { ParameterKey: 'Kept', UsePreviousValue: true },
      ],
    }),
  );
  await here.done();
  expect((await describe())?.Parameters).toEqual([
    { ParameterKey: 'Size', ParameterValue: '2' },
    { ParameterKey: 'Kept', ParameterValue: 'once' },
  ]);
  await expect(
    client.send(new DeleteStackCommand({ StackName, RetainResources: ['A'] })),
  ).rejects.toThrow('only when the stack is in the DELETE_FAILED state');
  await client.send(new DeleteStackCommand({ StackName }));
  await here.done();
  await expect(describe()).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id stack does not exist',
  });
});

it('fails in CloudFormation’s words, and makes stacks for administrators only', async () => {
  await using here = await cloud();
  const create = (client: CloudFormationClient, TemplateBody: string) =>
    client.send(new CreateStackCommand({ StackName: 'stack', TemplateBody }));
  const root = here.client(here.credentials.root(ACCOUNT));
  await expect(create(root, '{"Resources":{}}')).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(create(root, ' '.repeat(51_201))).rejects.toThrow('less than or equal to 51200');
  await expect(root.send(new CreateStackCommand({ StackName: 'stack' }))).rejects.toThrow(
    'must be specified',
  );
  await expect(
    root.send(
      new CreateStackCommand({
        StackName: 'stack',
        TemplateBody: TEMPLATE,
        TemplateURL: 'https://x',
      }),
    ),
  ).rejects.toThrow('Only one of');
  const role = { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:role/r`, name: 'r' };
  const { accessKeyId, secretAccessKey, sessionToken } = here.credentials.session(role, 's', 900);
  await expect(
    create(here.client({ accessKeyId, secretAccessKey, sessionToken }), TEMPLATE),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

it('shows stacks to a role as far as its policies say', async () => {
  await using here = await cloud();
  const root = here.client(here.credentials.root(ACCOUNT));
  for (const StackName of ['mine', 'other'])
    await root.send(new CreateStackCommand({ StackName, TemplateBody: TEMPLATE }));
  await here.done();
  const mine = `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/mine/*`;
  const { role } = member(
    here.iam,
    { name: 'reader', accountId: ACCOUNT },
    allow(['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'], mine),
  );
  const { accessKeyId, secretAccessKey, sessionToken } = here.credentials.session(role, 's', 900);
  const reader = here.client({ accessKeyId, secretAccessKey, sessionToken });
  const describe = (StackName?: string) =>
    reader.send(new DescribeStacksCommand({ ...(StackName !== undefined && { StackName }) }));
  expect((await describe('mine')).Stacks).toHaveLength(1);
  expect(
    (await reader.send(new ListStackResourcesCommand({ StackName: 'mine' })))
      .StackResourceSummaries,
  ).toHaveLength(1);
  const refused = (action: string) => ({
    name: 'AccessDenied',
    message: expect.stringContaining(
      `not authorized to perform: cloudformation:${action}`,
    ) as unknown,
  });
  await expect(describe('other')).rejects.toMatchObject(refused('DescribeStacks'));
  await expect(describe('absent')).rejects.toMatchObject(refused('DescribeStacks'));
  await expect(describe()).rejects.toMatchObject(refused('DescribeStacks'));
});

it('lists a stack’s resources, a hundred at a time', async () => {
  await using here = await cloud();
  const client = here.client(here.credentials.root(ACCOUNT));
  const Resources = Object.fromEntries(
    Array.from({ length: 101 }, (_, n) => [
      `A${n}`,
      { Type: 'Test::A::Thing', Properties: { Size: '1' } },
    ]),
  );
  const StackName = 'stack';
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }),
  );
  await here.done();
  const list = (input: object) =>
    client.send(new ListStackResourcesCommand({ StackName, ...input }));
  const first = await list({});
  expect(first.StackResourceSummaries).toHaveLength(100);
  expect(first.StackResourceSummaries?.[0]).toEqual({
    LogicalResourceId: 'A0',
    PhysicalResourceId: 'thing',
    ResourceType: 'Test::A::Thing',
    LastUpdatedTimestamp: new Date(NOON),
    ResourceStatus: 'CREATE_COMPLETE',
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  });
  const { NextToken } = first;
  const second = await list({ NextToken });
  expect(second.StackResourceSummaries?.map((each) => each.LogicalResourceId)).toEqual(['A100']);
  expect(second.NextToken).toBeUndefined();
  await expect(list({ NextToken: 'x' })).rejects.toThrow('none that an earlier page gave');
  await expect(list({ StackName: 'other' })).rejects.toThrow('Stack with id other does not exist');
});
