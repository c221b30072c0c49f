import type { DueShard, Notice } from '../../domain/notice/notice.ts';
import type { NoticeBook } from '../../domain/ports.ts';
import { WATCH_INDEXES } from '../../messages/names.ts';
import {
  factKey,
  readFact,
  storeFact,
  readNotice,
  storeNotice,
} from '../../messages/stored-entry.ts';
import { dueKey, dueShardOf, noticeKey, recordKey } from './keys.ts';
import {
  get,
  query,
  type TableQuery,
  type Tables,
  transact,
  type TransactItem,
  changing,
  eachReadable,
  expiryOf,
  putting,
} from './table-access.ts';
import { DAY, type Instant } from '../../domain/time.ts';

export function dynamoDbNoticeBook(tables: Tables): NoticeBook {
  return {
    find: async (key) => {
      const stored = await get(tables, tables.watch, noticeKey(key));
      return stored && readNotice(stored);
    },

    pending: async (contract) => {
      const { buyer, record } = recordKey('notice', contract);
      const rows = query(tables, {
        TableName: tables.watch,
        IndexName: WATCH_INDEXES.pendingNotices,
        KeyConditionExpression: '#buyer = :buyer AND begins_with(#pending, :record)',
        // Filters by contract, too: the product `a` must not show the notices of a product `a#b`.
        FilterExpression: '#contract = :contract',
        ExpressionAttributeNames: {
          '#buyer': 'buyer',
          '#pending': 'pending',
          '#contract': 'contract',
        },
        ExpressionAttributeValues: {
          ':buyer': buyer,
          ':record': `${record}#`,
          ':contract': contract,
        },
        ConsistentRead: true,
      });
      const pending: Notice[] = [];
      for await (const notice of eachReadable(tables, rows, readNotice)) pending.push(notice);
      return pending;
    },

    due: (part, now) => eachReadable(tables, query(tables, dueBy(part, now)), readNotice),

    isAnyDue: async (part, now) => {
      for await (const row of query(tables, { ...dueBy(part, now), Limit: 1 }))
        return row['record'] !== undefined;
      return false;
    },

    changeState: (notice, next, fact, born = []) =>
      transact(
        tables,
        [
          updateNotice(tables, notice, next),
          ...(fact === null ? [] : [putting(tables.audit, storeFact(fact), { entry: undefined })]),
          ...born.map((each) => putNotice(tables, each)),
        ],
        `changing the ${notice.audience}'s notice of entry ${notice.entry} of ${notice.contract}`,
      ),

    fact: async (key) => {
      const stored = await get(tables, tables.audit, {
        contract: key.contract,
        entry: factKey(key),
      });
      return stored && readFact(stored);
    },
  };

  function dueBy(part: DueShard, now: Instant): TableQuery {
    return {
      TableName: tables.watch,
      IndexName: WATCH_INDEXES.dueNotices,
      KeyConditionExpression: '#due = :due AND #notBefore <= :now',
      ExpressionAttributeNames: { '#due': 'due', '#notBefore': 'notBefore' },
      ExpressionAttributeValues: { ':due': dueKey(part), ':now': now },
    };
  }
}

/** Puts a notice that is not there yet. */
export function putNotice({ watch }: Tables, notice: Notice): TransactItem {
  const item = {
    ...noticeKey(notice),
    ...storeNotice(notice),
    ...withoutUndefined(indexKeys(notice)),
  };
  return putting(watch, item, { record: undefined });
}

/** The audit table keeps for ever that a notice was told. What the notice went through is useful for a year. */
const KEPT = 400 * DAY;

/** Changes state, time and reason of a notice, and whom it reached if given, provided that it is still as it was read. */
export function updateNotice(
  { watch }: Tables,
  notice: Notice,
  { state, notBefore, reason, reached }: Pick<Notice, 'state' | 'notBefore' | 'reason' | 'reached'>,
): TransactItem & { Update: object } {
  const keys = indexKeys({ ...notice, state });
  const isOpen = state === 'settling' || keys.due !== undefined;
  const expiresAt = isOpen ? undefined : expiryOf(notBefore, KEPT);
  const said = { state, notBefore, reason, ...(reached !== undefined && { reached }) };
  const change = { ...said, ...keys, expiresAt };
  const still = { state: notice.state, notBefore: notice.notBefore };
  return changing(watch, noticeKey(notice), change, still);
}

/** A notice is in the indexes only while it is to be sent. A settling notice is not. */
function indexKeys(notice: Notice): Record<'due' | 'pending', string | undefined> {
  if (notice.state !== 'waiting' && notice.state !== 'due')
    return { due: undefined, pending: undefined };
  return { due: dueKey(dueShardOf(notice)), pending: noticeKey(notice).record };
}

function withoutUndefined(attributes: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
