import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registrationQueues } from '../../lib/adapters/registration-queues.ts';
import { startScriptedAws, type ScriptedAws } from '../support/scripted-aws.ts';

let aws: ScriptedAws;
beforeEach(async () => {
  aws = await startScriptedAws();
});
afterEach(() => aws.close());

function queues() {
  const client = new SQSClient({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const url = (name: string) => `${aws.endpoint}/999900001111/${name}`;
  return registrationQueues(client, {
    checks: url('checks'),
    notices: url('notices'),
    registrations: url('registrations'),
  });
}

it('postpones a message of its own queue', async () => {
  aws.script('ChangeMessageVisibility', { body: {} });
  await queues().postpone('handle', 15);
  expect(aws.calls.map(({ input }) => input)).toEqual([
    {
      QueueUrl: `${aws.endpoint}/999900001111/registrations`,
      ReceiptHandle: 'handle',
      VisibilityTimeout: 15,
    },
  ]);
});

it('says so when a nudge was not taken', async () => {
  aws.script('SendMessageBatch', {
    body: { Successful: [], Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'odd' }] },
  });
  const nudge = queues().nudgeNotices([
    { format: 1, kind: 'notice', contract: '111122223333#scanner', entry: 2, audience: 'buyer' },
  ]);
  await expect(nudge).rejects.toThrow('InvalidMessageContents: odd');
});
