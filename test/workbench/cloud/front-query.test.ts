import * as fc from '../../support/property.ts';
import {
  CreateStackCommand,
  CloudFormationClient,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetTopicAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsFault } from '../../../lib/workbench/cloud/fault.ts';
import {
  queryRequest,
  queryService,
  type QueryInput,
  type QueryOutput,
} from '../../../lib/workbench/cloud/query-protocol.ts';
import { BUYER, clientOf, openBareCloud } from '../../support/bare-cloud.ts';

let bare: Awaited<ReturnType<typeof openBareCloud>>;
let seen: QueryInput = {};
let answer: QueryOutput | AwsFault;
const operation = (input: QueryInput): QueryOutput => {
  seen = input;
  if (answer instanceof AwsFault) throw answer;
  return answer;
};

beforeAll(async () => {
  bare = await openBareCloud(() => [
    queryService({
      name: 'sns',
      xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
      operations: { Publish: operation, GetTopicAttributes: operation },
    }),
    queryService({
      name: 'cloudformation',
      xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
      operations: { CreateStack: operation, DescribeStacks: operation },
    }),
  ]);
});
afterAll(() => bare.front.close());

const settings = () => clientOf(bare, bare.credentials.root(BUYER));

test('reads lists and structures as the SDK writes them', async () => {
  answer = { StackId: 'id' };
  const { StackId } = await new CloudFormationClient(settings()).send(
    new CreateStackCommand({
      StackName: 's',
      TemplateBody: '{"a": "b & c"}',
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      Parameters: [
        { ParameterKey: 'A', ParameterValue: '1' },
        { ParameterKey: 'B', ParameterValue: '' },
      ],
    }),
  );
  expect(StackId).toBe('id');
  expect(seen).toEqual({
    StackName: 's',
    TemplateBody: '{"a": "b & c"}',
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    Parameters: [
      { ParameterKey: 'A', ParameterValue: '1' },
      { ParameterKey: 'B', ParameterValue: '' },
    ],
  });
});

test('reads maps as the SDK writes them', async () => {
  answer = { MessageId: 'm' };
  await new SNSClient(settings()).send(
    new PublishCommand({
      TopicArn: 't',
      Message: 'm',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'change' },
        members: { DataType: 'String.Array', StringValue: '["a"]' },
      },
    }),
  );
  expect(seen['MessageAttributes']).toEqual({
    kind: { DataType: 'String', StringValue: 'change' },
    members: { DataType: 'String.Array', StringValue: '["a"]' },
  });
});

test('any text survives the way there and back', async () => {
  const sns = new SNSClient(settings());
  // XML 1.0 has no other control characters; AWS refuses them before they get this far.
  const text = fc
    .string({ unit: 'grapheme' })
    .map((each) => each.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\t'));
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      answer = { Attributes: new Map([['Policy', value]]) };
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: value }));
      expect(seen['TopicArn']).toBe(value);
      expect(Attributes?.['Policy']).toBe(value);
    }),
    { numRuns: 50, examples: [['a\r\nb'], ['<&>"\''], [' x ']] },
  );
});

test('writes lists, and leaves out what is undefined', async () => {
  answer = {
    Stacks: [
      {
        StackName: 'a',
        CreationTime: '2027-02-01T12:00:00.000Z',
        StackStatus: 'CREATE_COMPLETE',
        Outputs: [],
        Description: undefined,
      },
      {
        StackName: 'b',
        CreationTime: '2027-02-01T12:00:00.000Z',
        StackStatus: 'CREATE_COMPLETE',
        Outputs: [{ OutputKey: 'K', OutputValue: 'V' }],
        DisableRollback: false,
      },
    ],
  };
  const { Stacks } = await new CloudFormationClient(settings()).send(new DescribeStacksCommand({}));
  expect(Stacks?.map(({ StackName }) => StackName)).toEqual(['a', 'b']);
  expect(Stacks?.[1]).toMatchObject({
    Outputs: [{ OutputKey: 'K', OutputValue: 'V' }],
    DisableRollback: false,
  });
  expect(Stacks?.[0]).not.toHaveProperty('Description');
});

test('faults become errors with code, message, status and request ID', async () => {
  answer = new AwsFault('NotFound', 'Topic <t> does not exist', 404);
  await expect(
    new SNSClient(settings()).send(new PublishCommand({ TopicArn: 't', Message: 'm' })),
  ).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic <t> does not exist',
    $fault: 'client',
    $metadata: {
      httpStatusCode: 404,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    },
  });
});

const read = (body: string) =>
  queryRequest({
    ...{ service: 'sns', region: 'r', method: 'POST', path: '/', headers: {}, body },
    caller: { kind: 'root', accountId: BUYER, arn: '' },
  });

test.each([
  ['Version=1', 'MissingAction'],
  ['Action=Publish&A=1&A.member.1=2', 'MalformedInput'],
  ['Action=Publish&A=1&A=2', 'MalformedInput'],
  ['Action=Publish&A.entry.1.value=2', 'MalformedInput'],
])('refuses %s', (body, code) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ code }) as Error);
});

test('orders a list by its numbers', () => {
  const body = `Action=A&${[10, 2, 1].map((n) => `L.member.${n}=${n}`).join('&')}`;
  expect(read(body).input).toEqual({ L: ['1', '2', '10'] });
});
