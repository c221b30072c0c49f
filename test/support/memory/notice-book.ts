import type { Notice } from '../../../lib/domain/notice/notice.ts';
import type { NoticeBook } from '../../../lib/domain/ports.ts';
import { isPending, noticeId, type MemoryTables } from './tables.ts';

export function memoryNoticeBook({ notices, facts }: MemoryTables): NoticeBook {
  return {
    find: (key) => Promise.resolve(structuredClone(notices.get(noticeId(key)))),

    pending: (contract) =>
      Promise.resolve(
        chosen((notice) => notice.contract === contract && isPending(notice)).sort(
          (a, b) => a.entry - b.entry,
        ),
      ),

    async *due(audience, now) {
      const due = chosen(
        (notice) => notice.audience === audience && isPending(notice) && notice.notBefore <= now,
      );
      yield* await Promise.resolve(due.sort((a, b) => (a.notBefore < b.notBefore ? -1 : 1)));
    },

    settle: (notice, next, fact, born = null) => {
      const id = noticeId(notice);
      const current = notices.get(id);
      if (current?.state !== notice.state || current.notBefore !== notice.notBefore)
        return Promise.resolve(false);
      if (fact !== null && facts.has(noticeId(fact))) return Promise.resolve(false);
      if (born !== null && notices.has(noticeId(born))) return Promise.resolve(false);
      notices.set(id, {
        ...current,
        state: next.state,
        notBefore: next.notBefore,
        reason: next.reason,
      });
      if (fact !== null) facts.set(noticeId(fact), structuredClone(fact));
      if (born !== null) notices.set(noticeId(born), structuredClone(born));
      return Promise.resolve(true);
    },

    fact: (key) => Promise.resolve(structuredClone(facts.get(noticeId(key)))),
  };

  function chosen(wanted: (notice: Notice) => boolean): Notice[] {
    return structuredClone([...notices.values()].filter(wanted));
  }
}
