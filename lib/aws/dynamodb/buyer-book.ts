import * as z from 'zod/mini';
import type { Buyer, Registration, WatchedContract } from '../../domain/registration/buyer.ts';
import { contractKey } from '../../domain/license/contract.ts';
import { enrolsUntil, withoutEnrolment } from '../../domain/registration/enrolment.ts';
import type { BuyerBook, PlacedBuyer, EnrolmentBook } from '../../domain/ports.ts';
import { type PlaceRange, SHARDS, shardOf } from '../../domain/registration/place.ts';
import { instantText } from '../../messages/primitives.ts';
import { FORMAT, parseStored, StoredShapeError } from '../../messages/stored.ts';
import { cleanText } from '../../domain/outside-text.ts';
import { HOUR, type Instant } from '../../domain/time.ts';
import { SWEEPS, WATCH_INDEXES } from '../../messages/names.ts';
import {
  readBuyer,
  storeBuyer,
  COUNTED,
  enrolmentsAttributes,
  enrolmentsKey,
} from '../../messages/stored-buyer.ts';
import {
  expiryOf,
  get,
  putting,
  query,
  readable,
  type Attributes,
  type Tables,
  transact,
  succeeded,
  onlyIf,
  updating,
} from './table-access.ts';
import type { Answers } from './documents.ts';
import { beginAndEnd } from './last-seen-book.ts';
import { activeShard, placeKeys, PROFILE, recordKey } from './keys.ts';

/** The book without the list, which only the seller's commands read, and the count, which one Lambda reads. */
export function dynamoDbBuyerBook(tables: Tables): Omit<BuyerBook, 'list' | 'counted' | 'recount'> {
  return {
    find: async (buyerAccountId) => {
      const stored = await get(tables, tables.watch, { buyer: buyerAccountId, record: PROFILE });
      return stored && readBuyer(stored);
    },

    async *range({ from, to }) {
      for (let shard = shardOf(from); shard <= shardOf(to); shard += 1)
        yield* rangeOf(shard, { from, to });
    },

    unlaunched: (invitedUntil) => waitingSince(tables, INVITED, invitedUntil),

    put: async (buyer, previous, now) => {
      const profile = {
        ...{ record: PROFILE, ...storeBuyer(buyer) },
        ...(isPlaced(buyer) ? placeKeys(buyer.buyerAccountId) : unlaunchedKeys(buyer)),
        ...expiry(buyer),
      };
      const isPut = await transact(
        tables,
        [
          putting(tables.watch, profile, isStill(previous)),
          ...beginAndEnd(tables, buyer, previous, now),
        ],
        `writing the profile of buyer ${buyer.buyerAccountId}`,
      );
      const more = Number(isActive(buyer)) - Number(previous !== undefined && isActive(previous));
      if (isPut && more !== 0) await addToCount(more, buyer);
      return isPut;
    },

    // A transaction of one: that command is in every bundle already, and DeleteItem in none.
    remove: (buyer) => {
      const removal = {
        TableName: tables.watch,
        Key: { buyer: buyer.buyerAccountId, record: PROFILE },
        ...onlyIf(isStill(buyer)),
      };
      return transact(
        tables,
        [{ Delete: removal }],
        `removing the profile of buyer ${buyer.buyerAccountId}`,
      );
    },
  };

  /** Profiles and heads of a shard come sorted by place, but in no order within one place. */
  async function* rangeOf(shard: number, { from, to }: PlaceRange): AsyncIterable<PlacedBuyer> {
    let group: Attributes[] = [];
    const rows = query(tables, {
      TableName: tables.watch,
      IndexName: WATCH_INDEXES.activeBuyers,
      KeyConditionExpression: '#activeShard = :shard AND #place BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#activeShard': 'activeShard', '#place': 'place' },
      // '~' sorts after '#' and every digit: places that begin like the end of the range belong to it.
      ExpressionAttributeValues: { ':shard': activeShard(shard), ':from': from, ':to': `${to}~` },
    });
    for await (const row of rows) {
      if (group.length > 0 && group[0]?.['place'] !== row['place']) {
        yield* placed(group);
        group = [];
      }
      group.push(row);
    }
    yield* placed(group);
  }

  /** Counts apart from the profile's transaction, so that registrations do not wait for each other. */
  async function addToCount(more: number, { buyerAccountId }: Buyer): Promise<void> {
    await succeeded(
      () =>
        tables.call('UpdateItem', {
          TableName: tables.watch,
          Key: COUNT,
          UpdateExpression: 'ADD #active :more',
          ExpressionAttributeNames: { '#active': 'active' },
          ExpressionAttributeValues: { ':more': more },
        }),
      `the profile of buyer ${buyerAccountId} is written, but counting the active buyers failed (they are counted again within a day)`,
    );
  }
}

