import { describe } from 'vitest';
import { memoryReading } from '../../../lib/adapters/memory/memory-reading.ts';
import { memoryWatchStore } from '../../../lib/adapters/memory/memory-watch-store.ts';
import { archiveContract } from '../../ports/archive.contract.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';
import { emptyShelves } from '../../../lib/adapters/memory/shelves.ts';

describe('the store in memory', () => {
  watchStoreContract(() => Promise.resolve(memoryWatchStore()));

  archiveContract(() => {
    const shelves = emptyShelves();
    return Promise.resolve({ store: memoryWatchStore(shelves), ...memoryReading(shelves) });
  });
});
