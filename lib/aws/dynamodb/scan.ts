import { json } from 'node:stream/consumers';
import {
  type AttributeValue,
  DescribeTableCommand,
  QueryCommand,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import type * as documents from '@aws-sdk/lib-dynamodb';
import { convertToNative, marshall } from '@aws-sdk/util-dynamodb';
import type { Extent } from '../../domain/ledger/archive.ts';
import type { Attributes, Tables } from './table-access.ts';

/** Parts of a table are scanned side by side: one page of 1 MB after the other, each would wait its whole way there and back. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const MOST_SEGMENTS = 8;

/** A segment of a scan, or a query. */
type Asked = (documents.ScanCommandInput | documents.QueryCommandInput) & {
  readonly TableName: string;
};

type Key = Record<string, AttributeValue>;

export interface Page {
  /** Index of what was asked. */
  readonly of: number;
  readonly items: readonly Attributes[];
  /** Wanted or not. */
  readonly scanned: number;
}

/** A whole table, page by page as they come. */
export async function* scan(
  tables: Pick<Tables, 'client'>,
  input: documents.ScanCommandInput & { readonly TableName: string },
): AsyncIterable<Page> {
  const { bytes } = await extentOf(tables, input.TableName);
  const TotalSegments = Math.min(MOST_SEGMENTS, Math.ceil(bytes / SEGMENT_BYTES) || 1);
  const segments = Array.from({ length: TotalSegments }, (_, Segment) => ({
    ...input,
    ...(TotalSegments > 1 && { Segment, TotalSegments }),
  }));
  yield* pagesOf(tables, segments, MOST_SEGMENTS);
}

/**
 * Pages as they come, of so many at once; of one after the other they are in order. None is read further ahead than a page: what is not
 * taken is not asked for.
 */
export async function* pagesOf(
  { client }: Pick<Tables, 'client'>,
  asked: readonly Asked[],
  width: number,
): AsyncIterable<Page> {
  const coming = new Map<number, ReturnType<typeof read>>();
  for (const of of asked.keys()) if (of < width) ask(of, undefined);
  let next = width;
  while (coming.size > 0) {
    const page = await Promise.race(coming.values());
    coming.delete(page.of);
    if (page.last !== undefined) ask(page.of, page.last);
    else if (next < asked.length) ask(next++, undefined);
    yield page;
  }

  function ask(of: number, from: Key | undefined): void {
    const page = read(of, from);
    // Its turn to be awaited may never come, if another fails: that one is thrown, and not this as unhandled.
    page.catch(() => undefined);
    coming.set(of, page);
  }

  async function read(of: number, ExclusiveStartKey: Key | undefined) {
    const { ExpressionAttributeValues: values, ...about } = asked[of] ?? {};
    const input = {
      ...about,
      ExclusiveStartKey,
      ...(values !== undefined && { ExpressionAttributeValues: marshall(values) }),
    } as ScanCommandInput;
    const isQuery = 'KeyConditionExpression' in about;
    // Of what is asked and answered here both have the same.
    const command = isQuery ? new QueryCommand(input) : new ScanCommand(input);
    const items = itemsOf(command.middlewareStack as ScanCommand['middlewareStack']);
    const { ScannedCount: scanned = 0, LastEvaluatedKey: last } = await client.send(command);
    return { of, items, scanned, last };
  }
}

/**
 * Filled when the command is answered. The document client goes over each value of each item three times, and makes it anew twice: a third
 * of the CPU of reading a table (measured). Here `JSON.parse` and one pass do, and the SDK sees an answer without items.
 */
function itemsOf(stack: ScanCommand['middlewareStack']): readonly Attributes[] {
  const items: Attributes[] = [];
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as {
        readonly statusCode: number;
        body: NodeJS.ReadableStream | Uint8Array;
      };
      if (response.statusCode !== 200 || response.body instanceof Uint8Array) return result;
      const { Items = [], ...rest } = (await json(response.body)) as { readonly Items?: Key[] };
      for (const item of Items) items.push(plainMap(item));
      response.body = Buffer.from(JSON.stringify(rest));
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'itemsOf' },
  );
  return items;
}

/** In its place: to make each map anew costs three times as much (measured). */
function plainMap(map: Record<string, unknown>): Attributes {
  for (const name in map) map[name] = plain(map[name] as AttributeValue);
  return map;
}

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.M !== undefined) return plainMap(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  if (value.B !== undefined) return Buffer.from(value.B as unknown as string, 'base64');
  const number = Number(value.N);
  return Number.isSafeInteger(number) ? number : convertToNative(value);
}

export async function extentOf(
  { client }: Pick<Tables, 'client'>,
  TableName: string,
): Promise<Extent> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return { items: Table?.ItemCount ?? 0, bytes: Table?.TableSizeBytes ?? 0 };
}
