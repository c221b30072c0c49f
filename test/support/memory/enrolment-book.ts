import type { EnrolmentBook } from '../../../lib/domain/ports.ts';
import { enrolmentsKey } from '../../../lib/messages/stored-buyer.ts';
import type { MemoryTables } from './tables.ts';

export function memoryEnrolmentBook({
  enrolments,
}: Pick<MemoryTables, 'enrolments'>): EnrolmentBook {
  return {
    count: (step, buyerAccountId, most, now) => {
      const { record } = enrolmentsKey(step, now);
      const counted = enrolments.get(record) ?? new Set();
      enrolments.set(record, counted);
      if (counted.size < most) counted.add(buyerAccountId);
      return Promise.resolve(most > 0 && counted.has(buyerAccountId));
    },
  };
}
