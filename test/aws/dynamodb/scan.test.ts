import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { documentCalls } from '../../../lib/aws/dynamodb/documents.ts';
import { pagesOf } from '../../../lib/aws/dynamodb/scan.ts';
import { signedCalls } from '../../../lib/aws/signed-call.ts';
import { AT_ONCE, CREDENTIALS } from '../../support/looking.ts';

interface Asked {
  readonly TableName: string;
  readonly ExclusiveStartKey?: { readonly id: { readonly S: string } };
}

/** Calls that are answered when, and as, the test says. */
function open() {
  const asked: { readonly input: Asked; answer(status: number, body: unknown): void }[] = [];
  const call = signedCalls('dynamodb', {
    environment: { AWS_REGION: 'us-east-1' },
    now: () => 0,
    send: ({ body }) =>
      new Promise((resolve) => {
        asked.push({
          input: JSON.parse(body) as Asked,
          answer: (status, json) => {
            resolve({ status, headers: {}, text: JSON.stringify(json) });
          },
        });
      }),
  })(CREDENTIALS);
  return { asked, tables: { call: documentCalls(call, AT_ONCE) } };
}

const query = (TableName: string) => ({
  ...{ TableName, KeyConditionExpression: '#a = :a', ExpressionAttributeNames: { '#a': 'a' } },
  ExpressionAttributeValues: { ':a': 'x' },
});

/** So many were asked for, and nothing more is. */
async function expectAsked(
  asked: readonly { readonly input: Asked }[],
  ...pages: readonly string[]
): Promise<void> {
  const turn = () => new Promise(setImmediate);
  for (let turns = 0; turns < 50; turns += 1) await turn();
  const names = asked.map(
    ({ input }) => `${input.TableName}${input.ExclusiveStartKey?.id.S ?? ''}`,
  );
  expect(names).toEqual(pages);
}

describe('pages of several queries', () => {
  it('come one after the other, the next asked for while one is taken, no more', async () => {
    const { asked, tables } = open();
    const pages = pagesOf(tables, [query('a'), query('b')], 1)[Symbol.asyncIterator]();
    const first = pages.next();
    await expectAsked(asked, 'a');
    asked[0]!.answer(200, { Items: [{ n: { N: '1' } }], LastEvaluatedKey: { id: { S: '2' } } });
    expect((await first).value).toMatchObject({ of: 0, items: [{ n: 1 }] });
    await expectAsked(asked, 'a', 'a2');
    const second = pages.next();
    asked[1]!.answer(200, { Items: [], ScannedCount: 7 });
    expect((await second).value).toMatchObject({ of: 0, items: [], scanned: 7 });
    await expectAsked(asked, 'a', 'a2', 'b');
    asked[2]!.answer(200, { Items: [{ n: { N: '3' } }] });
    expect((await pages.next()).value).toMatchObject({ of: 1, items: [{ n: 3 }] });
    expect(await pages.next()).toMatchObject({ done: true });
  });

  it('are asked for side by side, as many as wanted, and come as they are answered', async () => {
    const { asked, tables } = open();
    const all = [query('a'), query('b'), query('c')];
    const pages = pagesOf(tables, all, 2)[Symbol.asyncIterator]();
    const first = pages.next();
    await expectAsked(asked, 'a', 'b');
    asked[1]!.answer(200, { Items: [] });
    expect((await first).value).toMatchObject({ of: 1 });
    await expectAsked(asked, 'a', 'b', 'c');
  });

  it('fail with what DynamoDB says', async () => {
    const { asked, tables } = open();
    const first = pagesOf(tables, [query('a'), query('b')], 2)
      [Symbol.asyncIterator]()
      .next();
    await expectAsked(asked, 'a', 'b');
    asked[1]!.answer(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    await expect(first).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
  });

  it('have every value as the document client would', async () => {
    const { asked, tables } = open();
    const bytes = Buffer.from('bytes');
    const stored = {
      text: { S: 'Éclair 北極' },
      numbers: { L: [{ N: '0' }, { N: '-1.5' }, { N: '9223372036854775807' }] },
      flags: { M: { yes: { BOOL: true }, no: { BOOL: false }, none: { NULL: true } } },
      empty: { M: { list: { L: [] }, map: { M: {} }, text: { S: '' } } },
      set: { SS: ['a', 'b'] },
    };
    const first = pagesOf(tables, [query('a')], 1)
      [Symbol.asyncIterator]()
      .next();
    await expectAsked(asked, 'a');
    asked[0]!.answer(200, { Items: [{ ...stored, bytes: { B: bytes.toString('base64') } }] });
    const { items } = (await first).value as { readonly items: readonly unknown[] };
    expect(items).toEqual([{ ...unmarshall(stored), bytes }]);
  });
});
