import * as z from 'zod/mini';
import {
  ADDRESS_STATES,
  type BuyerReachability,
  awaitsConfirmation,
  REACHABILITIES,
} from '../../domain/notice/reachability.ts';
import type { ReachabilityBook } from '../../domain/ports.ts';
import { accountId, contractText, instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import { waitingSince } from './buyer-book.ts';
import { REACHABILITY } from './keys.ts';
import { type Attributes, get, putting, type Tables, transact } from './table-access.ts';

/** The partition of the index that holds the buyers whose addresses nobody ever confirmed. */
const UNCONFIRMED = 'unconfirmed';

export function dynamoDbReachabilityBook(tables: Tables): ReachabilityBook {
  return {
    find: async (buyerAccountId) => {
      const stored = await get(tables, tables.watch, {
        buyer: buyerAccountId,
        record: REACHABILITY,
      });
      return stored && readReachability(stored);
    },

    // A transaction of one: that command is in every bundle already.
    put: (found, previous) => {
      const item = {
        ...{ record: REACHABILITY, ...storeReachability(found) },
        // In the index until the seller is told, once.
        ...(awaitsConfirmation(found) && { activeShard: UNCONFIRMED, place: found.registeredAt }),
      };
      const was =
        previous === undefined
          ? { buyer: undefined }
          : { unconfirmedToldAt: undefined, ...storeReachability(previous) };
      const doing = `writing whether notices reach buyer ${found.buyerAccountId}`;
      return transact(tables, [putting(tables.watch, item, was)], doing);
    },

    unconfirmed: (registeredUntil) => waitingSince(tables, UNCONFIRMED, registeredUntil),
  };
}

const storedReachability = z.object({
  buyer: accountId,
  registeredAt: instantText,
  topicArn: z.string(),
  state: z.enum(REACHABILITIES),
  since: instantText,
  addresses: z.array(z.object({ address: z.string(), state: z.enum(ADDRESS_STATES) })),
  contract: z.nullable(contractText),
  unconfirmedToldAt: z.exactOptional(instantText),
});

/** The item's attributes, its account ID as `buyer`. */
export function storeReachability({ buyerAccountId, ...rest }: BuyerReachability) {
  return { buyer: buyerAccountId, format: FORMAT, ...rest };
}

export function readReachability(stored: Attributes): BuyerReachability {
  const what = `whether notices reach buyer ${String(stored['buyer'])}`;
  const { buyer, ...rest } = parseStored(storedReachability, stored, what);
  return { buyerAccountId: buyer, ...rest };
}
