import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UsageBook } from '../../domain/ports.ts';
import { readUsage, storeUsage } from '../../messages/stored-usage.ts';
import { usageKey } from './keys.ts';
import { allEqual, setting, succeeded, type Tables, updating } from './table-access.ts';

export function dynamoDbUsageBook({ client, watch }: Tables): UsageBook {
  return {
    // Half the price of a consistent read: what is a moment old loses the race for its write, and the next hour has another.
    of: async (contract) => {
      const { Item } = await client.send(
        new GetCommand({ TableName: watch, Key: { ...usageKey(contract) } }),
      );
      return Item && readUsage(contract, Item);
    },

    // No transaction: that costs twice as much.
    put: (seen, previous) =>
      succeeded(
        () =>
          client.send(
            new UpdateCommand({
              TableName: watch,
              Key: usageKey(seen.contract),
              ...updating(setting(storeUsage(seen)), allEqual({ at: previous?.at }, 'was')),
            }),
          ),
        `writing what was seen in use of ${seen.contract}`,
      ),
  };
}
