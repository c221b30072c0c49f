import * as z from 'zod/mini';
import type { LastSeen } from '../../domain/check/last-seen.ts';
import { contractKey, type ContractKey } from '../../domain/license/contract.ts';
import type { LastSeenBook } from '../../domain/ports.ts';
import { type Buyer, watchedContracts } from '../../domain/registration/buyer.ts';
import { SHARDS } from '../../domain/registration/place.ts';
import type { Instant } from '../../domain/time.ts';
import { LAST_SEEN } from '../../messages/names.ts';
import { contractText, instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored } from '../../messages/stored.ts';
import { shardOfContract, type WatchKey } from './keys.ts';
import {
  type Attributes,
  changing,
  eachReadable,
  expiryOf,
  get,
  PRESENT,
  query,
  readable,
  succeeded,
  type Tables,
  type TransactItem,
  updating,
} from './table-access.ts';

const mark = z.optional(z.literal(true));

const storedLastSeen = z.object({
  /** The contract: the sort key. */
  record: contractText,
  since: instantText,
  at: z.optional(instantText),
  blind: mark,
  unrecorded: mark,
});

export function readLastSeen(stored: Attributes): LastSeen {
  const { record, since, at, blind, unrecorded } = parseStored(
    storedLastSeen,
    stored,
    `when ${String(stored['record'])} was last seen`,
  );
  return {
    contract: record,
    since,
    at: at ?? null,
    excused: unrecorded === true ? 'unrecorded' : blind === true ? 'blind' : null,
  };
}

/** The attributes that `readLastSeen` needs. */
const LAST_SEEN_ATTRIBUTES = [...Object.keys(storedLastSeen.shape), 'format'];

/** The attributes of a contract that is looked at from now on. */
export function beginningAt(now: string) {
  return { since: now, format: FORMAT };
}

/** Items of a page: small enough to hold a page of every shard in memory, large enough for few round trips. */
const PAGE = 500;

/** The only part that most Lambdas need. */
export function dynamoDbLastSeen(tables: Tables): Pick<LastSeenBook, 'of'> {
  return {
    of: async (contract) => {
      const stored = await get(tables, tables.watch, lastSeenKey(contract));
      return (stored?.['at'] as Instant | undefined) ?? null;
    },
  };
}

export function dynamoDbLastSeenBook(tables: Tables): LastSeenBook {
  return {
    ...dynamoDbLastSeen(tables),

    ofBuyer: async (buyerAccountId) => {
      const { buyer, record } = lastSeenKey(contractKey(buyerAccountId, ''));
      const found: LastSeen[] = [];
      const rows = query(tables, {
        TableName: tables.watch,
        KeyConditionExpression: '#buyer = :buyer AND begins_with(#record, :record)',
        FilterExpression: 'attribute_exists(#since)',
        ExpressionAttributeNames: { '#buyer': 'buyer', '#record': 'record', '#since': 'since' },
        ExpressionAttributeValues: { ':buyer': buyer, ':record': record },
        ConsistentRead: true,
      });
      for await (const each of eachReadable(tables, rows, readLastSeen)) found.push(each);
      return found;
    },

    // Once seen, the contract is no longer excused as blind.
    seen: (contract, at) =>
      succeeded(
        () =>
          tables.call('UpdateItem', {
            TableName: tables.watch,
            Key: lastSeenKey(contract),
            ...updating({ at, blind: undefined }, { since: PRESENT }),
          }),
        `writing that ${contract} was seen`,
      ),

    async *all() {
      const shards = Array.from({ length: SHARDS }, (_, shard) => lastSeenShard(shard));
      let pages = await Promise.all(shards.map((shard) => page(shard, undefined)));
      while (pages.length > 0) {
        // Requests the next pages before it reads these.
        const next = Promise.all(
          pages.flatMap(({ shard, last }) => (last === undefined ? [] : [page(shard, last)])),
        );
        next.catch(() => undefined);
        for (const { items } of pages) yield* items;
        pages = await next;
      }
    },
  };

  async function page(shard: string, from: Attributes | undefined) {
    const names = LAST_SEEN_ATTRIBUTES.map((name) => [`#${name}`, name] as const);
    const { Items = [], LastEvaluatedKey: last } = await tables.call('Query', {
      TableName: tables.watch,
      KeyConditionExpression: '#buyer = :shard',
      // An item without `since` is no longer looked at and waits to expire.
      FilterExpression: 'attribute_exists(#since)',
      ProjectionExpression: names.map(([alias]) => alias).join(', '),
      ExpressionAttributeNames: { ...Object.fromEntries(names), '#buyer': 'buyer' },
      ExpressionAttributeValues: { ':shard': shard },
      ExclusiveStartKey: from,
      Limit: PAGE,
    });
    const rows = Items.map((item) => ({ ...item, buyer: shard }));
    const items = rows.flatMap((row) => readable(row, readLastSeen, tables.unreadable) ?? []);
    return { shard, items, last };
  }
}

/**
 * Begins and ends the last-seen items of a profile's contracts when the profile changes. An item that ends leaves the table by its time to
 * live.
 */
export function beginAndEnd(
  { watch }: Tables,
  buyer: Buyer,
  previous: Buyer | undefined,
  now: Instant,
): readonly TransactItem[] {
  const [before, after] = [watchedContracts(previous), watchedContracts(buyer)];
  const begin = after.filter((contract) => !before.includes(contract));
  const end = before.filter((contract) => !after.includes(contract));
  return [
    ...begin.map((contract) => ({
      Put: { TableName: watch, Item: { ...lastSeenKey(contract), ...beginningAt(now) } },
    })),
    ...end.map((contract) =>
      changing(watch, lastSeenKey(contract), {
        ...{ since: undefined, at: undefined, blind: undefined, unrecorded: undefined },
        expiresAt: expiryOf(now),
      }),
    ),
  ];
}

/**
 * Has no condition, because it must not undo the record whose transaction it joins. If the watch of the contract has ended meanwhile, it
 * leaves an item without `since`, which nobody reads and the next beginning replaces.
 */
export function markLastSeen(
  { watch }: Tables,
  contract: ContractKey,
  marks: {
    readonly at?: Instant;
    readonly blind?: true | undefined;
    readonly unrecorded?: true | undefined;
  },
): TransactItem {
  return changing(watch, lastSeenKey(contract), { ...marks, format: FORMAT });
}

/** The key of when a contract was last seen: apart from the buyer's records, so that one query reads many. */
export function lastSeenKey(contract: ContractKey): WatchKey {
  return { buyer: lastSeenShard(shardOfContract(contract)), record: contract };
}

function lastSeenShard(shard: number): string {
  return `${LAST_SEEN}${shard}`;
}
