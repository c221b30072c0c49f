import type { Decision } from '../../domain/check/decision.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import { contractOf } from '../../domain/license/contract.ts';
import type { Head } from '../../domain/check/head.ts';
import type { SealedEntry } from '../../domain/ledger/ledger.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { ContractBook } from '../../domain/ports.ts';
import { confirmed } from '../../domain/notice/notices.ts';
import { entryKey, readEntry, storeEntry, readNotice } from '../../messages/stored-entry.ts';
import {
  readHead,
  readNoteText,
  storeHead,
  storeNoteText,
  unrecordedAttributes,
} from '../../messages/stored-head.ts';
import {
  changing,
  expiryOf,
  PRESENT,
  putting,
  get,
  query,
  type Tables,
  transact,
  type TransactItem,
  updating,
} from './table-access.ts';
import { noteTextKey, noticeKey, placeKeys, recordKey } from './keys.ts';
import { markLastSeen } from './last-seen-book.ts';
import { putNotice, updateNotice } from './notice-book.ts';

/** The reading part, for callers that write nothing: the writing part is a hundredth of a bundle (measured). */
export function dynamoDbContractReader(
  tables: Tables,
): Pick<ContractBook, 'head' | 'entries' | 'entry' | 'noteText'> {
  return {
    head: async (contract) => {
      const stored = await get(tables, tables.watch, recordKey('head', contract));
      return stored && readHead(stored);
    },

    async *entries(contract, { newestFirst = false, from } = {}) {
      const rows = query(tables, {
        TableName: tables.audit,
        KeyConditionExpression: '#contract = :contract AND #entry BETWEEN :first AND :last',
        // The facts of delivery are between the entries and have no hash.
        FilterExpression: 'attribute_exists(#hash)',
        ExpressionAttributeNames: { '#contract': 'contract', '#entry': 'entry', '#hash': 'hash' },
        ExpressionAttributeValues: {
          ':contract': contract,
          ':first': entryKey(newestFirst ? 0 : (from ?? 0)),
          ':last': newestFirst ? entryKey(from ?? 99_999_999) : entryKey(99_999_999),
        },
        ScanIndexForward: !newestFirst,
        ConsistentRead: true,
      });
      for await (const row of rows) yield readEntry(row);
    },

    entry: async (contract, entry) => {
      const stored = await get(tables, tables.audit, { contract, entry: entryKey(entry) });
      return stored && readEntry(stored);
    },

    noteText: async (contract, entry) => {
      const stored = await get(tables, tables.watch, noteTextKey({ contract, entry }));
      return stored && readNoteText(stored);
    },
  };
}

