import type { Notice } from '../../domain/notice/notice.ts';
import type { DeliveryFact, NoticeBook } from '../../domain/ports.ts';
import { WATCH_INDEXES } from '../../messages/names.ts';
import { factKey, readFact, storeFact } from '../../messages/stored-entry.ts';
import { readNotice } from '../../messages/stored-notice.ts';
import { noticeKey, noticesKey } from './keys.ts';
import { bearing, settling } from './notice-writes.ts';
import { get, query } from './reads.ts';
import type { Tables } from './tables.ts';
import { transact, type TransactItem } from './writes.ts';

export function dynamoDbNoticeBook(tables: Tables): NoticeBook {
  return {
    find: async (key) => {
      const stored = await get(tables, tables.watch, noticeKey(key));
      return stored && readNotice(stored);
    },

    pending: async (contract) => {
      const { buyer, record } = noticesKey(contract);
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer AND begins_with(#record, :record)',
        // By the contract, too: the product `a` must not show the notices of a product `a#b`.
        FilterExpression: '#contract = :contract AND attribute_exists(#dueAudience)',
        ExpressionAttributeNames: {
          '#buyer': 'buyer',
          '#record': 'record',
          '#contract': 'contract',
          '#dueAudience': 'dueAudience',
        },
        ExpressionAttributeValues: { ':buyer': buyer, ':record': record, ':contract': contract },
        ConsistentRead: true,
      });
      const pending: Notice[] = [];
      for await (const row of rows) pending.push(readNotice(row));
      return pending;
    },

    async *due(audience, now) {
      const rows = query(tables, {
        TableName: tables.watch,
        IndexName: WATCH_INDEXES.dueNotices,
        KeyConditionExpression: '#dueAudience = :audience AND #notBefore <= :now',
        ExpressionAttributeNames: { '#dueAudience': 'dueAudience', '#notBefore': 'notBefore' },
        ExpressionAttributeValues: { ':audience': audience, ':now': now },
      });
      for await (const row of rows) yield readNotice(row);
    },

    settle: (notice, next, fact, born = null) =>
      transact(
        tables,
        [
          settling(tables, notice, next),
          ...(fact === null ? [] : [putFact(fact)]),
          ...(born === null ? [] : [bearing(tables, born)]),
        ],
        `settling the ${notice.audience}'s notice of entry ${notice.entry} of ${notice.contract}`,
      ),

    fact: async (key) => {
      const stored = await get(tables, tables.audit, {
        contract: key.contract,
        entry: factKey(key),
      });
      return stored && readFact(stored);
    },
  };

  function putFact(fact: DeliveryFact): TransactItem {
    return {
      Put: {
        TableName: tables.audit,
        Item: storeFact(fact),
        ConditionExpression: 'attribute_not_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      },
    };
  }
}
