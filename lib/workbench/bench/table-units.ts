import { callAws } from '../cloud/client.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { AUDIT_TABLE, WATCH_TABLE } from '../../stacks/watcher/table-shapes.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import type { LoggedCall } from './call-log.ts';
import { itemBytes, type Item } from './item-size.ts';

/** The units in which on-demand tables are billed. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

const NO_UNITS: Units = { read: 0, write: 0 };

interface Addressed {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
}

interface Transaction {
  readonly TransactItems: readonly Readonly<Record<string, Addressed>>[];
}

/**
 * The units of one call, from the current sizes of its items. A read unit is 4 KB, half as much if the read need not be consistent. A
 * write unit is 1 KB, twice in a transaction (developer guide, "DynamoDB on-demand capacity mode"), and once more for each index that
 * holds the item.
 */
export async function unitsOf({ operation, body }: LoggedCall, cloud: Cloud): Promise<Units> {
  const input = JSON.parse(body) as Addressed & Transaction;
  switch (operation) {
    case 'GetItem':
      return {
        read: readUnits(itemBytes(await itemAt(input, cloud)), input.ConsistentRead),
        write: 0,
      };
    case 'Query': {
      const { Items: items = [] } = await ask(cloud, 'Query', input);
      const bytes = (items as Item[]).reduce((sum, each) => sum + itemBytes(each), 0);
      return { read: readUnits(bytes, input.ConsistentRead), write: 0 };
    }
    case 'PutItem':
    case 'UpdateItem':
      return { read: 0, write: await written(input, 1, cloud) };
    case 'TransactWriteItems': {
      let write = 0;
      for (const [each] of input.TransactItems.map((action) => Object.values(action)))
        if (each !== undefined) write += await written(each, 2, cloud);
      return { read: 0, write };
    }
    default:
      throw new Error(`units of dynamodb:${operation} are not known here: add them`);
  }
}

/** The units of a write. A condition alone costs as much; an item that was deleted meanwhile counts as the smallest item. */
async function written(of: Addressed, times: number, cloud: Cloud): Promise<number> {
  const item = of.Item ?? (await itemAt(of, cloud));
  const units = Math.max(1, Math.ceil(itemBytes(item) / 1024));
  return units * (times + indexesHolding(item));
}

/** The number of sparse indexes with this item. Each counts as if it held the whole item and every write changed it: never too little. */
function indexesHolding(item: Item): number {
  const shape = 'contract' in item && 'entry' in item ? AUDIT_TABLE : WATCH_TABLE;
  const global = shape.indexes.filter(({ partition, sort }) => partition in item && sort in item);
  return global.length + shape.localIndexes.filter(({ sort }) => sort in item).length;
}

async function itemAt({ TableName, Key }: Addressed, cloud: Cloud): Promise<Item> {
  const { Item: found = {} } = await ask(cloud, 'GetItem', { TableName, Key });
  return found as Item;
}

function ask(cloud: Cloud, operation: string, question: object) {
  return callAws(cloud, cloud.keys(SELLER_ACCOUNT), 'dynamodb', operation, question);
}

function readUnits(bytes: number, consistent = false): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

export async function sumOfUnits(calls: readonly LoggedCall[], cloud: Cloud): Promise<Units> {
  let sum = NO_UNITS;
  for (const call of calls) {
    const { read, write } = await unitsOf(call, cloud);
    sum = { read: sum.read + read, write: sum.write + write };
  }
  return sum;
}
