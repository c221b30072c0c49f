import { isDeepStrictEqual } from 'node:util';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Archive, Filed, ContractRegister } from '../../domain/ledger/archive.ts';
import { AUDIT_INDEXES } from '../../messages/names.ts';
import {
  entryKey,
  readEntry,
  readFact,
  storeEntry,
  storeFact,
} from '../../messages/stored-entry.ts';
import { quoted } from '../../domain/outside-text.ts';
import { monthsBetween } from './keys.ts';
import { query, type Attributes, type Tables } from './table-access.ts';
import { dynamoDbContractRegister } from './contract-register.ts';

function dynamoDbArchive(tables: Tables): Archive {
  return {
    async *contract(contract, { from = 0, to = 99_999_999 } = {}) {
      const rows = query(tables, {
        TableName: tables.audit,
        KeyConditionExpression: '#contract = :contract AND #entry BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#contract': 'contract', '#entry': 'entry' },
        // The facts of an entry sort behind it, and before this.
        ExpressionAttributeValues: {
          ':contract': contract,
          ':first': entryKey(from),
          ':last': `${entryKey(to)}#~`,
        },
        ConsistentRead: true,
      });
      for await (const row of rows) yield filed(row);
    },

    async *facts(contract, entry) {
      const rows = query(tables, {
        TableName: tables.audit,
        KeyConditionExpression: '#contract = :contract AND begins_with(#entry, :facts)',
        ExpressionAttributeNames: { '#contract': 'contract', '#entry': 'entry' },
        ExpressionAttributeValues: { ':contract': contract, ':facts': `${entryKey(entry)}#` },
        ConsistentRead: true,
      });
      for await (const row of rows) yield filed(row);
    },

    async *observed(productId, since, until) {
      for (const month of monthsBetween(since, until)) {
        const rows = query(tables, {
          TableName: tables.audit,
          IndexName: AUDIT_INDEXES.byProductAndMonth,
          KeyConditionExpression: '#month = :month AND #observedAt BETWEEN :since AND :until',
          ExpressionAttributeNames: { '#month': 'productMonth', '#observedAt': 'observedAt' },
          ExpressionAttributeValues: {
            ':month': `${productId}#${month}`,
            ':since': since,
            ':until': until,
          },
        });
        // BETWEEN takes both ends in, and a key may have one condition only.
        for await (const row of rows) if (row['observedAt'] !== until) yield filed(row);
      }
    },

    async *everything() {
      let page: Attributes | undefined;
      do {
        const answer = await tables.client.send(
          new ScanCommand({ TableName: tables.audit, ExclusiveStartKey: page }),
        );
        for (const row of answer.Items ?? []) yield filed(row);
        page = answer.LastEvaluatedKey;
      } while (page !== undefined);
    },

    extent: async () => {
      const { Table } = await tables.client.send(
        new DescribeTableCommand({ TableName: tables.audit }),
      );
      return { items: Table?.ItemCount ?? 0, bytes: Table?.TableSizeBytes ?? 0 };
    },
  };
}

/**
 * The item is what the watcher writes, to the last attribute. No hash covers what an entry is found and filtered by, nor what
 * somebody added: whoever altered the one would hide the entry from every feed, and the other would be read as ours.
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

/** A fact's key goes on behind the number of its entry. */
function filed(row: Attributes): Filed {
  const key = String(row['entry']);
  try {
    if (key.includes('#')) {
      const fact = readFact(row);
      requireAsWritten(row, storeFact(fact));
      return { kind: 'fact', fact };
    }
    const entry = readEntry(row);
    requireAsWritten(row, storeEntry(entry));
    return { kind: 'entry', entry };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', contract: String(row['contract']), key, problem, stored: row };
  }
}

/** What people read of the two tables of a watcher stack. */
export function dynamoDbReading(
  client: DynamoDBClient,
  {
    watchTableName,
    auditTableName,
  }: { readonly watchTableName: string; readonly auditTableName: string },
): { readonly archive: Archive; readonly register: ContractRegister } {
  const tables: Tables = {
    client: DynamoDBDocumentClient.from(client),
    watch: watchTableName,
    audit: auditTableName,
  };
  return { archive: dynamoDbArchive(tables), register: dynamoDbContractRegister(tables) };
}
