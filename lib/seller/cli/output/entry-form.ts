import type { SealedEntry } from '../../../domain/ledger/ledger.ts';
import { entryNews } from '../../ledger/entry-news.ts';

/** An entry for machines, as the ledger has it, with each change in words. Members are added, never renamed or removed. */
export function entryForm(entry: SealedEntry) {
  const words = entryNews(entry).map(({ sentence }) => sentence);
  return {
    kind: 'entry' as const,
    contract: entry.contract,
    account: entry.buyerAccountId,
    name: entry.buyerName,
    product: entry.productId,
    productName: entry.productName,
    entry: entry.entry,
    observedAt: entry.observedAt,
    effectiveAt: entry.effectiveAt,
    seenBetween: entry.seenBetween,
    standing: entry.standing,
    verdict: entry.verdict,
    end: entry.validityEnd,
    changes: entry.changes.map((change, index) => ({ ...change, words: words[index] ?? null })),
    toldChanges: (entry.toldChanges ?? entry.changes).map(({ type }) => type),
    reminder: entry.reminder === null ? null : { ...entry.reminder, words: words.at(-1) ?? null },
    before: entry.before,
    after: entry.after,
    versionsBetween: entry.versionsBetween ?? [],
    usage: entry.usage,
    note: entry.note ?? null,
    endsQuiet: entry.endsQuiet ?? null,
    reason: entry.reason,
    hash: entry.hash,
  };
}

/** The machine form of a record that this version cannot read. */
export function unreadableForm({
  contract,
  key,
  problem,
}: {
  contract: string;
  key: string;
  problem: string;
}) {
  return { kind: 'unreadable' as const, contract, key, problem };
}
