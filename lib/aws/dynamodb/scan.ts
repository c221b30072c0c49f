import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand, type ScanCommandInput, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Extent } from '../../domain/ledger/archive.ts';
import type { Attributes, Tables } from './table-access.ts';

/** Parts of a table are scanned side by side: one page of 1 MB after the other, each would wait its whole way there and back. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const MOST_SEGMENTS = 8;

/**
 * DynamoDB ends a page at 1 MB, which is fewer of our entries and heads; a local engine only here. What is read must be gone before the next
 * of it comes, else it fills the memory (measured).
 */
export const PAGE = 1_000;

export interface Page {
  readonly segment: number;
  readonly items: readonly Attributes[];
  /** Wanted or not. */
  readonly scanned: number;
}

/** A whole table, page by page as they come. No segment is read further ahead than a page: what is not taken is not asked for. */
export async function* scan(
  { client }: Pick<Tables, 'client'>,
  input: ScanCommandInput & { readonly TableName: string },
): AsyncIterable<Page> {
  const { bytes } = await extentOf({ client }, input.TableName);
  const segments = Math.min(MOST_SEGMENTS, Math.ceil(bytes / SEGMENT_BYTES) || 1);
  const coming = new Map<number, Promise<Page & { readonly last: Attributes | undefined }>>();
  for (let segment = 0; segment < segments; segment += 1) ask(segment, undefined);
  while (coming.size > 0) {
    const page = await Promise.race(coming.values());
    coming.delete(page.segment);
    if (page.last !== undefined) ask(page.segment, page.last);
    yield page;
  }

  function ask(segment: number, from: Attributes | undefined): void {
    const page = read(segment, from);
    // Its turn to be awaited may never come, if another fails: that one is thrown, and not this as unhandled.
    page.catch(() => undefined);
    coming.set(segment, page);
  }

  async function read(segment: number, ExclusiveStartKey: Attributes | undefined) {
    const {
      Items = [],
      ScannedCount = 0,
      LastEvaluatedKey: last,
    }: ScanCommandOutput = await client.send(
      new ScanCommand({
        ...input,
        ...{ ExclusiveStartKey, Limit: PAGE },
        ...(segments > 1 && { Segment: segment, TotalSegments: segments }),
      }),
    );
    return { segment, items: Items, scanned: ScannedCount, last };
  }
}

export async function extentOf(
  { client }: Pick<Tables, 'client'>,
  TableName: string,
): Promise<Extent> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return { items: Table?.ItemCount ?? 0, bytes: Table?.TableSizeBytes ?? 0 };
}
