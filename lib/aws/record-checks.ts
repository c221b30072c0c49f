import type { Decision } from '../domain/check/decision.ts';
import type { Head } from '../domain/check/head.ts';
import type { SealedEntry } from '../domain/ledger/ledger.ts';

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
