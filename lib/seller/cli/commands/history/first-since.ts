import type { Archive } from '../../../../domain/ledger/archive.ts';
import type { ContractKey } from '../../../../domain/license/contract.ts';
import type { Instant } from '../../../../domain/time.ts';

/**
 * From which entry on a ledger of so many entries has to be read for what was observed at or after `since`: found by halves, so
 * that of 100,000 entries 17 are read. Of one that does not say when, what is before it is read, too.
 */
export async function firstSince(
  since: Instant,
  contract: ContractKey,
  entries: number,
  archive: Pick<Archive, 'contract'>,
): Promise<number> {
  let [low, high] = [1, entries + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await observedAt(middle);
    if (at !== undefined && at < since) low = middle + 1;
    else high = middle;
  }
  return low;

  async function observedAt(entry: number): Promise<string | undefined> {
    for await (const filed of archive.contract(contract, { from: entry, to: entry })) {
      if (filed.kind === 'entry') return filed.entry.observedAt;
    }
    return undefined;
  }
}
