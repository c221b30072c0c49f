import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What was read from DynamoDB so far. */
export interface Reads {
  readonly calls: number;
  /** How many of these were scans, which read whatever there is. */
  readonly scans: number;
  readonly units: number;
}

const READING = /^(Query|Scan|GetItem|BatchGetItem)Command$/;

/** Has every read say what it takes, and counts that. */
export function countReads(client: DynamoDBClient): () => Reads {
  let [calls, scans, units] = [0, 0, 0];
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!READING.test(commandName)) return next(args);
        const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
        const result = await next({ ...args, input });
        const { ConsumedCapacity } = result.output as {
          ConsumedCapacity?: { CapacityUnits?: number };
        };
        calls += 1;
        if (commandName.startsWith('Scan')) scans += 1;
        units += ConsumedCapacity?.CapacityUnits ?? 0;
        return result;
      },
    { step: 'initialize', name: 'countReads' },
  );
  return () => ({ calls, scans, units });
}
