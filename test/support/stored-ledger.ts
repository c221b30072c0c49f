import type { Buyer } from '../../lib/domain/registration/buyer.ts';
import { contractOf } from '../../lib/domain/license/contract.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { NoticeKey } from '../../lib/domain/notice/notice.ts';
import type { WatchStore } from '../../lib/domain/ports.ts';
import type { Instant } from '../../lib/domain/time.ts';
import type { WatchedContract } from './contracts.ts';
import { aBuyer, aDecision, REGISTERED } from './records.ts';

/** Invites and registers a buyer. */
export async function register(store: WatchStore, changes: Partial<Buyer>): Promise<void> {
  if (!(await store.buyers.put(aBuyer(changes), undefined, REGISTERED)))
    throw new Error('the buyer is there already');
}

/** Changes an entry before it is stored, so that it differs from what was recorded. */
export type Meddling = (entry: SealedEntry) => SealedEntry;

/** Puts the ledger of a watched contract, its notices and its head into a store. */
export async function storeLedger(
  store: WatchStore,
  { head, ledger, notices }: Pick<WatchedContract, 'head' | 'ledger' | 'notices'>,
  meddle: Meddling = (entry) => entry,
): Promise<void> {
  if (head === null) throw new Error('nobody has looked yet');
  let previous: Head | undefined;
  for (const entry of ledger) {
    const next = { ...head, entries: entry.entry, revision: entry.entry, lastHash: entry.hash };
    const born = notices.filter((notice) => notice.entry === entry.entry);
    const stored = meddle(entry);
    const recorded = await store.contracts.record(
      aDecision({ head: next, entry: stored, notices: born }),
      stored,
      next,
      previous,
    );
    if (!recorded) throw new Error(`entry ${entry.entry} of ${head.contract} was not recorded`);
    previous = next;
  }
}

/** Marks a notice as told, with the fact. */
export async function markTold(
  store: WatchStore,
  key: NoticeKey,
  at: Instant,
  messageId = 'message-1',
): Promise<void> {
  const notice = await store.notices.find(key);
  if (notice === undefined || key.audience === 'operations' || key.audience === 'bus')
    throw new Error(`no such notice of entry ${key.entry}`);
  const { contract, entry, audience } = key;
  const next = { state: 'told', notBefore: at, reason: `published as ${messageId}` } as const;
  const fact = { contract, entry, audience, at, messageId, textHash: 'e3b0c442' };
  if (!(await store.notices.changeState(notice, next, fact)))
    throw new Error(`${contractOf(contract).productId}: not told`);
}
