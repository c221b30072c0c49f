import { callAws } from '../cloud/client.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import { AUDIT_INDEXES, WATCH_INDEXES, WATCHER_OUTPUTS } from '../../messages/names.ts';
import type { BenchFixture } from './fixture.ts';
import { itemBytes, type Item } from './item-size.ts';

/** The average bytes of one buyer, in both tables and all their indexes. */
export async function measureStoredBytes(fixture: BenchFixture, buyers: number): Promise<number> {
  const watch = tableOf(fixture, WATCHER_OUTPUTS.watchTableName);
  const audit = tableOf(fixture, WATCHER_OUTPUTS.auditTableName);
  const all = await Promise.all([
    bytesOf(fixture, watch),
    ...Object.values(WATCH_INDEXES).map((index) => bytesOf(fixture, watch, index)),
    bytesOf(fixture, audit),
    ...Object.values(AUDIT_INDEXES).map((index) => bytesOf(fixture, audit, index)),
  ]);
  return all.reduce((sum, bytes) => sum + bytes, 0) / buyers;
}

async function bytesOf({ cloud }: BenchFixture, table: string, index?: string): Promise<number> {
  let [bytes, from]: [number, unknown] = [0, undefined];
  do {
    const page = await callAws(cloud, cloud.keys(SELLER_ACCOUNT), 'dynamodb', 'Scan', {
      TableName: table,
      ...(index === undefined ? {} : { IndexName: index }),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    bytes += (page['Items'] as Item[]).reduce((sum, item) => sum + itemBytes(item), 0);
    from = page['LastEvaluatedKey'];
  } while (from !== undefined);
  return bytes;
}

export function tableOf({ watcher }: BenchFixture, output: string): string {
  const name = watcher.outputs[output];
  if (name === undefined) throw new Error(`the watcher stack has no output ${output}`);
  return name;
}
