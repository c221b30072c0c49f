import { describe } from 'vitest';
import { memoryWatchStore } from '../../../lib/adapters/memory/memory-watch-store.ts';
import { watchStoreContract } from '../../ports/watch-store.contract.ts';

describe('the store in memory', () => {
  watchStoreContract(() => Promise.resolve(memoryWatchStore()));
});
