import { type ContractKey, contractOf } from '../../domain/license/contract.ts';
import type { DueShard, Notice, NoticeKey } from '../../domain/notice/notice.ts';
import { entryKey, factKey } from '../../messages/stored-entry.ts';
import type { NoteText } from '../../domain/ledger/note.ts';
import { placeOf, shardOf } from '../../domain/registration/place.ts';
import { sha256 } from '../text.ts';

/** `<account ID>` and one of the records that `lib/stacks/watcher/table-shapes.ts` names. */
export interface WatchKey {
  readonly buyer: string;
  readonly record: string;
}

export interface EntryKey {
  readonly contract: ContractKey;
  readonly entry: string;
}

export const PROFILE = 'profile';
/** Beside the profile: whether notices reach the buyer. */
export const REACHABILITY = 'reachability';

/**
 * The prefixes of a contract's records: its head, the failure to record it, its usage and the texts of its notes beside the head, and its
 * notices. The product's ID follows.
 */
export const RECORDS = {
  head: 'head#',
  unrecorded: 'head-unrecorded#',
  usage: 'head-usage#',
  noteText: 'head-note#',
  notice: 'notice#',
} as const;
/** The common prefix of heads and the records beside them, which are read together. */
export const HEAD_OR_BESIDE = 'head';

/** If there are several records of a kind, `#` and a number follow the key. */
export function recordKey(kind: keyof typeof RECORDS, contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${RECORDS[kind]}${productId}` };
}

/** The product of a record; undefined if the record is of another kind. */
export function productOf(
  kind: 'head' | 'usage' | 'unrecorded',
  record: string,
): string | undefined {
  const start = RECORDS[kind];
  return record.startsWith(start) ? record.slice(start.length) : undefined;
}

export function noteTextKey({ contract, entry }: Pick<NoteText, 'contract' | 'entry'>): WatchKey {
  const { buyer, record } = recordKey('noteText', contract);
  return { buyer, record: `${record}#${entryKey(entry)}` };
}

export function noticeKey(key: NoticeKey): WatchKey {
  const { buyer, record } = recordKey('notice', key.contract);
  return { buyer, record: `${record}#${factKey(key)}` };
}

/** Keys of the index by which a check reads its range: the same for a profile, its heads and the failures to record them. */
export function placeKeys(buyerAccountId: string): { activeShard: string; place: string } {
  const place = placeOf(buyerAccountId, sha256);
  return { activeShard: activeShard(shardOf(place)), place };
}

/** The part of an audience's notices that holds a notice while it is to be sent. Urgent notices are apart and wait for no others. */
export function dueShardOf({
  contract,
  audience,
  severity,
}: Pick<Notice, 'contract' | 'audience' | 'severity'>): DueShard {
  const shard = audience === 'buyer' ? shardOfContract(contract) : 0;
  return { audience, urgency: severity === 'urgent' ? severity : 'ordinary', shard };
}

export function dueKey({ audience, urgency, shard }: DueShard): string {
  return `due#${audience}#${urgency}#${shard}`;
}

export function activeShard(shard: number): string {
  return `active#${shard}`;
}

/** The quarter of the line in which the buyer's place lies. */
export function shardOfContract(contract: ContractKey): number {
  return shardOf(placeOf(contractOf(contract).buyerAccountId, sha256));
}
