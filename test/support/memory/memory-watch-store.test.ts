import { describe } from 'vitest';
import { memoryReading } from './memory-reading.ts';
import { memoryWatchStore } from './memory-watch-store.ts';
import { archiveContract } from '../../ports/archive.contract.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';
import { emptyShelves } from './shelves.ts';

describe('the store in memory', () => {
  watchStoreContract(() => Promise.resolve(memoryWatchStore()));

  archiveContract(() => {
    const shelves = emptyShelves();
    return Promise.resolve({ store: memoryWatchStore(shelves), ...memoryReading(shelves) });
  });
});
