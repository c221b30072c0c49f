import type { WatchStore } from '../../../lib/domain/ports.ts';
import { memoryBuyerBook } from './buyer-book.ts';
import { memoryContractBook } from './contract-book.ts';
import { memoryEnrolmentBook } from './enrolment-book.ts';
import { memoryNoticeBook } from './notice-book.ts';
import { emptyShelves, type Shelves } from './shelves.ts';
import { memoryTickBook } from './tick-book.ts';

/** The store without a database: what the ports promise and nothing more. */
export function memoryWatchStore(shelves: Shelves = emptyShelves()): WatchStore {
  return {
    buyers: memoryBuyerBook(shelves),
    contracts: memoryContractBook(shelves),
    notices: memoryNoticeBook(shelves),
    ticks: memoryTickBook(shelves),
    enrolments: memoryEnrolmentBook(shelves),
  };
}
