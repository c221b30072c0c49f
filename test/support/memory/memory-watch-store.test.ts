import { describe } from 'vitest';
import { memoryReading } from './memory-reading.ts';
import { memoryWatchStore } from './memory-watch-store.ts';
import { archiveContract } from '../../ports/archive.contract.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';
import { emptyTables } from './tables.ts';

describe('the store in memory', () => {
  watchStoreContract(() => Promise.resolve(memoryWatchStore()));

  archiveContract(() => {
    const tables = emptyTables();
    return Promise.resolve({ store: memoryWatchStore(tables), ...memoryReading(tables) });
  });
});
