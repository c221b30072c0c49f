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

/** Segments of this size are scanned side by side: with one page of 1 MB after the other, each would wait for a full round trip. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const MOST_SEGMENTS = 8;

/** A segment of a scan, or a query. */
type Asked = (documents.ScanCommandInput | documents.QueryCommandInput) & {
  readonly TableName: string;
};

type Key = Record<string, AttributeValue>;

export interface Page {
  /** The index of the segment or query. */
  readonly of: number;
  readonly items: readonly Attributes[];
  /** The number of items scanned, wanted or not. */
  readonly scanned: number;
}

/** Reads a whole table, page by page as the pages come. */
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
 * Yields pages as they come, from `width` segments or queries at once; with a width of 1 they are in order. Reads each at most one page
 * ahead: a page that is not taken is not requested.
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
    // If another page fails, this one may never be awaited. The other failure is thrown, and this one must not count as unhandled.
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
    // For the input and output used here, queries and scans are the same.
    const command = isQuery ? new QueryCommand(input) : new ScanCommand(input);
    const items = itemsOf(command.middlewareStack as ScanCommand['middlewareStack']);
    const { ScannedCount: scanned = 0, LastEvaluatedKey: last } = await client.send(command);
    return { of, items, scanned, last };
  }
}

/**
 * Returns a list that is filled when the command is answered. The document client goes over each value of each item three times and copies
 * it twice: a third of the CPU of reading a table (measured). Here `JSON.parse` and one pass are enough, and the SDK sees an answer without
 * items.
 */
function itemsOf(stack: ScanCommand['middlewareStack']): readonly Attributes[] {
  const items: Attributes[] = [];
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { readonly statusCode: number; body: unknown };
      if (response.statusCode !== 200) return result;
      const answer = await json(response.body as NodeJS.ReadableStream);
      const { Items = [], ...rest } = answer as { readonly Items?: Key[] };
      for (const item of Items) items.push(plainMap(item));
      response.body = Buffer.from(JSON.stringify(rest));
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'itemsOf' },
  );
  return items;
}

/** Changes the map in place: making each map anew costs three times as much (measured). */
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
