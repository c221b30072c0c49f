import type { ContractRegister } from '../../domain/archive.ts';
import { contractKey } from '../../domain/contract.ts';
import type { Head } from '../../domain/head.ts';
import type { Instant } from '../../domain/time.ts';
import { WATCH_INDEXES } from '../../schemas/names.ts';
import { readHead } from '../../schemas/stored-head.ts';
import { readNotice } from '../../schemas/stored-notice.ts';
import { HEAD, NOTICE, productOfHead } from './keys.ts';
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
