import { AGREEMENTS, LAST_SEEN } from '../../messages/names.ts';
import { type ContractKey, contractOf } from '../../domain/license/contract.ts';
import {
  urgencyOf,
  type DueShard,
  type Notice,
  type NoticeKey,
} from '../../domain/notice/notice.ts';
import { entryKey, factKey } from '../../messages/stored-entry.ts';
import { endOf } from '../../domain/license/canonical-state.ts';
import type { Head } from '../../domain/check/head.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import { placeOf, shardOf } from '../../domain/registration/place.ts';
import type { Instant } from '../../domain/time.ts';
import { sha256 } from '../text.ts';

/** `<account ID>` and one of the records that `tables.ts` names. */
export interface WatchKey {
  readonly buyer: string;
  readonly record: string;
}

export interface EntryKey {
  readonly contract: ContractKey;
  readonly entry: string;
}

export const PROFILE = 'profile';
/** How the records of heads and of notices begin. */
export const HEAD = 'head#';
export const NOTICE = 'notice#';
/** How the record of a note's text begins. */
export const NOTE_TEXT = 'head-note#';
/** How the records begin of a contract that cannot be recorded, and of what was seen in use; and how those of heads, of these and of the texts of notes begin, to be read together. */
const UNRECORDED = 'head-unrecorded#';
const USAGE = 'head-usage#';
export const HEAD_OR_BESIDE = 'head';

export function profileKey(buyerAccountId: string): WatchKey {
  return { buyer: buyerAccountId, record: PROFILE };
}

/** Beside the profile: whether notices reach the buyer. */
export const REACHABILITY = 'reachability';

export function reachabilityKey(buyerAccountId: string): WatchKey {
  return { buyer: buyerAccountId, record: REACHABILITY };
}

export function headKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${HEAD}${productId}` };
}

export function unrecordedKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${UNRECORDED}${productId}` };
}

export function noteTextsKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${NOTE_TEXT}${productId}#` };
}

export function noteTextKey({ contract, entry }: Pick<NoteText, 'contract' | 'entry'>): WatchKey {
  const { buyer, record } = noteTextsKey(contract);
  return { buyer, record: `${record}${entryKey(entry)}` };
}

export function usageKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${USAGE}${productId}` };
}

/** The product of a record of what was seen in use; undefined: another kind of record. */
export function productOfUsage(record: string): string | undefined {
  return record.startsWith(USAGE) ? record.slice(USAGE.length) : undefined;
}

/** The product of a head's record; undefined: another kind of record. */
export function productOfHead(record: string): string | undefined {
  return record.startsWith(HEAD) ? record.slice(HEAD.length) : undefined;
}

export function noticeKey(key: NoticeKey): WatchKey {
  const { buyer, record } = noticesKey(key.contract);
  return { buyer, record: `${record}${factKey(key)}` };
}

/** Where the records of all notices of a contract begin. */
export function noticesKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${NOTICE}${productId}#` };
}

/** Of the index by which a check reads its range: of a profile, its heads and what cannot be recorded of them, alike. */
export function placeKeys(buyerAccountId: string): { activeShard: string; place: string } {
  const place = placeOf(buyerAccountId, sha256);
  return { activeShard: activeShard(shardOf(place)), place };
}

/** The part of an audience's notices in which a notice is, as long as it is to be sent. */
export function dueShardOf({
  contract,
  audience,
  severity,
}: Pick<Notice, 'contract' | 'audience' | 'severity'>): DueShard {
  const shard = audience === 'buyer' ? shardOfContract(contract) : 0;
  return { audience, urgency: urgencyOf(severity), shard };
}

export function dueKey({ audience, urgency, shard }: DueShard): string {
  return `due#${audience}#${urgency}#${shard}`;
}

export function activeShard(shard: number): string {
  return `active#${shard}`;
}

/** When a contract was last seen: apart from the buyer's records, so that one query reads many. */
export function lastSeenKey(contract: ContractKey): WatchKey {
  return { buyer: lastSeenShard(shardOfContract(contract)), record: contract };
}

export function lastSeenShard(shard: number): string {
  return `${LAST_SEEN}${shard}`;
}

/** Apart from the buyer's records: most of those who buy are watched, and all are read at once. */
export function agreementKey(contract: ContractKey, agreementId: string): WatchKey {
  return {
    buyer: agreementShard(shardOfContract(contract)),
    record: `${contract}#${agreementId}`,
  };
}

export function agreementShard(shard: number): string {
  return `${AGREEMENTS}#${shard}`;
}

/** The quarter of the line in which the buyer's place lies. */
function shardOfContract(contract: ContractKey): number {
  return shardOf(placeOf(contractOf(contract).buyerAccountId, sha256));
}

/** Keys of the sparse indexes, there only while the contract is watched; undefined: to be removed. */
export function headIndexKeys(head: Head): {
  activeShard: string | undefined;
  place: string | undefined;
  end: Instant | undefined;
  endMonth: string | undefined;
} {
  const watched = head.watchEnded === null;
  const end = watched ? (endOf(head.state) ?? undefined) : undefined;
  return {
    ...(watched
      ? placeKeys(contractOf(head.contract).buyerAccountId)
      : { activeShard: undefined, place: undefined }),
    end,
    endMonth: end?.slice(0, 7),
  };
}

/** The months (`2027-02`), in UTC, that a span from `since` to just before `until` touches, oldest first. */
export function monthsBetween(since: Instant, until: Instant): readonly string[] {
  const months: string[] = [];
  let [year, month] = [Number(since.slice(0, 4)), Number(since.slice(5, 7))];
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    // The first instant of a month, in the form of all instants, sorts behind its name.
    if (since >= until || name >= until.slice(0, 10)) return months;
    months.push(name);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
