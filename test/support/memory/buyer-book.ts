import { isDeepStrictEqual } from 'node:util';
import type { Buyer, Registration } from '../../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import type { BuyerBook, WatchedBuyer } from '../../../lib/domain/ports.ts';
import type { MemoryTables } from './tables.ts';

export function memoryBuyerBook({ buyers, heads, unrecorded }: MemoryTables): BuyerBook {
  return {
    find: (buyerAccountId) => Promise.resolve(structuredClone(buyers.get(buyerAccountId))),

    async *list() {
      yield* await Promise.resolve([...buyers.values()].map((buyer) => structuredClone(buyer)));
    },

    async *active() {
      yield* await Promise.resolve([...buyers.values()].filter(isActive).map(watched));
    },

    put: (buyer, previous) => {
      if (!isDeepStrictEqual(buyers.get(buyer.buyerAccountId), previous))
        return Promise.resolve(false);
      buyers.set(buyer.buyerAccountId, structuredClone(buyer));
      return Promise.resolve(true);
    },

    remove: (buyer) => {
      const stands = isDeepStrictEqual(buyers.get(buyer.buyerAccountId), buyer);
      return Promise.resolve(stands && buyers.delete(buyer.buyerAccountId));
    },
  };

  function watched(buyer: WatchedBuyer['buyer']): WatchedBuyer {
    const contracts = buyer.productIds.map((productId) => {
      const key = contractKey(buyer.buyerAccountId, productId);
      const head = heads.get(key);
      return {
        productId,
        ...(head?.watchEnded === null
          ? { digest: head.digest, nextDue: head.nextDue }
          : { digest: null, nextDue: null }),
        ...(unrecorded.has(key) && { unrecorded: true as const }),
      };
    });
    return { buyer: structuredClone(buyer), contracts };
  }
}

function isActive(buyer: Buyer): buyer is Buyer & { registration: Registration } {
  return buyer.status === 'active' && buyer.registration !== null;
}