export function dynamoDbContractBook(tables: Tables): ContractBook {
  return {
    ...dynamoDbContractReader(tables),

    record: async (decision, entry, head, previous) => {
      assertRecordable(decision, entry, head, previous);
      const withdrawals = await stillOpen(decision.withdrawn);
      const releases = await stillOpen(decision.released);
      return transact(
        tables,
        [
          writeHead(head, previous, entry),
          ...lastSeen(decision),
          ...(entry === null
            ? []
            : [putting(tables.audit, storeEntry(entry), { entry: undefined })]),
          ...noteText(decision),
          ...decision.notices.map((notice) => putNotice(tables, notice)),
          ...withdrawals.map((notice) =>
            updateNotice(tables, notice, {
              ...notice,
              state: 'withdrawn',
              reason: decision.reason,
            }),
          ),
          ...releases.map((notice) => updateNotice(tables, notice, confirmed(notice))),
        ],
        `recording ${entry === null ? 'the head' : `entry ${entry.entry}`} of ${head.contract}`,
      );
    },

    dueNow: async (contract, now) => {
      const stored = await get(tables, tables.watch, recordKey('head', contract));
      const head = stored && readHead(stored);
      if (head?.watchEnded !== null) return 'unwatched';
      const { revision, entries } = head;
      const change = { nextDue: now, revision: revision + 1 };
      const still = { revision, entries };
      const update = changing(tables.watch, recordKey('head', contract), change, still);
      const isWritten = await transact(tables, [update], `having ${contract} decided on`);
      return isWritten ? 'due' : 'raced';
    },

    // An update keeps the first `since` without a read. The item is in the index that checks read, so that every tick counts it.
    failed: async (contract, { cause, detail }, at) => {
      const change = updating({
        since: at,
        ...unrecordedAttributes({ contract, cause, detail }),
        ...placeKeys(contractOf(contract).buyerAccountId),
        expiresAt: undefined,
      });
      const failure: TransactItem = {
        Update: {
          ...{ TableName: tables.watch, Key: recordKey('unrecorded', contract), ...change },
          UpdateExpression: change.UpdateExpression.replace(
            '#since = :since',
            '#since = if_not_exists(#since, :since)',
          ),
        },
      };
      const mark = markLastSeen(tables, contract, { unrecorded: true });
      const doing = `noting that ${contract} cannot be recorded`;
      if (!(await transact(tables, [failure, mark], doing)))
        throw new Error(`${doing}: somebody else was at it, the next check notes it`);
    },

    // The item leaves the index at once and the table by its time to live: no function may delete here.
    worksAgain: (contract, at) => {
      const change = {
        since: undefined,
        activeShard: undefined,
        place: undefined,
        expiresAt: expiryOf(at),
      };
      const failed = recordKey('unrecorded', contract);
      const failure = changing(tables.watch, failed, change, { since: PRESENT });
      const mark = markLastSeen(tables, contract, { unrecorded: undefined });
      return transact(tables, [failure, mark], `noting that ${contract} can be recorded again`);
    },
  };

  /** A contract whose blindness was told is not expected to be seen. If its watch has ended, the profile decides. A note is no look. */
  function lastSeen({ head, entry, lastSeen: at }: Decision): readonly TransactItem[] {
    if (head.watchEnded !== null || entry?.kind === 'note') return [];
    const blind = head.blind?.told === true ? true : undefined;
    return [markLastSeen(tables, head.contract, { ...(at !== null && { at }), blind })];
  }

  /** An erased text leaves its item, which says that it is erased. */
  function noteText({ noteText: text = null }: Decision): readonly TransactItem[] {
    if (text === null) return [];
    const still = { entry: text.written === null ? PRESENT : undefined };
    return [changing(tables.watch, noteTextKey(text), storeNoteText(text), still)];
  }

  /** The notices that are still open: one that was told since the decision cannot be withdrawn. */
  async function stillOpen(keys: Decision['withdrawn']): Promise<readonly Notice[]> {
    const stored = await Promise.all(keys.map((key) => get(tables, tables.watch, noticeKey(key))));
    return stored
      .filter((each) => each !== undefined)
      .map((each) => readNotice(each))
      .filter(({ state }) => state === 'settling' || state === 'waiting' || state === 'due');
  }

  /** An update, not a put: `name` stays when no entry brings a new one. */
  function writeHead(
    head: Head,
    previous: Head | undefined,
    entry: SealedEntry | null,
  ): TransactItem {
    const change = {
      ...storeHead(head),
      ...headIndexKeys(head),
      ...(entry === null ? {} : { name: entry.buyerName }),
    };
    const still = { revision: previous?.revision, entries: previous?.entries };
    return changing(tables.watch, recordKey('head', head.contract), change, still);
  }
}

/**
 * Refuses to write what would break the guards every later write relies on: a ledger without gaps, a revision that moves.
 * It finds defects of ours, never a lost race.
 */
export function assertRecordable(
  decision: Decision,
  entry: SealedEntry | null,
  head: Head,
  previous: Head | undefined,
): void {
  const entries = previous?.entries ?? 0;
  const problem =
    entry !== null && entry.entry !== entries + 1
      ? `the entry is number ${entry.entry}, expected ${entries + 1}`
      : head.entries !== (entry?.entry ?? entries)
        ? `the head counts ${head.entries} entries, expected ${entry?.entry ?? entries}`
        : previous !== undefined && head.revision <= previous.revision
          ? `the head has revision ${head.revision}, expected more than ${previous.revision}`
          : entry === null && decision.notices.some((notice) => notice.entry > head.entries)
            ? `${decision.notices.length} notices without an entry they could tell of`
            : [entry, ...decision.notices, ...decision.withdrawn, ...decision.released].some(
                  (part) => part !== null && part.contract !== head.contract,
                )
              ? 'it speaks of another contract'
              : null;
  if (problem !== null)
    throw new Error(`refused to record a decision about ${head.contract}: ${problem}`);
}

/** Keys of the sparse indexes, present only while the contract is watched; undefined: to be removed. */
export function headIndexKeys({ contract, state, watchEnded }: Head) {
  if (watchEnded !== null)
    return { activeShard: undefined, place: undefined, end: undefined, endMonth: undefined };
  const end = endOf(state) ?? undefined;
  return {
    ...placeKeys(contractOf(contract).buyerAccountId),
    ...{ end, endMonth: end?.slice(0, 7) },
  };
}
