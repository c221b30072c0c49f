import {
  type DynamoDBClient,
  type AttributeDefinition,
  BatchWriteItemCommand,
  CreateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../../domain/ledger/ledger.ts';
import { NO_SUBSCRIPTION, type Notice } from '../../../domain/notice/notice.ts';
import type { BuyerReachability } from '../../../domain/notice/reachability.ts';
import type { DeliveryFact } from '../../../domain/ports.ts';
import { sideBySide } from '../../../domain/side-by-side.ts';
import { DAY, type Instant, plus } from '../../../domain/time.ts';
import {
  dueShardOf,
  dueKey,
  noticeKey,
  placeKeys,
  PROFILE,
  REACHABILITY,
  recordKey,
} from '../../../aws/dynamodb/keys.ts';
import { headIndexKeys } from '../../../aws/dynamodb/contract-book.ts';
import { beginningAt, lastSeenKey } from '../../../aws/dynamodb/last-seen-book.ts';
import { storeReachability } from '../../../aws/dynamodb/reachability-book.ts';
import { storeUsage } from '../../../aws/dynamodb/usage-book.ts';
import { storeBuyer } from '../../../messages/stored-buyer.ts';
import { storeEntry, storeFact, storeNotice } from '../../../messages/stored-entry.ts';
import { storeHead } from '../../../messages/stored-head.ts';
import { AUDIT_TABLE, WATCH_TABLE } from '../../../stacks/watcher/table-shapes.ts';
import { type Item, itemBytes } from '../item-size.ts';
import { companyName, DECIDED, usageByDay } from '../report/fleet.ts';
import { likeOf, type Member, memberOf } from '../report/member.ts';
import { sha256 } from '../../../aws/text.ts';

export const TABLES = { watchTableName: 'watch', auditTableName: 'audit' };

type Row = Readonly<Record<string, unknown>>;

/** An item, and the table that it goes to. */
interface Written {
  readonly table: string;
  readonly row: Row;
}

/** The most items in a batch. */
const BATCH = 25;
const WIDTH = 8;

export interface Filled {
  readonly buyers: number;
  readonly entries: number;
  readonly items: number;
  /** The bytes of each table, without its indexes. */
  readonly bytes: Readonly<Record<string, number>>;
}

/**
 * Fills the tables of an engine with buyers that have two years of history, as the functions would have left them: whole ledgers, the
 * facts of their delivery, and notices of the last 400 days.
 */
export async function fillStore(
  client: DynamoDBClient,
  { buyers, now }: { readonly buyers: number; readonly now: Instant },
): Promise<Filled> {
  await createTable(client, TABLES.watchTableName, WATCH_TABLE);
  await createTable(client, TABLES.auditTableName, AUDIT_TABLE);
  const since = plus(now, -730 * DAY);
  const histories = Array.from({ length: Math.min(buyers, DECIDED) }, (_, index) =>
    memberOf(index, companyName(index), since, now),
  );
  const bytes = { [TABLES.watchTableName]: 0, [TABLES.auditTableName]: 0 };
  const filled = { buyers, entries: 0, items: 0, bytes };
  await sideBySide(batches(), WIDTH, async (batch) => {
    const requests = Object.groupBy(batch, ({ table }) => table);
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({
        RequestItems: Object.fromEntries(
          Object.entries(requests).map(([table, rows = []]) => {
            const items = rows.map(({ row }) => marshall(row, { removeUndefinedValues: true }));
            bytes[table] = items.reduce(
              (sum, item) => sum + itemBytes(item as unknown as Item),
              bytes[table] ?? 0,
            );
            return [table, items.map((Item) => ({ PutRequest: { Item } }))];
          }),
        ),
      }),
    );
    const left = Object.keys(UnprocessedItems);
    if (left.length > 0) throw new Error(`the engine left items of ${left.join(', ')} unwritten`);
  });
  return filled;

  function* batches(): Iterable<readonly Written[]> {
    let batch: Written[] = [];
    for (let index = 0; index < buyers; index += 1) {
      const member = sealedAnew(likeOf(index, companyName(index), histories));
      filled.entries += member.ledger.length;
      for (const written of itemsOf(member, index, now)) {
        batch.push(written);
        filled.items += 1;
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}

/** Seals a member's ledger again, because a history copied from another member has that member's chain of hashes. */
function sealedAnew(member: Member): Member {
  let previousHash: string | null = null;
  const ledger: SealedEntry[] = [];
  for (const { hash: _, ...entry } of member.ledger) {
    const linked = { ...entry, previousHash };
    previousHash = sha256(canonicalJson(linked));
    ledger.push({ ...linked, hash: previousHash });
  }
  const { head } = member;
  return { ...member, ledger, head: head && { ...head, lastHash: previousHash } };
}

function* itemsOf(member: Member, index: number, now: Instant): Iterable<Written> {
  const { buyer, head, lastSeen, ledger } = member;
  const inWatch = (row: Row): Written => ({ table: TABLES.watchTableName, row });
  const inAudit = (row: Row): Written => ({ table: TABLES.auditTableName, row });
  const isActive = buyer.status === 'active';
  yield inWatch({
    record: PROFILE,
    ...storeBuyer(buyer),
    ...(isActive ? placeKeys(buyer.buyerAccountId) : {}),
  });
  const notices = member.notices.map((notice) => fated(notice, index, now));
  const reachability = reachabilityOf(member, notices);
  if (reachability !== undefined)
    yield inWatch({
      record: REACHABILITY,
      ...storeReachability(reachability),
    });
  if (head !== null) {
    yield inWatch({
      ...recordKey('head', head.contract),
      ...storeHead(head),
      ...headIndexKeys(head),
      name: buyer.name,
    });
    if (isActive)
      yield inWatch({
        ...lastSeenKey(head.contract),
        ...beginningAt(buyer.registration?.registeredAt ?? now),
        at: lastSeen ?? undefined,
        ...(head.blind?.told === true && { blind: true }),
      });
  }
  for (const usage of isActive ? usageByDay(head, now) : [])
    yield inWatch({ ...recordKey('usage', usage.contract), ...storeUsage(usage) });
  for (const entry of ledger) yield inAudit(storeEntry(entry));
  for (const notice of notices) {
    if (notice.state === 'told' && notice.audience !== 'operations' && notice.audience !== 'bus')
      yield inAudit(storeFact(factOf(notice, notice.audience)));
    if (notice.bornAt > plus(now, -400 * DAY))
      yield inWatch({ ...noticeKey(notice), ...storeNotice(notice), ...indexKeysOf(notice) });
  }
}

/** The notice, except that one buyer in two hundred has a topic that refuses: its notices of the last month are undeliverable. */
function fated(notice: Notice, index: number, now: Instant): Notice {
  if (index % 200 !== 77 || notice.audience !== 'buyer' || notice.bornAt < plus(now, -30 * DAY))
    return notice;
  return { ...notice, state: 'undeliverable', reason: 'NotFound: the topic does not exist' };
}

function indexKeysOf(notice: Notice): Row {
  if (notice.state !== 'waiting' && notice.state !== 'due') return {};
  return { due: dueKey(dueShardOf(notice)), pending: noticeKey(notice).record };
}

function factOf(
  { contract, entry, about, bornAt }: Notice,
  audience: DeliveryFact['audience'],
): DeliveryFact {
  const id = sha256(`${contract} ${entry} ${audience}`);
  return {
    contract,
    entry,
    audience,
    ...(about !== undefined && { about }),
    at: plus(bornAt, 30_000),
    messageId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`,
    textHash: id,
    ...(audience === 'seller' && { jsonHash: sha256(id) }),
  };
}

function reachabilityOf(
  { buyer }: Member,
  notices: readonly Notice[],
): BuyerReachability | undefined {
  const { buyerAccountId, registration } = buyer;
  if (registration === null) return undefined;
  const isUnread = notices.some(({ reason }) => reason === NO_SUBSCRIPTION);
  const state = isUnread ? 'never-confirmed' : 'confirmed';
  return {
    buyerAccountId,
    state,
    registeredAt: registration.registeredAt,
    topicArn: registration.noticeTopicArn,
    since: plus(registration.registeredAt, DAY),
    addresses: registration.addresses.map((address) => ({ address, state })),
    contract: null,
  };
}

/** Creates a table shaped like the watcher stack's in an engine without a stack. */
export async function createTable(
  client: DynamoDBClient,
  TableName: string,
  shape: typeof WATCH_TABLE,
): Promise<void> {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const names = new Set(
    [shape, ...shape.indexes].flatMap(({ partition, sort }) => [partition, sort]),
  );
  for (const { sort } of shape.localIndexes) names.add(sort);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...names].map((AttributeName): AttributeDefinition => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: keys(shape.partition, shape.sort),
      ...(shape.localIndexes.length > 0 && {
        LocalSecondaryIndexes: shape.localIndexes.map(({ name, sort }) => ({
          IndexName: name,
          KeySchema: keys(shape.partition, sort),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      GlobalSecondaryIndexes: shape.indexes.map(({ name, partition, sort, projected }) => ({
        IndexName: name,
        KeySchema: keys(partition, sort),
        Projection:
          projected === 'all'
            ? { ProjectionType: 'ALL' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] },
      })),
    }),
  );
}
