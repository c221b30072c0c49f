import type { Attributes, TableQuery, Tables } from './table-access.ts';

/** Segments of this size are scanned side by side: with one page of 1 MB after the other, each would wait for a full round trip. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const MOST_SEGMENTS = 8;

/** What of a table to scan; a query too, if it has a condition for keys. */
type TableScan = Pick<TableQuery, 'TableName'> & Partial<TableQuery>;

export interface ScanPage {
  /** The index of the segment or query. */
  readonly of: number;
  readonly items: readonly Attributes[];
  /** The number of items scanned, wanted or not. */
  readonly scanned: number;
}

/** Reads a whole table, page by page as the pages come. */
export async function* scan(
  tables: Pick<Tables, 'call'>,
  input: TableScan,
): AsyncIterable<ScanPage> {
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
  { call }: Pick<Tables, 'call'>,
  asked: readonly TableScan[],
  width: number,
): AsyncIterable<ScanPage> {
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

  function ask(of: number, from: Attributes | undefined): void {
    const page = read(of, from);
    // If another page fails, this one may never be awaited. The other failure is thrown, and this one must not count as unhandled.
    page.catch(() => undefined);
    coming.set(of, page);
  }

  async function read(of: number, ExclusiveStartKey: Attributes | undefined) {
    const input = { ...asked[of], ExclusiveStartKey };
    const operation = 'KeyConditionExpression' in input ? 'Query' : 'Scan';
    const { Items: items = [], ScannedCount, LastEvaluatedKey } = await call(operation, input);
    return { of, items, scanned: ScannedCount ?? 0, last: LastEvaluatedKey };
  }
}

export async function extentOf(
  { call }: Pick<Tables, 'call'>,
  TableName: string,
): Promise<{ readonly items: number; readonly bytes: number }> {
  const { Table } = await call('DescribeTable', { TableName });
  return { items: Table.ItemCount, bytes: Table.TableSizeBytes };
}
