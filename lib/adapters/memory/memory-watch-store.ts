import type { WatchStore } from '../../domain/ports.ts';
import { memoryBuyerBook } from './buyer-book.ts';
import { memoryContractBook } from './contract-book.ts';
import { memoryNoticeBook } from './notice-book.ts';
import { emptyShelves } from './shelves.ts';
import { memoryTickBook } from './tick-book.ts';

/** The store without a database: what the ports promise and nothing more. */
export function memoryWatchStore(): WatchStore {
  const shelves = emptyShelves();
  return {
    buyers: memoryBuyerBook(shelves),
    contracts: memoryContractBook(shelves),
    notices: memoryNoticeBook(shelves),
    ticks: memoryTickBook(shelves),
  };
}
