import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { worstOf } from '../../domain/fleet.ts';
import type { TickBook } from '../../domain/ports.ts';
import { DAY, epochMilliseconds, type Instant } from '../../domain/time.ts';
import { readSweep, sweepAttributes, sweepKey, SWEEPS } from '../../schemas/stored-sweep.ts';
import { allEqual, setting, updating } from './expressions.ts';
import { query } from './reads.ts';
import type { Attributes, Tables } from './tables.ts';
import { won } from './writes.ts';

/** For how long a mark stays readable for whoever wonders how the last days' sweeps went. */
const KEPT = 7 * DAY;

export function dynamoDbTickBook(tables: Tables): TickBook {
  return {
    startSweep: async (tick, buyers) => {
      const change = setting({ ...attributes(tick), buyers });
      await tables.client.send(
        new UpdateCommand({
          TableName: tables.watch,
          Key: key(tick),
          UpdateExpression: change.text,
          ExpressionAttributeNames: { ...change.names },
          ExpressionAttributeValues: { ...change.values },
        }),
      );
    },

    lastSweep: async () => {
      for await (const row of newestFirst()) {
        // A check or a digest may have marked a tick before its sweep did.
        if (row['buyers'] === undefined) continue;
        const { tick, buyers } = readSweep(row);
        return { tick, buyers };
      }
      return undefined;
    },

    claimDigest: (tick) =>
      won(
        () =>
          tables.client.send(
            new UpdateCommand({
              TableName: tables.watch,
              Key: key(tick),
              ...updating(
                setting({ ...attributes(tick), digestClaimed: true }),
                allEqual({ digestClaimed: undefined }, 'was'),
              ),
            }),
          ),
        `claiming the digest of ${tick}`,
      ),

    countFailure: async (tick) => {
      const change = setting(attributes(tick));
      await tables.client.send(
        new UpdateCommand({
          TableName: tables.watch,
          Key: key(tick),
          UpdateExpression: `${change.text} ADD #failed :one`,
          ExpressionAttributeNames: { ...change.names, '#failed': 'failed' },
          ExpressionAttributeValues: { ...change.values, ':one': 1 },
        }),
      );
      const recent = [];
      for await (const row of newestFirst(tick, 3)) {
        const { buyers, failed } = readSweep(row);
        recent.push({ checks: buyers, failed });
        if (recent.length === 3) break;
      }
      return worstOf(recent);
    },
  };

  /** Marks from `until` down, read in pages of `limit`. */
  function newestFirst(until = '9', limit = 10): AsyncIterable<Attributes> {
    return query(tables, {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :sweeps AND #record BETWEEN :first AND :last',
      ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record' },
      ExpressionAttributeValues: { ':sweeps': SWEEPS, ':first': 'tick#', ':last': `tick#${until}` },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    });
  }
}

function key(tick: Instant): { buyer: string; record: string } {
  return { buyer: SWEEPS, record: sweepKey(tick) };
}

function attributes(tick: Instant): Attributes {
  return sweepAttributes(tick, Math.floor((epochMilliseconds(tick) + KEPT) / 1_000));
}
