import type { WatchedContract } from '../../domain/check/steady.ts';
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Buyer, Registration } from '../../domain/registration/buyer.ts';
import { contractKey } from '../../domain/license/contract.ts';
import { enrolsUntil, withoutEnrolment } from '../../domain/registration/enrolment.ts';
import type { BuyerBook, WatchedBuyer, EnrolmentBook } from '../../domain/ports.ts';
import { epochMilliseconds, HOUR, type Instant } from '../../domain/time.ts';
import { WATCH_INDEXES } from '../../messages/names.ts';
import {
  readBuyer,
  storeBuyer,
  COUNTED,
  enrolmentsAttributes,
  enrolmentsKey,
} from '../../messages/stored-buyer.ts';
import {
  allEqual,
  type Expression,
  get,
  query,
  type Attributes,
  type Tables,
  transact,
  succeeded,
  setting,
} from './table-access.ts';
import { ACTIVE_SHARDS, activeShard, headKey, PROFILE, profileKey, unrecordedKey } from './keys.ts';

export function dynamoDbBuyerBook(tables: Tables): BuyerBook {
  return {
    find: async (buyerAccountId) => {
      const stored = await get(tables, tables.watch, profileKey(buyerAccountId));
      return stored && readBuyer(stored);
    },

    // A scan, because invitations are in no index: for people at a command line, never for a sweep.
    async *list() {
      let page: Attributes | undefined;
      do {
        const answer = await tables.client.send(
          new ScanCommand({
            TableName: tables.watch,
            FilterExpression: '#record = :profile',
            ExpressionAttributeNames: { '#record': 'record' },
            ExpressionAttributeValues: { ':profile': PROFILE },
            ExclusiveStartKey: page,
          }),
        );
        for (const stored of answer.Items ?? []) yield readBuyer(stored);
        page = answer.LastEvaluatedKey;
      } while (page !== undefined);
    },

    async *active() {
      for (const shard of ACTIVE_SHARDS) yield* activeOf(shard);
    },

    put: (buyer, previous) => {
      const active = buyer.status === 'active' && buyer.registration !== null;
      const condition = isStill(previous);
      return succeeded(
        () =>
          tables.client.send(
            new PutCommand({
              TableName: tables.watch,
              Item: {
                ...profileKey(buyer.buyerAccountId),
                ...storeBuyer(buyer),
                ...(active ? { activeShard: activeShard(buyer.buyerAccountId) } : {}),
                ...expiry(buyer),
              },
              ConditionExpression: condition.text,
              ExpressionAttributeNames: { ...condition.names },
              // Absent, not empty: DynamoDB refuses an empty map.
              ...(previous === undefined
                ? {}
                : { ExpressionAttributeValues: { ...condition.values } }),
            }),
          ),
        `writing the profile of buyer ${buyer.buyerAccountId}`,
      );
    },

    // A transaction of one: that command is in every bundle already, and DeleteItem in none.
    remove: (buyer) => {
      const condition = isStill(buyer);
      const removal = {
        TableName: tables.watch,
        Key: profileKey(buyer.buyerAccountId),
        ConditionExpression: condition.text,
        ExpressionAttributeNames: { ...condition.names },
        ExpressionAttributeValues: { ...condition.values },
      };
      return transact(
        tables,
        [{ Delete: removal }],
        `removing the profile of buyer ${buyer.buyerAccountId}`,
      );
    },
  };

  /** Profiles and heads of a shard come sorted by buyer, in no order within one. */
  async function* activeOf(shard: string): AsyncIterable<WatchedBuyer> {
    let group: Attributes[] = [];
    const rows = query(tables, {
      TableName: tables.watch,
      IndexName: WATCH_INDEXES.activeBuyers,
      KeyConditionExpression: '#activeShard = :shard',
      ExpressionAttributeNames: { '#activeShard': 'activeShard' },
      ExpressionAttributeValues: { ':shard': shard },
    });
    for await (const row of rows) {
      if (group.length > 0 && group[0]?.['buyer'] !== row['buyer']) {
        yield* watched(group);
        group = [];
      }
      group.push(row);
    }
    yield* watched(group);
  }
}

/** Undefined: that there is no profile. */
function isStill(previous: Buyer | undefined): Expression {
  const { buyer, ...rest } = previous === undefined ? { buyer: undefined } : storeBuyer(previous);
  return allEqual({ buyer, ...rest }, 'was');
}

/** DynamoDB clears away what register-buyer, who does it first, could not: in epoch seconds. */
function expiry(buyer: Buyer): Attributes {
  const until = enrolsUntil(buyer);
  if (until === null || withoutEnrolment(buyer) !== undefined) return {};
  return { expiresAt: Math.floor((epochMilliseconds(until) + HOUR) / 1_000) };
}

/** None where the profile is gone: the heads of a buyer who left stay until their watch has ended. */
function watched(rows: readonly Attributes[]): WatchedBuyer[] {
  const profile = rows.find(({ record }) => record === PROFILE);
  if (profile === undefined) return [];
  const buyer = readBuyer(profile);
  if (!isRegistered(buyer)) return [];
  const of = new Map(rows.map((row) => [String(row['record']), row]));
  const contracts = buyer.productIds.map((productId) => {
    const key = contractKey(buyer.buyerAccountId, productId);
    const known = contract(productId, of.get(headKey(key).record));
    return of.has(unrecordedKey(key).record) ? { ...known, unrecorded: true as const } : known;
  });
  return [{ buyer, contracts }];
}

function contract(productId: string, head: Attributes | undefined): WatchedContract {
  return {
    productId,
    digest: typeof head?.['digest'] === 'string' ? head['digest'] : null,
    nextDue: typeof head?.['nextDue'] === 'string' ? (head['nextDue'] as Instant) : null,
  };
}

function isRegistered(buyer: Buyer): buyer is Buyer & { registration: Registration } {
  return buyer.registration !== null;
}

export function dynamoDbEnrolmentBook(tables: Tables): EnrolmentBook {
  return {
    count: async (step, buyerAccountId, most, now) => {
      if (most === 0) return false;
      const change = setting(enrolmentsAttributes(now));
      return succeeded(
        () =>
          tables.client.send(
            new UpdateCommand({
              TableName: tables.watch,
              Key: enrolmentsKey(step, now),
              UpdateExpression: `${change.text} ADD #counted :account`,
              ConditionExpression: `attribute_not_exists(#counted) OR size(#counted) < :most OR contains(#counted, :one)`,
              ExpressionAttributeNames: { ...change.names, '#counted': COUNTED },
              ExpressionAttributeValues: {
                ...change.values,
                ':account': new Set([buyerAccountId]),
                ':one': buyerAccountId,
                ':most': most,
              },
            }),
          ),
        `counting the enrolment of ${buyerAccountId}`,
      );
    },
  };
}
