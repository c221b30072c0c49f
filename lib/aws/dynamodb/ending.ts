import type { PipelineReading } from '../../domain/ports.ts';
import { contractKey } from '../../domain/license/contract.ts';
import type { Instant } from '../../domain/time.ts';
import { WATCH_INDEXES } from '../../messages/names.ts';
import { monthsBetween, productOf } from './keys.ts';
import { query, type Tables } from './table-access.ts';

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
