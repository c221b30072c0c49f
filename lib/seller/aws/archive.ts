import { isDeepStrictEqual } from 'node:util';
import type { Archive, ContractRegister, Filed } from '../ledger/archive.ts';
import {
  entryKey,
  readEntry,
  readFact,
  storeEntry,
  storeFact,
} from '../../messages/stored-entry.ts';
import { quoted } from '../../domain/outside-text.ts';
import type { TellUnreadable } from '../../domain/ports.ts';
import { sideBySide } from '../../domain/side-by-side.ts';
import { type ContractKey, contractOf, STANDINGS } from '../../domain/license/contract.ts';
import { type Instant, MINUTE, plus } from '../../domain/time.ts';
import { entryOutlines, namesOf, observedRows, unreadable } from '../../aws/dynamodb/by-month.ts';
import { extentOf, scan } from '../../aws/dynamodb/scan.ts';
import type { DocumentCall } from '../../aws/dynamodb/documents.ts';
import {
  query,
  type Attributes,
  type TableNames,
  type Tables,
  tablesOf,
} from '../../aws/dynamodb/table-access.ts';
import { dynamoDbContractRegister } from './contract-register.ts';

function dynamoDbArchive(tables: Tables): Archive {
  return {
    async *contract(contract, { from = 0, to = 99_999_999 } = {}) {
      const rows = query(tables, {
        TableName: tables.audit,
        KeyConditionExpression: '#contract = :contract AND #entry BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#contract': 'contract', '#entry': 'entry' },
        // The facts of an entry sort after it and before this key.
        ExpressionAttributeValues: {
          ':contract': contract,
          ':first': entryKey(from),
          ':last': `${entryKey(to)}#~`,
        },
        ConsistentRead: true,
      });
      for await (const row of rows) yield filed(row);
    },

    async *observed(productId, since, until) {
      for await (const row of observedRows(tables, productId, since, until)) yield filed(row);
    },

    outlines: entryOutlines(tables),

    standings: async (entries) => {
      const found = new Map<string, unknown>();
      const keys = entries.map(({ contract, entry }) => ({ contract, entry: entryKey(entry) }));
      await sideBySide(inBatches(keys, BATCH), BATCHES, async (batch) => {
        let asked: readonly Attributes[] = batch;
        while (asked.length > 0) {
          const { Responses, UnprocessedKeys } = await tables.call('BatchGetItem', {
            RequestItems: {
              [tables.audit]: {
                Keys: asked,
                ProjectionExpression: '#contract, #entry, #standing',
                ExpressionAttributeNames: namesOf(['contract', 'entry', 'standing']),
              },
            },
          });
          for (const row of Responses?.[tables.audit] ?? []) found.set(keyOf(row), row['standing']);
          asked = UnprocessedKeys?.[tables.audit]?.Keys ?? [];
        }
      });
      return keys.map((key) => STANDINGS.find((each) => each === found.get(keyOf(key))));
    },

    async *everything({ since = null, productIds, scanned } = {}) {
      // For each segment, the entry whose facts may continue on the next page: segments have whole ledgers, each in order.
      const open = new Map<number, readonly Attributes[]>();
      for await (const page of scan(tables, {
        TableName: tables.audit,
        ...chosen(since, productIds),
      })) {
        scanned?.(page.scanned);
        const rows = [...(open.get(page.of) ?? []), ...page.items];
        const last = Math.max(
          0,
          rows.findLastIndex((row) => !isOfFact(row)),
        );
        open.set(page.of, rows.slice(last));
        yield* wanted(rows.slice(0, last), since, productIds);
      }
      for (const rows of open.values()) yield* wanted(rows, since, productIds);
    },

    extent: () => extentOf(tables, tables.audit),
  };
}

/** The most items that BatchGetItem takes, and how many calls run at once. */
const BATCH = 100;
const BATCHES = 8;

function* inBatches<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

