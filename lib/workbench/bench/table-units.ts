import { callAws } from '../cloud/client.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { SELLER_ACCOUNT } from '../scenarios/participants.ts';
import type { LoggedCall } from './call-log.ts';
import { itemBytes, type Item } from './item-size.ts';

/** What on-demand tables are paid by. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

export const NO_UNITS: Units = { read: 0, write: 0 };

interface TableInput {
  readonly TableName: string;
  readonly Key?: object;
  readonly ConsistentRead?: boolean;
}

/**
 * The units of one call, from the sizes that its items have now: a read counts 4 KB, half as much where it need not be consistent; a write
 * 1 KB (developer guide, "DynamoDB on-demand capacity mode"). Index writes are left out: a steady check touches no index.
 */
export async function unitsOf({ operation, body }: LoggedCall, cloud: Cloud): Promise<Units> {
  const input = JSON.parse(body) as TableInput;
  const read = (name: string, question: object) =>
    callAws(cloud, cloud.keys(SELLER_ACCOUNT), 'dynamodb', name, question);
  const item = async (): Promise<number> => {
    const { Item: found = {} } = await read('GetItem', {
      TableName: input.TableName,
      Key: input.Key,
    });
    return itemBytes(found as Item);
  };
  switch (operation) {
    case 'GetItem':
      return { read: readUnits(await item(), input.ConsistentRead), write: 0 };
    case 'UpdateItem':
      return { read: 0, write: Math.max(1, Math.ceil((await item()) / 1024)) };
    case 'Query': {
      const { Items: items = [] } = await read('Query', input);
      const bytes = (items as Item[]).reduce((sum, each) => sum + itemBytes(each), 0);
      return { read: readUnits(bytes, input.ConsistentRead), write: 0 };
    }
    default:
      throw new Error(`a steady day was to be counted, yet it called dynamodb:${operation}`);
  }
}

function readUnits(bytes: number, consistent = false): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

export function plus(a: Units, b: Units): Units {
  return { read: a.read + b.read, write: a.write + b.write };
}
