import type { WatchStore } from '../../../lib/domain/ports.ts';
import { memoryBuyerBook } from './buyer-book.ts';
import { memoryContractBook } from './contract-book.ts';
import { memoryEnrolmentBook } from './enrolment-book.ts';
import { memoryNoticeBook } from './notice-book.ts';
import { emptyTables, type MemoryTables } from './tables.ts';
import { memoryTickBook } from './tick-book.ts';

/** The store without a database: what the ports promise and nothing more. */
export function memoryWatchStore(tables: MemoryTables = emptyTables()): WatchStore {
  return {
    buyers: memoryBuyerBook(tables),
    contracts: memoryContractBook(tables),
    notices: memoryNoticeBook(tables),
    ticks: memoryTickBook(tables),
    enrolments: memoryEnrolmentBook(tables),
  };
}
