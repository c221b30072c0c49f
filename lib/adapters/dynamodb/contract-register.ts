import type { ContractRegister } from '../../domain/archive.ts';
import { contractKey } from '../../domain/contract.ts';
import type { Head } from '../../domain/head.ts';
import type { Notice } from '../../domain/notice.ts';
import type { Instant } from '../../domain/time.ts';
import { WATCH_INDEXES } from '../../schemas/names.ts';
import { entryKey } from '../../schemas/stored-entry.ts';
import { readHead } from '../../schemas/stored-head.ts';
import { readNotice } from '../../schemas/stored-notice.ts';
import { HEAD, NOTICE, noticesKey, productOfHead } from './keys.ts';
import { monthsBetween } from './months.ts';
import { query } from './reads.ts';
import type { Attributes, Tables } from './tables.ts';

export function dynamoDbContractRegister(tables: Tables): ContractRegister {
  return {
    ofBuyer: async (buyerAccountId) => {
      const heads: Head[] = [];
      for await (const row of records(buyerAccountId, HEAD)) heads.push(readHead(row));
      return heads;
    },

    async *ending(from, until) {
      for (const month of monthsBetween(from, until)) {
        const rows = query(tables, {
          TableName: tables.watch,
          IndexName: WATCH_INDEXES.ends,
          KeyConditionExpression: '#endMonth = :month AND #end BETWEEN :from AND :until',
          ExpressionAttributeNames: { '#endMonth': 'endMonth', '#end': 'end' },
          ExpressionAttributeValues: { ':month': month, ':from': from, ':until': until },
        });
        for await (const row of rows) {
          const productId = productOfHead(String(row['record']));
          if (productId === undefined || row['end'] === until) continue;
          yield { contract: contractKey(String(row['buyer']), productId), end: row['end'] as Instant };
        }
      }
    },

    async *notices(buyerAccountId) {
      for await (const row of records(buyerAccountId, NOTICE)) yield readNotice(row);
    },

    async *noticesOf(contract, from = 0) {
      const { buyer, record } = noticesKey(contract);
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer AND #record BETWEEN :first AND :last',
        // By the contract, too: the product `a` must not show the notices of a product `a#1`.
        FilterExpression: '#contract = :contract',
        ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record', '#contract': 'contract' },
        ExpressionAttributeValues: {
          ':buyer': buyer,
          ':first': `${record}${entryKey(from)}`,
          ':last': `${record}${entryKey(99_999_999)}#~`,
          ':contract': contract,
        },
        ConsistentRead: true,
      });
      for await (const row of rows) yield readNotice(row);
    },

    recordsOf: async (buyerAccountId) => {
      const heads: Head[] = [];
      const notices: Notice[] = [];
      // One query for both: beside them the buyer's partition holds the profile alone.
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer',
        ExpressionAttributeNames: { '#buyer': 'buyer' },
        ExpressionAttributeValues: { ':buyer': buyerAccountId },
        ConsistentRead: true,
      });
      for await (const row of rows) {
        const record = String(row['record']);
        if (record.startsWith(HEAD)) heads.push(readHead(row));
        else if (record.startsWith(NOTICE)) notices.push(readNotice(row));
      }
      return { heads, notices };
    },
  };

  function records(buyerAccountId: string, kind: string): AsyncIterable<Attributes> {
    return query(tables, {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :buyer AND begins_with(#record, :kind)',
      ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record' },
      ExpressionAttributeValues: { ':buyer': buyerAccountId, ':kind': kind },
      ConsistentRead: true,
    });
  }
}
