import * as z from 'zod/mini';
import type { SeenUsage } from '../../domain/check/seen-usage.ts';
import type { ContractKey } from '../../domain/license/contract.ts';
import type { UsageBook } from '../../domain/ports.ts';
import { DAY } from '../../domain/time.ts';
import { dayText, instantText } from '../../messages/primitives.ts';
import { storedQuantity } from '../../messages/stored-entry.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import { recordKey } from './keys.ts';
import { type Attributes, expiryOf, succeeded, type Tables, updating } from './table-access.ts';

export function dynamoDbUsageBook({ call, watch }: Tables): UsageBook {
  return {
    // Costs half as much as a consistent read. A stale item loses the race for its write, and the next hour has another.
    of: async (contract) => {
      const { Item } = await call('GetItem', {
        TableName: watch,
        Key: recordKey('usage', contract),
      });
      return Item && readUsage(contract, Item);
    },

    // No transaction: that costs twice as much.
    put: (seen, previous) =>
      succeeded(
        () =>
          call('UpdateItem', {
            TableName: watch,
            Key: recordKey('usage', seen.contract),
            ...updating(storeUsage(seen), { at: previous?.at }),
          }),
        `writing what was seen in use of ${seen.contract}`,
      ),
  };
}

const storedSeenUsage = z.object({
  at: instantText,
  entitlements: z.array(
    z.object({
      name: z.string(),
      unit: z.string(),
      consumed: storedQuantity,
      maxCount: z.nullable(storedQuantity),
      maxSince: z.nullable(dayText),
      isPool: z.boolean(),
      from: dayText,
      peaks: z.array(z.nullable(storedQuantity)),
    }),
  ),
});

/** By then none of it is in the 90 days of a chart. */
const KEPT = 100 * DAY;

export function storeUsage({ at, entitlements }: SeenUsage) {
  return {
    format: FORMAT,
    at,
    entitlements,
    expiresAt: expiryOf(at, KEPT),
  };
}

export function readUsage(contract: ContractKey, stored: Attributes): SeenUsage {
  return {
    contract,
    ...parseStored(storedSeenUsage, stored, `what was seen in use of ${contract}`),
  };
}
