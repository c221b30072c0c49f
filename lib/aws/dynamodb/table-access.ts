import { cleanText } from '../../domain/outside-text.ts';
import type { TellUnreadable } from '../../domain/ports.ts';
import { epochMilliseconds, type Instant } from '../../domain/time.ts';
import { WATCH_INDEXES } from '../../messages/names.ts';
import { StoredShapeError } from '../../messages/stored.ts';
import { AwsError } from '../signed-call.ts';
import type { Attributes, DocumentCall } from './documents.ts';
import type { EntryKey, WatchKey } from './keys.ts';

export type { Attributes };

/** The names of the two tables, and the calls that reach them. */
export interface Tables {
  readonly call: DocumentCall;
  readonly watch: string;
  readonly audit: string;
  /** Absent: a list that has an item that cannot be read throws. */
  readonly unreadable?: TellUnreadable | undefined;
}

export interface TableNames {
  readonly watchTableName: string;
  /** Left out by start-sweep, whose role cannot reach the audit table: a call that needs it fails with the name that says so. */
  readonly auditTableName?: string;
}

export function tablesOf(
  call: DocumentCall,
  { watchTableName, auditTableName = 'the-audit-table-is-not-reachable-from-here' }: TableNames,
  unreadable?: TellUnreadable,
): Tables {
  return { call, watch: watchTableName, audit: auditTableName, unreadable };
}

/** As the value of an attribute in a condition: it exists, whatever it is. */
export const PRESENT = Symbol('present');

/** The condition that an item still has these values; undefined: that it has no such attribute. */
export function onlyIf(still: Attributes) {
  const { text, names, values } = conditionOf(still);
  return { ConditionExpression: text, ...standingIn(names, values) };
}

/**
 * `SET` of everything that has a value and `REMOVE` of what is undefined, under a condition or none, as both UpdateItem and a transaction
 * take it.
 */
