import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendEveryMessage, sendMessages, type QueueMessage } from '../../lib/aws/sqs.ts';
import type { SignedCall } from '../../lib/aws/signed-call.ts';
import { callsAt } from '../support/looking.ts';
import {
  jsonError,
  startScriptedAws,
  type RecordedCall,
  type Reply,
  type ScriptedAws,
} from '../support/scripted-aws.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/999988887777/notices';

let aws: ScriptedAws;
let call: SignedCall;
beforeAll(async () => {
  aws = await startScriptedAws();
  call = callsAt('sqs', aws.endpoint);
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.clear();
});

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds: number;
}

const entriesOf = (call: RecordedCall | undefined) =>
  (call?.input['Entries'] ?? []) as readonly Entry[];
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Takes all but the messages whose number `refuses`. */
function taking(
  refuses: (
    n: number,
  ) => { SenderFault: boolean; Code: string } | null | 'silence' | 'another text' = () => null,
) {
  return (call: RecordedCall): Reply => {
    const judged = entriesOf(call).map((entry) => {
      const { n } = JSON.parse(entry.MessageBody) as { n: number };
      return { entry, outcome: refuses(n) };
    });
    return {
      body: {
        Successful: judged
          .filter(({ outcome }) => outcome === null || outcome === 'another text')
          .map(({ entry, outcome }) => ({
            Id: entry.Id,
            MessageId: `m-${entry.Id}`,
            MD5OfMessageBody: md5(outcome === null ? entry.MessageBody : 'another text'),
          })),
        Failed: judged.flatMap(({ entry, outcome }) =>
          outcome === null || typeof outcome === 'string' ? [] : [{ Id: entry.Id, ...outcome }],
        ),
      },
    };
  };
}

const messages = (count: number, padding = ''): QueueMessage[] =>
  Array.from({ length: count }, (_, n) => ({ body: { n, padding }, delaySeconds: n % 900 }));

const sentNumbers = () =>
  aws.calls.map((call) =>
    entriesOf(call).map(({ MessageBody }) => (JSON.parse(MessageBody) as { n: number }).n),
  );

describe('sending to a queue', () => {
  it('goes by tens, each message with its delay', async () => {
    aws.script('SendMessageBatch', taking());
    await sendEveryMessage(call, QUEUE, messages(23));
    expect(sentNumbers().map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(sentNumbers().flat()).toEqual(messages(23).map((_, n) => n));
    expect(entriesOf(aws.calls[1])[4]?.DelaySeconds).toBe(14);
  });

  it('keeps a batch below 256 KiB, whatever its characters', async () => {
    aws.script('SendMessageBatch', taking());
    await sendEveryMessage(call, QUEUE, messages(6, '€'.repeat(30_000)));
    expect(sentNumbers().map(({ length }) => length)).toEqual([2, 2, 2]);
  });

  it('sends nothing for nothing', async () => {
    await sendEveryMessage(call, QUEUE, []);
    expect(aws.calls).toEqual([]);
  });

  it('sends again, once and alone, what SQS refused for its own reasons inside an answer of success', async () => {
    aws.script(
      'SendMessageBatch',
      taking((n) => (n === 3 ? { SenderFault: false, Code: 'InternalError' } : null)),
      taking(),
    );
    await sendEveryMessage(call, QUEUE, messages(5));
    expect(sentNumbers()).toEqual([[0, 1, 2, 3, 4], [3]]);
  });

  it('does not repeat what is our own fault, and names what was not taken', async () => {
    aws.script(
      'SendMessageBatch',
      taking((n) => (n === 1 ? { SenderFault: true, Code: 'InvalidMessageContents' } : null)),
    );
    const unsent = await sendMessages(call, QUEUE, messages(3));
    expect(unsent).toEqual([{ message: messages(3)[1], reason: 'InvalidMessageContents' }]);
    expect(aws.calls).toHaveLength(1);
  });

  it('throws when something must not be left behind and was', async () => {
    aws.script(
      'SendMessageBatch',
      taking((n) => (n > 10 ? { SenderFault: false, Code: 'InternalError' } : null)),
    );
    await expect(sendEveryMessage(call, QUEUE, messages(13))).rejects.toThrow(
      `2 of 13 messages were not taken by ${QUEUE}: InternalError`,
    );
  });

  it('does not take silence about a message for success', async () => {
    aws.script(
      'SendMessageBatch',
      taking((n) => (n === 2 ? 'silence' : null)),
    );
    const unsent = await sendMessages(call, QUEUE, messages(3));
    expect(unsent.map(({ reason }) => reason)).toEqual([
      'the queue did not say what became of the message',
    ]);
  });

  it('does not take another text for the message: it is sent again, and named if that is no better', async () => {
    aws.script(
      'SendMessageBatch',
      taking((n) => (n === 1 ? 'another text' : null)),
      taking(),
    );
    expect(await sendMessages(call, QUEUE, messages(3))).toEqual([]);
    expect(sentNumbers()).toEqual([[0, 1, 2], [1]]);
    aws.clear();
    aws.script(
      'SendMessageBatch',
      taking(() => 'another text'),
    );
    const unsent = await sendMessages(call, QUEUE, messages(1));
    expect(unsent.map(({ reason }) => reason)).toEqual([
      'what the queue says it took (MD5) is not the text that was sent',
    ]);
  });

  it('throws what a whole call fails with', async () => {
    aws.script('SendMessageBatch', jsonError('AWS.SimpleQueueService.NonExistentQueue'));
    await expect(sendMessages(call, QUEUE, messages(1))).rejects.toThrow('as scripted');
  });
});
