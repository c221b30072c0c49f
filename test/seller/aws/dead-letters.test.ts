import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sqsDeadLetters, type DeadLetterQueues } from '../../../lib/seller/aws/dead-letters.ts';
import { clientConfig } from '../../support/looking.ts';
import { startScriptedAws, type Reply, type ScriptedAws } from '../../support/scripted-aws.ts';

let aws: ScriptedAws;
let letters: DeadLetterQueues;
beforeAll(async () => {
  aws = await startScriptedAws();
  const settings = clientConfig(aws.endpoint, 300);
  const clients = {
    cloudFormation: new CloudFormationClient(settings),
    sqs: new SQSClient(settings),
  };
  letters = sqsDeadLetters(clients, 'LicenseWatcher');
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
});

function resources(...all: readonly (readonly [string, string])[]): Reply {
  const members = all.map(
    ([logicalId, type]) =>
      `<member><LogicalResourceId>${logicalId}</LogicalResourceId><PhysicalResourceId>https://sqs.example/${logicalId}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
  );
  const list = `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>`;
  const body = `<ListStackResourcesResponse><ListStackResourcesResult>${list}</ListStackResourcesResult></ListStackResourcesResponse>`;
  return { body, headers: { 'content-type': 'text/xml' } };
}

const QUEUE = 'AWS::SQS::Queue';

it('are not looked for in the same page of the list for ever', async () => {
  const result =
    '<ListStackResourcesResult><NextToken>again</NextToken></ListStackResourcesResult>';
  const body = `<ListStackResourcesResponse>${result}</ListStackResourcesResponse>`;
  aws.script('ListStackResources', { body, headers: { 'content-type': 'text/xml' } });
  await expect(letters.list()).rejects.toThrow(
    'ListStackResources does not end: the same page comes again',
  );
});

it('are found by the list of the stack’s resources, and counted; what is in work or no dead letter is left out', async () => {
  aws.script(
    'ListStackResources',
    resources(
      ['QueuesNoticesQueue1A', QUEUE],
      ['QueuesNoticesDeadLettersQueue2B', QUEUE],
      ['QueuesNoticesDeadLettersAlarm3C', 'AWS::CloudWatch::Alarm'],
      ['QueuesLostTicksQueue4D', QUEUE],
    ),
  );
  aws.script('GetQueueAttributes', {
    body: {
      Attributes: {
        QueueArn: 'arn:aws:sqs:us-east-1:999900001111:dead',
        ApproximateNumberOfMessages: '3',
      },
    },
  });
  expect(
    (await letters.list()).map(({ content, url, waiting }) => [content, url, waiting]),
  ).toEqual([
    ['notices', 'https://sqs.example/QueuesNoticesDeadLettersQueue2B', 3],
    ['ticks', 'https://sqs.example/QueuesLostTicksQueue4D', 3],
  ]);
});

it('are not taken for none where SQS does not say', async () => {
  aws.script('ListStackResources', resources(['QueuesNoticesDeadLettersQueue2B', QUEUE]));
  aws.script('GetQueueAttributes', {
    body: { Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:999900001111:dead' } },
  });
  await expect(letters.list()).rejects.toThrow('counts its messages');
});

it('are moved back to where they came from', async () => {
  aws.script('StartMessageMoveTask', { body: { TaskHandle: 'handle' } });
  await letters.moveBack({
    content: 'notices',
    url: 'u',
    arn: 'arn:aws:sqs:us-east-1:999900001111:dead',
    waiting: 1,
  });
  expect(aws.calls.map(({ input }) => input)).toEqual([
    { SourceArn: 'arn:aws:sqs:us-east-1:999900001111:dead' },
  ]);
});
