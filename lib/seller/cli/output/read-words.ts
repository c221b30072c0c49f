import { PRICES } from '../../prices.ts';
import type { ReadCounts } from '../../aws/tables.ts';
import { several } from '../../../mail/dates.ts';

/** In read request units. A smaller read is not mentioned. */
const WORTH_SAYING = 100;

/** Says what a command read from the tables and what it cost; empty, if it scanned no table and read little. */
export function readWords({ calls, scans, units }: ReadCounts): string {
  if (units === 0 || (scans === 0 && units < WORTH_SAYING)) return '';
  return `Read ${several(Math.ceil(units), 'read request unit')} in ${several(calls, 'call')}: about $${money(units * PRICES.dynamoDbReadUnit)}.\n`;
}

/** Dollars as text, never `0.00` for what costs something. */
export function money(dollars: number): string {
  return dollars >= 0.01 || dollars === 0 ? dollars.toFixed(2) : Math.max(dollars, 1e-6).toFixed(6);
}
