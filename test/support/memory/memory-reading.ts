import type {
  Archive,
  BuyerChoice,
  ContractRegister,
  Filed,
} from '../../../lib/seller/ledger/archive.ts';
import { canonicalJson } from '../../../lib/domain/ledger/canonical-json.ts';
import { compare, endOf } from '../../../lib/domain/license/canonical-state.ts';
import { contractOf } from '../../../lib/domain/license/contract.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../../lib/domain/ledger/ledger.ts';
import type { NoteText } from '../../../lib/domain/ledger/note.ts';
import type { Notice } from '../../../lib/domain/notice/notice.ts';
import type { Instant } from '../../../lib/domain/time.ts';
import { entryKey, factKey, storeEntry } from '../../../lib/messages/stored-entry.ts';
import { readOutline } from '../../../lib/messages/stored-outline.ts';
import { FORMAT } from '../../../lib/messages/stored.ts';
import type { Outlined } from '../../../lib/domain/ports.ts';
import { copyOf, knownLastSeen, type MemoryTables } from './tables.ts';

/** The readings for people, from the tables that `memoryWatchStore` writes. */
export function memoryReading({
  heads,
  entries,
  notices,
  facts,
  unrecorded,
  reachability,
  noteTexts,
  usage,
  buyers,
  lastSeen,
}: MemoryTables): {
  readonly archive: Archive;
  readonly register: ContractRegister;
} {
  const everyBuyer: ContractRegister['everyBuyer'] = ({
    notices: wanted,
    usage: isUsed = false,
    scanned,
  } = {}) => {
    const seen = knownLastSeen(lastSeen);
    const ofContracts = [...heads.keys(), ...unrecorded.keys()];
    const accounts = new Set([
      ...buyers.keys(),
      ...reachability.keys(),
      ...[...ofContracts, ...seen.map(({ contract }) => contract)].map(
        (contract) => contractOf(contract).buyerAccountId,
      ),
    ]);
    scanned?.(accounts.size);
    return Promise.resolve(
      [...accounts].toSorted(compare).map((buyerAccountId) => ({
        buyerAccountId,
        buyer: copyOf(buyers.get(buyerAccountId)),
        ...contractsOf(buyerAccountId),
        ...(!isUsed && { usage: [] }),
        notices: noticesOf(buyerAccountId).filter((notice) => isWanted(notice, wanted)),
        reachability: copyOf(reachability.get(buyerAccountId)),
        lastSeen: seen.filter(
          ({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId,
        ),
      })),
    );
  };
  return {
    archive: {
      async *contract(contract, { from = 0, to = Infinity } = {}) {
        const chosen = (entries.get(contract) ?? []).filter(
          ({ entry }) => entry >= from && entry <= to,
        );
        yield* await Promise.resolve(chosen.flatMap(withFacts));
      },
      async *observed(...span) {
        yield* await Promise.resolve(observed(...span).map(filed));
      },
      async *outlines(...span) {
        yield* await Promise.resolve(observed(...span).map((entry) => outlined(filed(entry))));
      },
      standings: (wanted) =>
        Promise.resolve(
          wanted.map(
            ({ contract, entry }) =>
              entries.get(contract)?.find((each) => each.entry === entry)?.standing,
          ),
        ),
      async *everything({ since = null, productIds, scanned } = {}) {
        const all = [...entries.values()].flat();
        scanned?.(all.length);
        const chosen = all
          .filter(({ productId }) => productIds?.includes(productId) ?? true)
          .filter((entry) => since === null || entry.observedAt >= since);
        yield* await Promise.resolve(chosen.flatMap(withFacts));
      },
      extent: () => {
        const all = [...entries.values()].flat().flatMap(withFacts);
        const bytes = all.reduce((sum, each) => sum + canonicalJson(each).length, 0);
        return Promise.resolve({ items: all.length, bytes });
      },
    },
    register: {
      ofBuyer: (buyerAccountId) => Promise.resolve(headsOf(buyerAccountId)),
      contractsOf: (buyerAccountId) => Promise.resolve(contractsOf(buyerAccountId)),
      notesOf: (contract) => Promise.resolve(copyOf(notesOf((each) => each.contract === contract))),
      async *ending(from, until) {
        const ending = [...heads.values()].flatMap((head) => {
          const end = head.watchEnded === null ? endOf(head.state) : null;
          return end !== null && end >= from && end < until
            ? [{ contract: head.contract, end }]
            : [];
        });
        yield* await Promise.resolve(ending.toSorted((a, b) => (a.end < b.end ? -1 : 1)));
      },
      async *notices(buyerAccountId) {
        yield* await Promise.resolve(noticesOf(buyerAccountId));
      },
      async *noticesOf(contract, from = 0) {
        const { buyerAccountId } = contractOf(contract);
        const chosen = noticesOf(buyerAccountId).filter(
          (each) => each.contract === contract && each.entry >= from,
        );
        yield* await Promise.resolve(chosen.toSorted((a, b) => (factKey(a) < factKey(b) ? -1 : 1)));
      },
      recordsOf: (buyerAccountId) =>
        Promise.resolve({
          ...contractsOf(buyerAccountId),
          notices: noticesOf(buyerAccountId),
          reachability: copyOf(reachability.get(buyerAccountId)),
        }),
      everyBuyer,
      async *eachBuyer(...choice) {
        yield* await everyBuyer(...choice);
      },
      extent: () => Promise.resolve({ items: buyers.size + heads.size + notices.size, bytes: 0 }),
    },
  };

  function observed(productId: string, since: Instant, until: Instant): readonly SealedEntry[] {
    return [...entries.values()]
      .flat()
      .filter(
        (entry) =>
          entry.productId === productId && entry.observedAt >= since && entry.observedAt < until,
      )
      .toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : 1));
  }

  function headsOf(buyerAccountId: string): Head[] {
    const all = [...heads.values()];
    return copyOf(
      all.filter(({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId),
    );
  }

  function contractsOf(buyerAccountId: string) {
    const failing = [...unrecorded.values()].filter(
      (each) => contractOf(each.contract).buyerAccountId === buyerAccountId,
    );
    const notes = notesOf(({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId);
    const seen = [...usage.values()].filter(
      (each) => contractOf(each.contract).buyerAccountId === buyerAccountId,
    );
    return {
      heads: headsOf(buyerAccountId),
      unrecorded: copyOf(failing),
      notes: copyOf(notes),
      usage: copyOf(seen),
    };
  }

  function notesOf(isWanted: (text: NoteText) => boolean): readonly NoteText[] {
    return [...noteTexts.values()].filter(isWanted);
  }

  function noticesOf(buyerAccountId: string): Notice[] {
    const all = [...notices.values()];
    return copyOf(
      all.filter(({ contract }) => contractOf(contract).buyerAccountId === buyerAccountId),
    );
  }

  function withFacts(entry: SealedEntry): Filed[] {
    return [filed(entry), ...factsOf(entry)];
  }

  function factsOf({ contract, entry }: Pick<SealedEntry, 'contract' | 'entry'>): Filed[] {
    const told = [...facts.values()].filter(
      (fact) => fact.contract === contract && fact.entry === entry,
    );
    return told
      .toSorted((a, b) => (factKey(a) < factKey(b) ? -1 : 1))
      .map((fact) => ({ kind: 'fact', fact: copyOf(fact) }));
  }
}

function isWanted({ audience, state }: Notice, wanted: BuyerChoice['notices']): boolean {
  if (wanted === undefined) return false;
  return wanted === 'given-up'
    ? state === 'undeliverable'
    : audience === 'buyer' && ['told', 'undeliverable', 'waiting'].includes(state);
}

/** The entry, or why it cannot be read: as in a table, entries of other versions are unreadable. */
function filed(entry: SealedEntry): Filed {
  const { contract, format }: { contract: string; format: number } = entry;
  if (format === FORMAT) return { kind: 'entry', entry: copyOf(entry) };
  const key = entryKey(entry.entry);
  const problem = `entry ${key} of ${contract} has format ${format}, this version of License Watcher reads ${FORMAT}`;
  return {
    kind: 'unreadable',
    contract,
    key,
    problem,
    stored: { ...copyOf(entry), entry: key },
  };
}

/** The outline of a filed entry. */
function outlined(item: Filed): Outlined {
  if (item.kind === 'unreadable') return item;
  if (item.kind === 'fact') throw new Error('a fact has no outline');
  return { kind: 'outline', outline: readOutline(storeEntry(item.entry)) };
}
