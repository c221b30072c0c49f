import type { ContractBook } from '../../../lib/domain/ports.ts';
import { confirmed } from '../../../lib/domain/notice/notices.ts';
import { assertRecordable } from '../../../lib/aws/record-checks.ts';
import { isPending, noticeId, type MemoryTables } from './tables.ts';

export function memoryContractBook({
  heads,
  entries,
  notices,
  unrecorded,
}: MemoryTables): ContractBook {
  return {
    head: (contract) => Promise.resolve(structuredClone(heads.get(contract))),

    // Not async: the whole happens in one turn, as a transaction would.
    record: (decision, entry, head, previous) => {
      assertRecordable(decision, entry, head, previous);
      const { contract } = head;
      const current = heads.get(contract);
      if (current?.revision !== previous?.revision || current?.entries !== previous?.entries) {
        return Promise.resolve(false);
      }
      heads.set(contract, structuredClone(head));
      if (entry !== null)
        entries.set(contract, [...(entries.get(contract) ?? []), structuredClone(entry)]);
      for (const notice of decision.notices) notices.set(noticeId(notice), structuredClone(notice));
      for (const key of decision.withdrawn) {
        const notice = notices.get(noticeId(key));
        if (notice === undefined || !(isPending(notice) || notice.state === 'settling')) continue;
        notices.set(noticeId(key), { ...notice, state: 'withdrawn', reason: decision.reason });
      }
      for (const key of decision.released) {
        const notice = notices.get(noticeId(key));
        if (notice?.state === 'settling') notices.set(noticeId(key), confirmed(notice));
      }
      return Promise.resolve(true);
    },

    confirm: (contract, at, previousEntries) => {
      const head = heads.get(contract);
      if (head?.entries !== previousEntries) return Promise.resolve(false);
      heads.set(contract, { ...head, lastConfirmed: at });
      return Promise.resolve(true);
    },

    failed: (contract, { cause, detail }, at) => {
      unrecorded.set(contract, {
        contract,
        cause,
        detail,
        since: unrecorded.get(contract)?.since ?? at,
      });
      return Promise.resolve();
    },

    worksAgain: (contract) => Promise.resolve(unrecorded.delete(contract)),

    async *entries(contract, { newestFirst = false, from } = {}) {
      const all = entries.get(contract) ?? [];
      const chosen = newestFirst
        ? all.filter(({ entry }) => from === undefined || entry <= from).reverse()
        : all.filter(({ entry }) => from === undefined || entry >= from);
      yield* await Promise.resolve(structuredClone(chosen));
    },

    entry: (contract, entry) =>
      Promise.resolve(structuredClone(entries.get(contract)?.[entry - 1])),
  };
}
