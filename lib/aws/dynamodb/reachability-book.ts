import type { ReachabilityBook } from '../../domain/ports.ts';
import { readReachability, storeReachability } from '../../messages/stored-reachability.ts';
import { isUnconfirmed } from '../../domain/notice/reachability.ts';
import { waitingSince } from './buyer-book.ts';
import { reachabilityKey } from './keys.ts';
import { allEqual, get, onlyIf, type Tables, transact } from './table-access.ts';

/** The partition of the index in which those are whose addresses nobody ever confirmed. */
const UNCONFIRMED = 'unconfirmed';

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
        Item: {
          ...reachabilityKey(buyerAccountId),
          ...storeReachability(found),
          // Until the seller was told, once: then nothing of it is left in the index.
          ...(isUnconfirmed(found) && { activeShard: UNCONFIRMED, place: found.registeredAt }),
        },
        ...onlyIf(
          allEqual(
            previous === undefined
              ? { buyer: undefined }
              : { unconfirmedToldAt: undefined, ...storeReachability(previous) },
            'was',
          ),
        ),
      };
      const doing = `writing whether notices reach buyer ${buyerAccountId}`;
      return transact(tables, [{ Put: put }], doing);
    },

    unconfirmed: (registeredUntil) => waitingSince(tables, UNCONFIRMED, registeredUntil),
  };
}
