import { createHash } from 'node:crypto';
import { contractOf, type ContractKey } from '../../domain/license/contract.ts';
import type { NoticeKey } from '../../domain/notice/notice.ts';
import { factKey } from '../../messages/stored-entry.ts';

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
/** How the record of a contract that cannot be recorded begins; and how those of heads and these begin, to be read together. */
const UNRECORDED = 'head-unrecorded#';
export const HEAD_OR_UNRECORDED = 'head';

export function profileKey(buyerAccountId: string): WatchKey {
  return { buyer: buyerAccountId, record: PROFILE };
}

export function headKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${HEAD}${productId}` };
}

export function unrecordedKey(contract: ContractKey): WatchKey {
  const { buyerAccountId, productId } = contractOf(contract);
  return { buyer: buyerAccountId, record: `${UNRECORDED}${productId}` };
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

/** One partition of the index would bear 10,000 buyers; eight leave room. Their number is part of the stored keys. */
const SHARDS = 8;

export function activeShard(buyerAccountId: string): string {
  const [byte = 0] = createHash('sha256').update(buyerAccountId).digest();
  return `active#${byte % SHARDS}`;
}

export const ACTIVE_SHARDS: readonly string[] = Array.from(
  { length: SHARDS },
  (_, shard) => `active#${shard}`,
);
