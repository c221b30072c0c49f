import type { Archive, ContractRegister, Filed } from '../../domain/archive.ts';
import { endOf } from '../../domain/canonical-state.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { contractOf } from '../../domain/contract.ts';
import type { SealedEntry } from '../../domain/ledger.ts';
import type { Shelves } from './shelves.ts';

/** What people read, of the shelves that `memoryWatchStore` writes. */
export function memoryReading({ heads, entries, notices, facts }: Shelves): {
  readonly archive: Archive;
  readonly register: ContractRegister;
} {
  return {
    archive: {
      async *contract(contract) {
        yield* await Promise.resolve((entries.get(contract) ?? []).flatMap(filed));
      },
      async *facts(contract, entry) {
        yield* await Promise.resolve(factsOf({ contract, entry }));
      },
      async *observed(productId, since, until) {
        const chosen = [...entries.values()]
          .flat()
          .filter((entry) => entry.productId === productId && entry.observedAt >= since && entry.observedAt < until)
          .toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
        yield* await Promise.resolve(
          chosen.map((entry) => ({ kind: 'entry', entry: structuredClone(entry) }) as const),
        );
      },
      async *everything() {
        yield* await Promise.resolve([...entries.values()].flat().flatMap(filed));
      },
      extent: () => {
        const all = [...entries.values()].flat().flatMap(filed);
        const bytes = all.reduce((sum, each) => sum + canonicalJson(each).length, 0);
        return Promise.resolve({ items: all.length, bytes });
      },
    },
    register: {
      ofBuyer: (buyerAccountId) =>
        Promise.resolve(
          structuredClone(
            [...heads.values()].filter(({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId),
          ),
        ),
      async *ending(from, until) {
        const ending = [...heads.values()].flatMap((head) => {
          const end = head.watchEnded === null ? endOf(head.state) : null;
          return end !== null && end >= from && end < until ? [{ contract: head.contract, end }] : [];
        });
        yield* await Promise.resolve(ending.toSorted((a, b) => (a.end < b.end ? -1 : 1)));
      },
      async *notices(buyerAccountId) {
        const all = [...notices.values()].filter(
          ({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId,
        );
        yield* await Promise.resolve(structuredClone(all));
      },
    },
  };

  /** An entry and the facts of its delivery. */
  function filed(entry: SealedEntry): Filed[] {
    return [{ kind: 'entry', entry: structuredClone(entry) }, ...factsOf(entry)];
  }

  function factsOf({ contract, entry }: Pick<SealedEntry, 'contract' | 'entry'>): Filed[] {
    const told = [...facts.values()].filter((fact) => fact.contract === contract && fact.entry === entry);
    return told.map((fact) => ({ kind: 'fact', fact: structuredClone(fact) }));
  }
}
