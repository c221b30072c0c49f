import { GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { EntryKey, WatchKey } from './keys.ts';
import type { Attributes, Tables } from './tables.ts';

/** A strongly consistent read of one item. */
export async function get(
  { client }: Tables,
  table: string,
  key: WatchKey | EntryKey,
): Promise<Attributes | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
}

/** All items of a query, page by page as the reader asks for them. */
export async function* query(
  { client }: Tables,
  input: QueryCommandInput,
): AsyncIterable<Attributes> {
  let page: Attributes | undefined;
  do {
    const answer = await client.send(new QueryCommand({ ...input, ExclusiveStartKey: page }));
    yield* answer.Items ?? [];
    page = answer.LastEvaluatedKey;
  } while (page !== undefined);
}
