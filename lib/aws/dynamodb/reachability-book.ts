import type { ReachabilityBook } from '../../domain/ports.ts';
import { readReachability, storeReachability } from '../../messages/stored-reachability.ts';
import { reachabilityKey } from './keys.ts';
import { allEqual, get, onlyIf, type Tables, transact } from './table-access.ts';

export function dynamoDbReachabilityBook(tables: Tables): ReachabilityBook {
  return {
    find: async (buyerAccountId) => {
      const stored = await get(tables, tables.watch, reachabilityKey(buyerAccountId));
      return stored && readReachability(stored);
    },

    // A transaction of one: that command is in every bundle already.
    put: (found, previous) => {
      const { buyerAccountId } = found;
      const put = {
        TableName: tables.watch,
        Item: { ...reachabilityKey(buyerAccountId), ...storeReachability(found) },
        ...onlyIf(
          allEqual(
            previous === undefined ? { buyer: undefined } : storeReachability(previous),
            'was',
          ),
        ),
      };
      const doing = `writing whether notices reach buyer ${buyerAccountId}`;
      return transact(tables, [{ Put: put }], doing);
    },
  };
}