export function dynamoDbBuyerCount(tables: Tables): Pick<BuyerBook, 'counted' | 'recount'> {
  return {
    counted: async () => {
      const stored = await get(tables, tables.watch, COUNT);
      // A number that cannot be read is counted again.
      return stored?.['countedAt'] === undefined
        ? undefined
        : readable(stored, readCount, tables.unreadable);
    },

    recount: async (now) => {
      const shards = Array.from({ length: SHARDS }, (_, shard) => countOf(shard));
      const active = (await Promise.all(shards)).reduce((sum, each) => sum + each, 0);
      await tables.call('UpdateItem', {
        TableName: tables.watch,
        Key: COUNT,
        ...updating({ format: FORMAT, active, countedAt: now }),
      });
      return active;
    },
  };

  async function countOf(shard: number): Promise<number> {
    let [active, page]: [number, Attributes | undefined] = [0, undefined];
    do {
      const answer: Answers['Query'] = await tables.call('Query', {
        TableName: tables.watch,
        IndexName: WATCH_INDEXES.activeBuyers,
        Select: 'COUNT',
        KeyConditionExpression: '#activeShard = :shard',
        FilterExpression: '#status = :active',
        ExpressionAttributeNames: { '#activeShard': 'activeShard', '#status': 'status' },
        ExpressionAttributeValues: { ':shard': activeShard(shard), ':active': 'active' },
        ExclusiveStartKey: page,
      });
      active += answer.Count ?? 0;
      page = answer.LastEvaluatedKey;
    } while (page !== undefined);
    return active;
  }
}

/** Where the number of active buyers is kept, beside the marks of sweeps. */
const COUNT = { buyer: SWEEPS, record: 'active-buyers' };

const storedCount = z.object({ active: z.number(), countedAt: instantText });

function readCount(stored: Attributes) {
  return parseStored(storedCount, stored, 'the number of active buyers');
}

function isActive({ status, registration }: Buyer): boolean {
  return status === 'active' && registration !== null;
}

/** True for enrolling buyers, too: the sweep requests looks at them. */
function isPlaced({ status, registration }: Buyer): boolean {
  return (status === 'active' || status === 'enrolling') && registration !== null;
}

/** The condition that the profile is still `previous`; undefined: that there is none. */
function isStill(previous: Buyer | undefined): Attributes {
  if (previous === undefined) return { buyer: undefined };
  // The seller's own attributes must be absent or equal: a profile that was read before the seller wrote them must not overwrite them.
  const absent = { owner: undefined, contacts: undefined, unlaunchedToldAt: undefined };
  return { ...absent, ...storeBuyer(previous) };
}

/** The accounts in one partition of the index that have waited since `until` or longer. */
export async function* waitingSince(
  tables: Tables,
  partition: string,
  until: Instant,
): AsyncIterable<string> {
  const rows = query(tables, {
    TableName: tables.watch,
    IndexName: WATCH_INDEXES.activeBuyers,
    KeyConditionExpression: '#activeShard = :partition AND #place <= :until',
    ExpressionAttributeNames: { '#activeShard': 'activeShard', '#place': 'place' },
    ExpressionAttributeValues: { ':partition': partition, ':until': until },
  });
  for await (const row of rows) yield String(row['buyer']);
}

/** The partition of the index that holds the invitations that nobody has taken up. */
const INVITED = 'invited';

/** Index keys of an invitation until the seller is told, once; then none of it is left in the index. */
function unlaunchedKeys({ status, invitedAt, unlaunchedToldAt }: Buyer): Attributes {
  return status === 'invited' && unlaunchedToldAt === undefined
    ? { activeShard: INVITED, place: invitedAt }
    : {};
}

/** DynamoDB deletes an enrolment that register-buyer, which does it first, could not delete. */
function expiry(buyer: Buyer): Attributes {
  const until = enrolsUntil(buyer);
  if (until === null || withoutEnrolment(buyer) !== undefined) return {};
  return { expiresAt: expiryOf(until, HOUR) };
}

/** Empty if the profile is gone: the heads of a buyer who left stay until their watch has ended. */
function placed(rows: readonly Attributes[]): PlacedBuyer[] {
  const profile = rows.find(({ record }) => record === PROFILE);
  if (profile === undefined) return [];
  const place = String(profile['place']);
  const buyer = readableBuyer(profile);
  if (typeof buyer === 'string') return [{ place, buyer: null, problem: buyer }];
  if (!isRegistered(buyer)) return [];
  const of = new Map(rows.map((row) => [String(row['record']), row]));
  const contracts = buyer.productIds.map((productId) => {
    const key = contractKey(buyer.buyerAccountId, productId);
    const known = contract(productId, of.get(recordKey('head', key).record));
    return of.has(recordKey('unrecorded', key).record)
      ? { ...known, unrecorded: true as const }
      : known;
  });
  return [{ place, buyer, contracts }];
}

/** Returns the problem as a text if the profile cannot be read, so that it hides no other buyer. */
function readableBuyer(profile: Attributes): Buyer | string {
  try {
    return readBuyer(profile);
  } catch (error) {
    if (error instanceof StoredShapeError) return cleanText(error.message, 600);
    throw error;
  }
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
      const change = updating(enrolmentsAttributes(now));
      return succeeded(
        () =>
          tables.call('UpdateItem', {
            TableName: tables.watch,
            Key: enrolmentsKey(step, now),
            UpdateExpression: `${change.UpdateExpression} ADD #counted :account`,
            ConditionExpression: `attribute_not_exists(#counted) OR size(#counted) < :most OR contains(#counted, :one)`,
            ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#counted': COUNTED },
            ExpressionAttributeValues: {
              ...change.ExpressionAttributeValues,
              ':account': new Set([buyerAccountId]),
              ':one': buyerAccountId,
              ':most': most,
            },
          }),
        `counting the enrolment of ${buyerAccountId}`,
      );
    },
  };
}