export function updating(change: Attributes, still: Attributes = {}) {
  const names = Object.keys(change);
  const set = names.filter((name) => change[name] !== undefined);
  const remove = names.filter((name) => change[name] === undefined);
  const text = [
    ...(set.length > 0 ? [`SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  const condition = conditionOf(still);
  return {
    UpdateExpression: text.join(' '),
    ...(condition.text !== '' && { ConditionExpression: condition.text }),
    ...standingIn(
      { ...Object.fromEntries(names.map((name) => [`#${name}`, name])), ...condition.names },
      { ...Object.fromEntries(set.map((name) => [`:${name}`, change[name]])), ...condition.values },
    ),
  };
}

/** A whole item, as a transaction puts it. */
export function putting(TableName: string, Item: Attributes, still: Attributes): TransactItem {
  return { Put: { TableName, Item, ...onlyIf(still) } };
}

/** Some attributes of an item, as a transaction changes them. */
export function changing(
  TableName: string,
  Key: WatchKey,
  change: Attributes,
  still?: Attributes,
): TransactItem & { Update: object } {
  return { Update: { TableName, Key, ...updating(change, still) } };
}

/** When DynamoDB is to delete an item, in epoch seconds: `kept` milliseconds after `at`. */
export function expiryOf(at: Instant, kept = 0): number {
  return Math.floor((epochMilliseconds(at) + kept) / 1_000);
}

/** The names of a condition differ from those of a change beside it. */
function conditionOf(still: Attributes) {
  const all = Object.entries(still);
  const values = all.filter(([, value]) => value !== undefined && value !== PRESENT);
  const parts = all.map(([name, value]) =>
    value === undefined
      ? `attribute_not_exists(#was${name})`
      : value === PRESENT
        ? `attribute_exists(#was${name})`
        : `#was${name} = :was${name}`,
  );
  return {
    text: parts.join(' AND '),
    names: Object.fromEntries(all.map(([name]) => [`#was${name}`, name])),
    values: Object.fromEntries(values.map(([name, value]) => [`:was${name}`, value])),
  };
}

/** Names always stand in for themselves: half of ours are reserved words of DynamoDB. */
function standingIn(names: Readonly<Record<string, string>>, values: Attributes) {
  return {
    ExpressionAttributeNames: names,
    // Absent, not empty: DynamoDB refuses an empty map.
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

/** A strongly consistent read of one item. */
export async function get(
  { call }: Tables,
  table: string,
  key: WatchKey | EntryKey,
): Promise<Attributes | undefined> {
  const { Item } = await call('GetItem', { TableName: table, Key: key, ConsistentRead: true });
  return Item;
}

/** The members of Query that we use. */
export interface TableQuery {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues: Attributes;
  readonly ProjectionExpression?: string;
  readonly ScanIndexForward?: boolean;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
}

/** All items of a query, page by page as the reader asks for them. */
export async function* query({ call }: Tables, input: TableQuery): AsyncIterable<Attributes> {
  let page: Attributes | undefined;
  do {
    const answer = await call('Query', { ...input, ExclusiveStartKey: page });
    yield* answer.Items ?? [];
    page = answer.LastEvaluatedKey;
  } while (page !== undefined);
}

/** Reads one part of the index of what is due; the index may lag. */
export function dueItems(tables: Tables, due: string): AsyncIterable<Attributes> {
  return query(tables, {
    TableName: tables.watch,
    IndexName: WATCH_INDEXES.dueNotices,
    KeyConditionExpression: '#due = :due',
    ExpressionAttributeNames: { '#due': 'due' },
    ExpressionAttributeValues: { ':due': due },
  });
}

/** Undefined: the item cannot be read, and `unreadable` was told. Throws if there is nobody to tell. */
export function readable<Read>(
  row: Attributes,
  read: (row: Attributes) => Read,
  unreadable: TellUnreadable | undefined,
): Read | undefined {
  try {
    return read(row);
  } catch (error) {
    if (unreadable === undefined || !(error instanceof StoredShapeError)) throw error;
    const { buyer, record } = row;
    unreadable({
      buyer: String(buyer),
      record: String(record),
      problem: cleanText(error.message, 600),
    });
    return undefined;
  }
}

/** The items of a list that can be read. */
export async function* eachReadable<Read>(
  { unreadable }: Pick<Tables, 'unreadable'>,
  rows: AsyncIterable<Attributes>,
  read: (row: Attributes) => Read,
): AsyncIterable<Read> {
  for await (const row of rows) {
    const item = readable(row, read, unreadable);
    if (item !== undefined) yield item;
  }
}

/** One write of a transaction, or a condition. */
export type TransactItem = Partial<
  Readonly<
    Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', Readonly<Record<string, unknown>>>
  >
>;

/** Names of errors, and codes of a transaction's reasons, that mean that another writer was first. */
const LOST_RACES = new Set([
  'ConditionalCheckFailed',
  'ConditionalCheckFailedException',
  'TransactionConflict',
  'TransactionConflictException',
]);

/** Writes all or nothing. False: a condition did not hold or another transaction was under way. Any other error is thrown. */
export async function transact(
  { call }: Tables,
  items: readonly TransactItem[],
  doing: string,
): Promise<boolean> {
  // DynamoDB takes no more in one transaction. A decision has a handful.
  if (items.length > 100)
    throw new Error(`${doing}: ${items.length} writes in one transaction, allowed are 100`);
  return succeeded(() => call('TransactWriteItems', { TransactItems: items }), doing);
}

/** True: written. False: a race was lost. Any other error is thrown with `doing` in its message. */
export async function succeeded(write: () => Promise<unknown>, doing: string): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isLostRace(error)) return false;
    throw new Error(
      `${doing}: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'}`,
      {
        cause: error,
      },
    );
  }
}

interface Canceled {
  readonly CancellationReasons?: readonly { readonly Code?: string }[];
}

function isLostRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name !== 'TransactionCanceledException') return LOST_RACES.has(error.name);
  const { CancellationReasons: reasons = [] }: Canceled =
    error instanceof AwsError ? error.members : {};
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => LOST_RACES.has(code));
}