function keyOf(row: Attributes): string {
  return `${String(row['contract'])} ${String(row['entry'])}`;
}

/** A fact is written after its entry, but another clock dates it: it may seem this much earlier. */
const SKEW = 5 * MINUTE;

/** A filter as exact as DynamoDB allows; `wanted` is exact. */
function chosen(since: Instant | null, productIds: readonly string[] | undefined) {
  const conditions = [
    ...(since === null
      ? []
      : [
          '(attribute_not_exists(#observedAt) OR #observedAt >= :since)',
          '(attribute_not_exists(#at) OR #at >= :told)',
        ]),
    ...(productIds === undefined
      ? []
      : [`(${productIds.map((_, n) => `contains(#contract, :product${n})`).join(' OR ')})`]),
  ];
  if (conditions.length === 0) return {};
  const names = [
    ...(since === null ? [] : ['observedAt', 'at']),
    ...(productIds === undefined ? [] : ['contract']),
  ];
  return {
    FilterExpression: conditions.join(' AND '),
    ExpressionAttributeNames: namesOf(names),
    ExpressionAttributeValues: {
      ...(since !== null && { ':since': since, ':told': plus(since, -SKEW) }),
      ...Object.fromEntries((productIds ?? []).map((id, n) => [`:product${n}`, `#${id}`])),
    },
  };
}

/** Yields what is wanted from entries in order, each followed by its facts. A fact is wanted if the entry before it is. */
function* wanted(
  rows: readonly Attributes[],
  since: Instant | null,
  productIds: readonly string[] | undefined,
): Iterable<Filed> {
  let entry = '';
  for (const row of rows) {
    const [contract, key] = [String(row['contract']), String(row['entry'])];
    if (productIds?.includes(contractOf(contract as ContractKey).productId) === false) continue;
    const item = filed(row);
    const isFact = isOfFact(row);
    if (!isFact) entry = `${contract} ${key}`;
    const isIn =
      since === null ||
      item.kind === 'unreadable' ||
      !isFact ||
      entry === `${contract} ${key.slice(0, 8)}`;
    if (isIn) yield item;
  }
}

/**
 * Throws unless the item is what the watcher writes, to the last attribute. No hash covers the attributes by which an entry is found and
 * filtered, or added ones. Altering the former would hide the entry from every feed; the latter would be read as ours.
 */
function requireAsWritten(row: Attributes, written: Attributes): void {
  if (isDeepStrictEqual(row, written)) return;
  const names = new Set([...Object.keys(row), ...Object.keys(written)]);
  const wrong = [...names].filter((name) => !isDeepStrictEqual(row[name], written[name]));
  const said = wrong.map((name) =>
    name in written
      ? `${name} is ${quoted(row[name])}, by its content it is ${quoted(written[name])}`
      : `${quoted(name)} was added: ${quoted(row[name])}`,
  );
  throw new Error(`${String(row['entry'])} of ${String(row['contract'])}: ${said.join('; ')}`);
}

/** True for a fact, whose key continues after the number of its entry. */
function isOfFact(row: Attributes): boolean {
  return String(row['entry']).includes('#');
}

function filed(row: Attributes): Filed {
  try {
    if (isOfFact(row)) {
      const fact = readFact(row);
      requireAsWritten(row, storeFact(fact));
      return { kind: 'fact', fact };
    }
    const entry = readEntry(row);
    requireAsWritten(row, storeEntry(entry));
    return { kind: 'entry', entry };
  } catch (error) {
    return { ...unreadable(row, error), stored: row };
  }
}

/** Reads the two tables of a watcher stack for people. */
export function dynamoDbReading(
  call: DocumentCall,
  names: TableNames,
  unreadable?: TellUnreadable,
): { readonly archive: Archive; readonly register: ContractRegister } {
  const tables = tablesOf(call, names, unreadable);
  return { archive: dynamoDbArchive(tables), register: dynamoDbContractRegister(tables) };
}
