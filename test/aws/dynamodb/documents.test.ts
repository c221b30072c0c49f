import { describe, expect, it } from 'vitest';
import { documentCalls } from '../../../lib/aws/dynamodb/documents.ts';
import { putting, transact } from '../../../lib/aws/dynamodb/table-access.ts';
import { signedCalls } from '../../../lib/aws/signed-call.ts';
import { AT_ONCE, CREDENTIALS } from '../../support/looking.ts';

/** DynamoDB that gives these answers, each a status with a body or the failure of a connection, and what it was asked. */
function answering(...answers: readonly ([number, object] | Error)[]) {
  const left = [...answers];
  const asked: Record<string, unknown>[] = [];
  const call = signedCalls('dynamodb', {
    environment: { AWS_REGION: 'us-east-1' },
    now: () => 0,
    send: ({ body }) => {
      asked.push(JSON.parse(body) as Record<string, unknown>);
      const answer = left.shift() ?? [200, {}];
      if (answer instanceof Error) return Promise.reject(answer);
      const [status, json] = answer;
      return Promise.resolve({ status, headers: {}, text: JSON.stringify(json) });
    },
  })(CREDENTIALS);
  return { asked, call: documentCalls(call, AT_ONCE) };
}

const error = (name: string, more: object = {}): [number, object] => [
  400,
  { __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...more },
];
const lost = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('a call of DynamoDB', () => {
  it('has plain values wherever there are values, and keeps what only looks like one', async () => {
    const { asked, call } = answering([
      200,
      { Item: { Key: { M: { S: { S: 'text' } } }, none: { NULL: true } } },
    ]);
    const { Item } = await call('GetItem', {
      TableName: 'Item',
      Key: { Key: 'a', Item: [1, 'b'] },
      ExpressionAttributeNames: { '#Key': 'Key' },
    });
    expect(asked[0]).toEqual({
      TableName: 'Item',
      Key: { Key: { S: 'a' }, Item: { L: [{ N: '1' }, { S: 'b' }] } },
      ExpressionAttributeNames: { '#Key': 'Key' },
    });
    expect(Item).toEqual({ Key: { S: 'text' }, none: null });
  });

  it('is not made with a value that is undefined, and leaves out a member that is', async () => {
    const { asked, call } = answering();
    await expect(call('GetItem', { Key: { id: undefined } })).rejects.toThrow('undefined');
    await call('Query', { TableName: 't', ExclusiveStartKey: undefined });
    expect(asked).toEqual([{ TableName: 't' }]);
  });

  it('has plain keys in a batch, and in what was not processed', async () => {
    const stored = { contract: { S: 'a' }, entry: { S: '1' } };
    const key = { contract: 'a', entry: '1' };
    const { asked, call } = answering([
      200,
      { Responses: { t: [stored] }, UnprocessedKeys: { t: { Keys: [stored] } } },
    ]);
    const answer = await call('BatchGetItem', { RequestItems: { t: { Keys: [key] } } });
    expect(asked[0]).toEqual({
      RequestItems: { t: { Keys: [{ contract: { S: 'a' }, entry: { S: '1' } }] } },
    });
    expect(answer).toEqual({ Responses: { t: [key] }, UnprocessedKeys: { t: { Keys: [key] } } });
  });

  it.each([
    ['is throttled', error('ProvisionedThroughputExceededException')],
    ['meets a failing service', [500, {}] as [number, object]],
    ['loses its answer', lost],
  ])('that %s is made again, once', async (_, failure) => {
    const { asked, call } = answering(failure, failure);
    await expect(call('Query', { TableName: 't' })).rejects.toThrow();
    expect(asked).toHaveLength(2);
  });

  it.each(['ConditionalCheckFailedException', 'ResourceNotFoundException', 'ValidationException'])(
    'that is answered with %s is not made again',
    async (name) => {
      const { asked, call } = answering(error(name, { message: 'no' }));
      await expect(call('UpdateItem', { TableName: 't' })).rejects.toMatchObject({ name });
      expect(asked).toHaveLength(1);
    },
  );
});

describe('a transaction', () => {
  const write = (call: ReturnType<typeof answering>['call']) =>
    transact(
      { call, watch: 't', audit: 'a' },
      [putting('t', { id: 1 }, { id: undefined })],
      'writing',
    );

  it('has one token for both attempts, and another the next time', async () => {
    const { asked, call } = answering(lost);
    expect([await write(call), await write(call)]).toEqual([true, true]);
    const tokens = asked.map(({ ClientRequestToken: token }) => token);
    expect(tokens).toEqual([expect.any(String), tokens[0], expect.any(String)]);
    expect(new Set(tokens).size).toBe(2);
  });

  it.each([
    ['a condition failed', ['None', 'ConditionalCheckFailed'], false],
    ['another transaction was under way', ['TransactionConflict', 'None'], false],
  ])('is lost where %s', async (_, codes, written) => {
    const CancellationReasons = codes.map((Code) => ({ Code }));
    const { call } = answering(error('TransactionCanceledException', { CancellationReasons }));
    expect(await write(call)).toBe(written);
  });

  it.each([[['ConditionalCheckFailed', 'ThrottlingError']], [['None']], [[]]])(
    'fails where it was canceled for anything else: %j',
    async (codes) => {
      const CancellationReasons = codes.map((Code) => ({ Code }));
      const { call } = answering(
        error('TransactionCanceledException', { CancellationReasons, Message: 'canceled' }),
      );
      await expect(write(call)).rejects.toThrow('writing: TransactionCanceledException: canceled');
    },
  );
});
