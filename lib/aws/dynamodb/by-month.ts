import { contractKey } from '../../domain/license/contract.ts';
import type { Instant } from '../../domain/time.ts';
import { AUDIT_INDEXES, WATCH_INDEXES } from '../../messages/names.ts';
import { OUTLINE_ATTRIBUTES, readOutline } from '../../messages/stored-outline.ts';
import { productOf } from './keys.ts';
import { pagesOf } from './scan.ts';
import { type Attributes, query, type Tables } from './table-access.ts';
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

/** The contracts whose end lies in a span, from the index that keeps them by the month of their end. */
export function endingContracts(tables: Tables): PipelineReading['ending'] {
  return async function* (from, until) {
    for (const month of monthsBetween(from, until)) {
      const rows = query(tables, {
        TableName: tables.watch,
        IndexName: WATCH_INDEXES.ends,
        KeyConditionExpression: '#endMonth = :month AND #end BETWEEN :from AND :until',
        ExpressionAttributeNames: { '#endMonth': 'endMonth', '#end': 'end' },
        ExpressionAttributeValues: { ':month': month, ':from': from, ':until': until },
      });
      for await (const row of rows) {
        const productId = productOf('head', String(row['record']));
        if (productId === undefined || row['end'] === until) continue;
        const contract = contractKey(String(row['buyer']), productId);
        yield { contract, end: row['end'] as Instant };
      }
    }
  };
}

/** The months (`2027-02`), in UTC, that a span from `since` to just before `until` touches, oldest first. */
function monthsBetween(since: Instant, until: Instant): readonly string[] {
  const months: string[] = [];
  let [year, month] = [Number(since.slice(0, 4)), Number(since.slice(5, 7))];
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    // The first instant of a month, in the form of all instants, sorts after the month's name.
    if (since >= until || name >= until.slice(0, 10)) return months;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
