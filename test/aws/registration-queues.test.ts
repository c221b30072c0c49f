import { afterEach, beforeEach, expect, it } from 'vitest';
import { registrationQueues } from '../../lib/aws/sqs.ts';
import { instant } from '../../lib/domain/time.ts';
import { callsAt } from '../support/looking.ts';
import { startScriptedAws, type ScriptedAws } from '../support/scripted-aws.ts';

let aws: ScriptedAws;
beforeEach(async () => {
  aws = await startScriptedAws();
});
afterEach(() => aws.close());

function queues() {
  const url = (name: string) => `${aws.endpoint}/999900001111/${name}`;
  return registrationQueues(callsAt('sqs', aws.endpoint), {
    checks: url('checks'),
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

it('says so when a check was not taken', async () => {
  aws.script('SendMessageBatch', {
    body: {
      Successful: [],
      Failed: [{ Id: '0', SenderFault: true, Code: 'InvalidMessageContents', Message: 'odd' }],
    },
  });
  const tick = instant(Date.parse('2027-03-01T00:00:00Z'));
  const check = queues().queueCheck({
    format: 1,
    kind: 'named',
    tick,
    checkId: 'registration-1',
    visibleAt: tick,
    buyerAccountId: '111122223333',
  });
  await expect(check).rejects.toThrow('InvalidMessageContents: odd');
});
