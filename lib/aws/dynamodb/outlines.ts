import type { Instant } from '../../domain/time.ts';
import { AUDIT_INDEXES } from '../../messages/names.ts';
import { OUTLINE_ATTRIBUTES, readOutline } from '../../messages/stored-outline.ts';
import { monthsBetween } from './keys.ts';
import { pagesOf } from './scan.ts';
import type { Attributes, Tables } from './table-access.ts';
import type { Outlined, PipelineReading } from '../../domain/ports.ts';

/** Months read side by side: one after the other, the pages of two years of 10,000 buyers would be 400 waits in a row. */
const MONTHS = 8;

export function entryOutlines(tables: Tables): PipelineReading['outlines'] {
  return async function* (productId, since, until) {
    const rows = observedRows(tables, productId, since, until, MONTHS, OUTLINE_ATTRIBUTES);
    for await (const row of rows) yield outlined(row);
  };
}

/** Oldest first if `width` is 1. `attributes`: only these; if empty, all. */
export async function* observedRows(
  tables: Tables,
  productId: string,
  since: Instant,
  until: Instant,
  width = 1,
  attributes: readonly string[] = [],
): AsyncIterable<Attributes> {
  const months = Array.from(monthsBetween(since, until), (month) => ({
    TableName: tables.audit,
    IndexName: AUDIT_INDEXES.byProductAndMonth,
    KeyConditionExpression: '#productMonth = :month AND #observedAt BETWEEN :since AND :until',
    ExpressionAttributeNames: namesOf(['productMonth', 'observedAt', ...attributes]),
    ExpressionAttributeValues: {
      ':month': `${productId}#${month}`,
      ':since': since,
      ':until': until,
    },
    ...(attributes.length > 0 && {
      ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    }),
  }));
  // BETWEEN includes both ends, and a key may have only one condition.
  for await (const { items } of pagesOf(tables, months, width))
    for (const row of items) if (row['observedAt'] !== until) yield row;
}

/** Names always stand in for themselves: half of ours are reserved words of DynamoDB. */
export function namesOf(attributes: readonly string[]): Record<string, string> {
  return Object.fromEntries(attributes.map((name) => [`#${name}`, name]));
}

function outlined(row: Attributes): Outlined {
  try {
    return { kind: 'outline', outline: readOutline(row) };
  } catch (error) {
    return unreadable(row, error);
  }
}

export function unreadable(row: Attributes, error: unknown) {
  const problem = error instanceof Error ? error.message : String(error);
  const [contract, key] = [String(row['contract']), String(row['entry'])];
  return { kind: 'unreadable', contract, key, problem } as const;
}
