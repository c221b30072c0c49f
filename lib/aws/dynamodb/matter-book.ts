import { matterId, type MatterStep } from '../../domain/agreement/matter.ts';
import type { MatterBook } from '../../domain/ports.ts';
import { DAY, epochMilliseconds } from '../../domain/time.ts';
import { readMatter, storeMatter } from '../../messages/stored-matter.ts';
import { AGREEMENTS } from '../../messages/names.ts';
import type { WatchKey } from './keys.ts';
import { allEqual, dueItems, get, onlyIf, type Tables, transact } from './table-access.ts';

/** Long after the last event of it can be late. */
const KEPT = 400 * DAY;

export function dynamoDbMatterBook(tables: Tables): MatterBook {
  return {
    find: async (id) => {
      const stored = await get(tables, tables.watch, keyOf(id));
      return stored && readMatter(stored);
    },

    put: (kept, previous) => {
      const id = matterId(kept.matter);
      const put = {
        TableName: tables.watch,
        Item: {
          ...keyOf(id),
          ...storeMatter(kept),
          ...(kept.step !== null && { due: dueKey(kept.step), notBefore: kept.stepSince }),
          expiresAt: Math.floor((epochMilliseconds(kept.foundAt) + KEPT) / 1_000),
        },
        ...onlyIf(allEqual({ revision: previous?.revision }, 'was')),
      };
      return transact(tables, [{ Put: put }], `writing ${id} of agreements`);
    },

    async *waiting(step) {
      for await (const row of dueItems(tables, dueKey(step))) yield readMatter(row);
    },
  };
}

/** Beside how far the reading of agreements has come: there are few of them. */
function keyOf(id: string): WatchKey {
  return { buyer: AGREEMENTS, record: id };
}

/** Of the index of what is due; no notice and no agreement has such a key. */
function dueKey(step: MatterStep): string {
  return `due#matter#${step}`;
}
